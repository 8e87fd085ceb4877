import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorRow, AT, batchOf, eventRow } from "../fixtures/rows.ts";
import { type TestLog, bothLogs } from "./both-logs.ts";
import type { Log } from "../../src/log/open-log.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { ms } from "../../src/domain/time.ts";

describe.each(bothLogs)("recovery %s", (_, open) => {
  let opened: TestLog;
  let log: Log;
  let owned: readonly MarketLog[];
  let market: MarketLog;
  let markets = 0;

  beforeAll(async () => {
    opened = await open();
    ({ log } = opened);
    owned = await log.take(Array.from({ length: 12 }, (_, i) => ({ key: `m${i}`, name: `M ${i}` })));
  });
  beforeEach(() => {
    market = owned[markets++] as MarketLog;
  });
  afterAll(() => opened.close());

  /** `count` trips, one row each. */
  const appendTrips = (count: number, from = 0) =>
    market.append(
      batchOf(
        Array.from({ length: count }, (_, i) =>
          eventRow(market, {
            position: from + i + 1,
            actorId: `t${from + i + 1}`,
            commandId: `day:${String(from + i).padStart(5, "0")}`,
            commandHash: 0,
          }),
        ),
      ),
    );

  test("E18: given a checkpoint, when recovering, then live actors, others with later rows, and the rows after it in order", async () => {
    await appendTrips(4);
    const t1 = actorRow(market, { id: "t1" });
    const t2 = actorRow(market, { id: "t2", live: false, value: "cancelled" });
    const t3 = actorRow(market, { id: "t3", live: false, value: "cancelled" });
    expect(await market.checkpoint({ position: 4, aliveAt: ms(AT + 9), actors: [t1, t2, t3] })).toBe(true);
    const later = [
      eventRow(market, { position: 5, actorId: "t2", seq: 2 }),
      eventRow(market, { position: 6, actorId: "t1", seq: 2 }),
    ];
    await market.append(batchOf(later));
    expect(await market.recover()).toEqual({ checkpoint: 4, actors: [t1, t2], tail: later, lost: [] });
  });

  test("E18: given more rows than a page, when recovering, then all rows and live actors come", async () => {
    for (let from = 0; from < 4_500; from += 500) await appendTrips(500, from);
    const actors = Array.from({ length: 4_500 }, (_, i) => actorRow(market, { id: `t${i + 1}` }));
    await market.checkpoint({ position: 300, aliveAt: AT, actors });
    const recovered = await market.recover();
    expect(recovered.tail.map((row) => row.position)).toEqual(
      Array.from({ length: 4_200 }, (_, i) => i + 301),
    );
    expect(new Set(recovered.actors.map((actor) => actor.id)).size).toBe(4_500);
  });

  test("E15: given a newer actor row, when an older one is written, then the newer one stays", async () => {
    await appendTrips(1);
    const newer = actorRow(market, { seq: 7, value: "accepted" });
    await market.checkpoint({ position: 1, aliveAt: AT, actors: [newer] });
    await market.checkpoint({ position: 0, aliveAt: ms(AT - 1), actors: [actorRow(market, { seq: 6 })] });
    expect(await market.actor("trip", "trip-1")).toMatchObject({ stored: newer });
    expect((await market.recover()).checkpoint).toBe(1);
    expect(await market.actor("driver", "trip-1")).toEqual({ stored: null, since: [] });
  });

  test("E15: given a market taken by another, when its old owner writes a checkpoint, then it is told no and changes nothing", async () => {
    await appendTrips(1);
    await opened.steal(market.market);
    expect(await market.checkpoint({ position: 1, aliveAt: AT, actors: [actorRow(market)] })).toBe(false);
    expect((await market.actor("trip", "trip-1")).stored).toBeNull();
    expect((await market.recover()).checkpoint).toBe(0);
  });

  test("E16: given commands of many days, when asked for the first of those from a day on, then they come with content hash, actor and seq", async () => {
    const ids = [
      "19999:passenger:z:k",
      "20000:driver:A:k",
      "20000:driver:a:k",
      "20001:admin:b:k",
      "20002:admin:b:k",
      null,
    ];
    await market.append(
      batchOf(
        ids.map((commandId, i) =>
          eventRow(market, {
            position: i + 1,
            turn: i + 1,
            actorId: `t${i}`,
            commandId,
            commandHash: commandId === null ? null : i,
          }),
        ),
      ),
    );
    const found = await market.remembered("20000", 3);
    expect(found.map((row) => row.commandId)).toEqual(ids.slice(1, 4));
    expect(found[0]).toEqual({ commandId: ids[1], commandHash: 1, kind: "trip", actorId: "t1", seq: 1 });
  });

  test("E29: given an actor's id alone, when reading its history, then its rows come in order from a seq on", async () => {
    const rows = [1, 2, 3].map((seq) =>
      eventRow(market, { position: seq, turn: seq, actorId: "told", actorKind: "driver", seq }),
    );
    const status = {
      table: "driver_status",
      id: "told",
      vehicleType: "standard",
      status: "available",
      state: "idle",
      seq: 3,
      since: AT,
      tripId: null,
      misses: 0,
    } as const;
    await market.append(batchOf(rows, { lists: [status] }));
    const [where] = await log.history.find("told");
    expect(where).toMatchObject({ market: market.market, kind: "driver", id: "told" });
    expect(await log.history.ofActor(where!)).toEqual(rows);
    expect(await log.history.ofActor(where!, 1, 1)).toEqual([rows[1]]);
    expect(await log.history.find("nobody")).toEqual([]);
  });

  test("E17: given an owner that went away, when the next one takes the market, then the epoch is higher and position and last sign of life are known", async () => {
    const only = async (of: Log) => (await of.take([{ key: "passed-on", name: "Passed on" }]))[0]!;
    const before = await only(await opened.next());
    expect(before.taken).toEqual({ epoch: 1, position: 0, lastAliveAt: null });
    await before.append(batchOf([eventRow(before)]));
    const taken = await only(await opened.next());
    expect(taken.market).toBe(before.market);
    expect(taken.taken).toEqual({ epoch: 2, position: 1, lastAliveAt: AT });
    await taken.checkpoint({ position: 1, aliveAt: ms(AT + 700), actors: [] });
    expect((await only(await opened.next())).taken.lastAliveAt).toBe(AT + 700);
  });

  test("M90: given a market that owes time, when it appends, then its last sign of life stands", async () => {
    const only = async (of: Log) => (await of.take([{ key: "owing", name: "Owing" }]))[0]!;
    const owing = await only(await opened.next());
    await owing.append(batchOf([eventRow(owing)]));
    const later = eventRow(owing, { position: 2, turn: 2, seq: 2, at: ms(AT + 900) });
    await owing.append(batchOf([later], { aliveAt: null }));
    const { taken } = await only(await opened.next());
    expect(taken).toEqual({ epoch: 2, position: 2, lastAliveAt: AT });
  });
});
