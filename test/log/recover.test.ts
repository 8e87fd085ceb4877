import { afterAll, beforeEach, expect, test } from "vitest";
import { connect } from "../../src/log/connect.ts";
import { openLog } from "../../src/log/open-log.ts";
import { freshDatabase } from "../fixtures/database.ts";
import { actorRow, AT, batchOf, eventRow } from "../fixtures/rows.ts";
import { ms } from "../../src/domain/time.ts";
import type { MarketLog } from "../../src/log/log.ts";

const database = await freshDatabase();
const sql = connect(database.url, { max: 1 });
const log = await openLog({ url: database.url });
const owned = await log.take(Array.from({ length: 12 }, (_, i) => ({ key: `m${i}`, name: `M ${i}` })));
let market: MarketLog;
let markets = 0;

beforeEach(() => {
  market = owned[markets++] as MarketLog;
});
afterAll(async () => {
  await log.close();
  await sql.close();
  await database.drop();
});

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
  expect(await market.recover()).toEqual({ checkpoint: 4, actors: [t1, t2], tail: later });
});

test("E18: given more rows than a page, when recovering, then all rows, live actors and command ids come", async () => {
  for (let from = 0; from < 4_500; from += 500) await appendTrips(500, from);
  const actors = Array.from({ length: 4_500 }, (_, i) => actorRow(market, { id: `t${i + 1}` }));
  await market.checkpoint({ position: 300, aliveAt: AT, actors });
  const recovered = await market.recover();
  expect(recovered.tail.map((row) => row.position)).toEqual(Array.from({ length: 4_200 }, (_, i) => i + 301));
  const commands = await market.remembered("day:00100");
  expect(new Set(commands.map((row) => row.commandId)).size).toBe(4_400);
  expect(commands).toHaveLength(4_400);
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
  await sql.run((s) => s`update market set epoch = epoch + 1 where id = ${market.market}`);
  expect(await market.checkpoint({ position: 1, aliveAt: AT, actors: [actorRow(market)] })).toBe(false);
  expect((await market.actor("trip", "trip-1")).stored).toBeNull();
  expect((await market.recover()).checkpoint).toBe(0);
});

test("E16: given commands of many days, when asked for those from a day on, then they come with content hash, actor and seq", async () => {
  const ids = ["19999:passenger:z:k", "20000:driver:A:k", "20000:driver:a:k", "20001:admin:b:k", null];
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
  const found = await market.remembered("20000");
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
