import { AT, actorRow, batchOf, driverRow, eventRow, tripRow } from "../fixtures/rows.ts";
import { type TestLog, bothLogs } from "./both-logs.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { MarketLog } from "../../src/log/log.ts";
import { ms } from "../../src/domain/time.ts";
import { tripId } from "../../src/domain/ids.ts";

describe.each(bothLogs)("history %s", (_, open) => {
  let opened: TestLog;
  let owned: readonly MarketLog[];
  let market: MarketLog;
  let markets = 0;

  beforeAll(async () => {
    opened = await open();
    owned = await opened.log.take(Array.from({ length: 8 }, (_, i) => ({ key: `m${i}`, name: `M ${i}` })));
  });
  beforeEach(() => {
    market = owned[markets++] as MarketLog;
  });
  afterAll(() => opened.close());

  const byId = <T extends { readonly id: string }>(rows: readonly T[]) =>
    rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

  test("E160: given markets, then each is told with epoch, position, checkpoint and its last sign of life, and what becomes of them", async () => {
    const told = async () => (await opened.log.history.markets()).find(({ id }) => id === market.market);
    const born = {
      id: market.market,
      key: "m0",
      name: "M 0",
      epoch: 1,
      position: 0,
      checkpoint: 0,
      aliveAt: 0,
    };
    expect(await told()).toEqual(born);
    await market.append(batchOf([eventRow(market), eventRow(market, { position: 2, seq: 2 })]));
    await market.checkpoint({ position: 1, aliveAt: ms(AT + 3), actors: [actorRow(market)] });
    expect(await told()).toEqual({ ...born, position: 2, checkpoint: 1, aliveAt: AT + 3 });
    expect((await opened.log.history.markets()).map(({ key }) => key).slice(0, 3)).toEqual([
      "m0",
      "m1",
      "m2",
    ]);
  });

  test("E160: given more rows than a page, then a market's rows come in order after a position, page by page, and any by its position", async () => {
    const { history } = opened.log;
    for (let from = 0; from < 2_500; from += 500)
      await market.append(
        batchOf(
          Array.from({ length: 500 }, (_, i) =>
            eventRow(market, { position: from + i + 1, actorId: `t${from + i + 1}` }),
          ),
        ),
      );
    const pages: number[][] = [];
    for await (const page of history.ofMarket(market.market, 100))
      pages.push(page.map(({ position }) => position));
    expect(pages.map((page) => [page.length, page[0], page.at(-1)])).toEqual([
      [2_000, 101, 2_100],
      [400, 2_101, 2_500],
    ]);
    const some = await history.at(market.market, [7, 2_400, 9_999]);
    expect(some.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual([7, 2_400]);
    const none = [];
    for await (const page of history.ofMarket(market.market, 2_500)) none.push(page);
    expect(none).toEqual([]);
  });

  test("E160: given actors, lists and claims, then each is told as it was written last, and who is live by the lists", async () => {
    const { history } = opened.log;
    const ended = tripRow({ id: "h1", status: "completed", state: "completed", seq: 4 });
    const under = tripRow({ id: "h2", status: "accepted", driverId: "d2", seq: 2, passengerId: "p2" });
    const off = driverRow({ id: "d1", status: "offline", state: "offline", seq: 9 });
    const on = driverRow({ id: "d2", status: "en_route", state: "to_pickup", tripId: "h2", seq: 3 });
    await market.append(
      batchOf([eventRow(market, { actorId: "h2" })], {
        lists: [ended, under, off, on],
        claimed: [{ driverId: "d2", tripId: "h2" }],
      }),
    );
    const stored = actorRow(market, { id: "h2" });
    await market.checkpoint({ position: 1, aliveAt: AT, actors: [stored, actorRow(market, { id: "h9" })] });

    const { market: m } = market;
    expect(
      await history.actors(m, [
        { kind: "trip", id: "h2" },
        { kind: "driver", id: "h2" },
      ]),
    ).toEqual([stored]);
    const columns = [ended, under, off, on].map((row) => {
      const { table: _, ...told } = row;
      return told;
    });
    expect(byId(await history.listed(m, "trip", ["h1", "h2", "x"]))).toMatchObject(columns.slice(0, 2));
    expect(byId(await history.listed(m, "driver", ["d1", "d2"]))).toMatchObject(columns.slice(2));
    expect(await history.trip(tripId("h2"))).toEqual({ market: m, ...columns[1] });
    expect(await history.trip(tripId("nobody"))).toBeUndefined();
    expect(await history.claims(m)).toEqual([{ driverId: "d2", tripId: "h2" }]);
    expect(byId(await history.live(m))).toEqual([
      { kind: "driver", id: "d2", seq: 3 },
      { kind: "trip", id: "h2", seq: 2 },
    ]);
    // Of all these only one has rows.
    const strangers = (await history.strangers(m)).map(({ kind, id }) => `${kind} ${id}`);
    expect(strangers.toSorted()).toEqual(["driver d1", "driver d2", "trip h1", "trip h9"]);
  });

  test("E160: given an actor in two markets, then each is found, the newest first", async () => {
    const [here, there] = [market, owned[7]!];
    for (const [log, since] of [
      [here, 5],
      [there, 9],
    ] as const)
      await log.append(
        batchOf([eventRow(log, { actorKind: "driver", actorId: "nomad" })], {
          lists: [driverRow({ id: "nomad", since: ms(since) })],
        }),
      );
    expect((await opened.log.history.find("nomad")).map((found) => found.market)).toEqual([
      there.market,
      here.market,
    ]);
  });

  test("E160: given work on one moment, when the market goes on meanwhile, then it reads what was there", async () => {
    await market.append(batchOf([eventRow(market)], { lists: [tripRow({ id: "s1", passengerId: "s" })] }));
    const read = await opened.log.history.still(async (now) => {
      const look = async () => [
        (await now.markets()).find(({ id }) => id === market.market)?.position,
        (await now.ofActor({ market: market.market, kind: "trip", id: "trip-1" })).length,
        (await now.trip(tripId("s1")))?.status,
        (await now.claims(market.market)).length,
      ];
      const first = await look();
      await market.append(
        batchOf([eventRow(market, { position: 2, seq: 2 })], {
          lists: [tripRow({ id: "s1", passengerId: "s", seq: 2, status: "accepted" })],
          claimed: [{ driverId: "s", tripId: "s1" }],
        }),
      );
      return [first, await look()];
    });
    expect(read).toEqual([
      [1, 1, "requested", 0],
      [1, 1, "requested", 0],
    ]);
    expect(await opened.log.history.claims(market.market)).toHaveLength(1);
  });

  test("E16, E160: given keys in any letters, then they are known in the order of their bytes", async () => {
    const keys = ["1:\u{1F600}", "1:a", "1:A", "1:\uFFFD", "1:ё", "0:z"];
    await market.append(
      batchOf(
        keys.map((commandId, i) =>
          eventRow(market, { position: i + 1, turn: i + 1, actorId: `k${i}`, commandId, commandHash: i }),
        ),
      ),
    );
    const known = async (from: string, limit: number) =>
      (await market.remembered(from, limit)).map(({ commandId }) => commandId);
    expect(await known("1", 9)).toEqual(["1:A", "1:a", "1:ё", "1:\uFFFD", "1:\u{1F600}"]);
    expect(await known("1:\uFFFD", 1)).toEqual(["1:\uFFFD"]);
    expect(await known("1:\u{1F600}", 9)).toEqual(["1:\u{1F600}"]);
  });
});
