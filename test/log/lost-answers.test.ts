import { AT, actorRow, batchOf, eventRow } from "../fixtures/rows.ts";
import { type TestLog, bothLogs } from "./both-logs.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { MarketLog } from "../../src/log/log.ts";

describe.each(bothLogs)("lost answers %s", (_, open) => {
  let opened: TestLog;
  let owned: readonly MarketLog[];
  let market: MarketLog;
  let markets = 0;

  beforeAll(async () => {
    opened = await open();
    owned = await opened.log.take(Array.from({ length: 6 }, (_, i) => ({ key: `m${i}`, name: `M ${i}` })));
  });
  beforeEach(async () => {
    market = owned[markets++] as MarketLog;
    // The first append of a connection makes its statement ready, so that later ones have one answer.
    await market.append(batchOf([eventRow(market)], { claimed: [{ driverId: "d", tripId: "t" }] }));
  });
  afterAll(() => opened.close());

  const second = () =>
    batchOf([eventRow(market, { position: 2, actorId: "trip-2", commandId: "20000:d:k", commandHash: 1 })]);
  const rows = () => opened.count("event", market.market);

  test("E12, E160: given an append that is done and its answer lost, then it is committed, in once, and its key is remembered", async () => {
    opened.lose("answer");
    expect(await market.append(second())).toEqual({ is: "committed" });
    expect(await rows()).toBe(2);
    expect(await market.remembered("2", 9)).toMatchObject([{ commandId: "20000:d:k", actorId: "trip-2" }]);
    expect(await market.append(batchOf([eventRow(market, { position: 3, seq: 2 })]))).toEqual({
      is: "committed",
    });
  });

  test("E13, E160: given a refusal whose answer is lost, then it is refused, and nothing is written", async () => {
    opened.lose("answer");
    const batch = { ...second(), claimed: [{ driverId: "d", tripId: "trip-2" }] };
    expect(await market.append(batch)).toMatchObject({ is: "refused", sqlstate: "23505" });
    expect(await rows()).toBe(1);
    expect(await market.append(second())).toEqual({ is: "committed" });
  });

  test("E11, E160: given a market taken by another, when the answer to its old owner is lost, then that is fenced and wrote nothing", async () => {
    await opened.steal(market.market);
    opened.lose("answer");
    expect(await market.append(second())).toEqual({ is: "fenced" });
    expect(await rows()).toBe(1);
  });

  test("E14, E160: given an append that gets lost on its way, then it is sent again and in once", async () => {
    opened.lose("request");
    expect(await market.append(second())).toEqual({ is: "committed" });
    expect(await rows()).toBe(2);
  });

  test("E14, E160: given a database that is gone, then reads and checkpoints fail, an append waits, and all of it is well when it is back", async () => {
    opened.goAway();
    let settled = false;
    const appended = market.append(second()).finally(() => (settled = true));
    const checkpoint = { position: 1, aliveAt: AT, actors: [actorRow(market)] };
    const failed = await Promise.allSettled([
      market.checkpoint(checkpoint),
      market.actor("trip", "trip-1"),
      opened.log.history.markets(),
      opened.log.lists.trips({ status: null, driverId: null, passengerId: null, q: null }, 9, null),
    ]);
    expect(failed.map(({ status }) => status)).toEqual(failed.map(() => "rejected"));
    expect([await opened.log.ready(), settled]).toEqual([false, false]);

    opened.comeBack();
    expect(await appended).toEqual({ is: "committed" });
    expect(await rows()).toBe(2);
    await expect.poll(() => opened.log.ready(), { timeout: 10_000 }).toBe(true);
    expect(await market.checkpoint(checkpoint)).toBe(true);
    expect(await market.actor("trip", "trip-1")).toMatchObject({ stored: { id: "trip-1" } });
  });
});
