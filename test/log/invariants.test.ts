import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, type Client } from "../../src/log/connect.ts";
import { openLog, type Log } from "../../src/log/open-log.ts";
import { freshDatabase, type Database } from "../fixtures/fresh-database.ts";
import { batchOf, eventRow, tripRow } from "../fixtures/rows.ts";
import type { EventRow } from "../../src/domain/row.ts";
import type { MarketLog } from "../../src/log/log.ts";

let database: Database;
let sql: Client;
let log: Log;
let market: MarketLog;
beforeEach(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 1 });
  log = await openLog({ url: database.url });
  market = (await log.take([{ key: "m", name: "M" }]))[0] as MarketLog;
});
afterEach(async () => {
  await log.close();
  await sql.close();
  await database.drop();
});

const sound = { I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 };
const fare = (amount: number, currency = "TJS") => ({ fare: { amount, currency } });
/** Rows of trips, positions given in order. */
const append = (...rows: Partial<EventRow>[]) =>
  market.append(batchOf(rows.map((row, i) => eventRow(market, { ...row, position: i + 1, turn: i + 1 }))));
const took = (driverId: string) => ({ assignment: { driverId } });

test("E28: given a sound log of two trips of one driver, when checked, then every law has 0 breaks", async () => {
  await append(
    { changes: fare(100), toState: "requested.searching" },
    { seq: 2, toState: "accepted", changes: took("d") },
    { seq: 3, fromState: "accepted", toState: "completed" },
    { actorId: "trip-2", changes: fare(0, "USD"), commandId: "1:a", commandHash: 0 },
    { actorId: "trip-2", seq: 2, toState: "accepted", changes: took("d") },
    {
      actorId: "trip-2",
      seq: 3,
      fromState: "accepted",
      toState: "requested.searching",
      changes: { assignment: null },
    },
    { actorId: "trip-2", seq: 4, toState: "accepted", changes: took("d") },
  );
  const live = tripRow({ id: "trip-2", status: "accepted", driverId: "d" });
  const eighth = eventRow(market, { position: 8, actorId: "trip-3" });
  await market.append(batchOf([eighth], { lists: [live], claimed: [{ driverId: "d", tripId: "trip-2" }] }));
  expect(await log.history.invariants()).toEqual(sound);
});

test("E28: given a driver who got a second trip before the first ended, when checked, then I1 is broken", async () => {
  await append(
    {},
    { seq: 2, toState: "accepted", changes: took("d") },
    { actorId: "trip-2" },
    { actorId: "trip-2", seq: 2, toState: "accepted", changes: took("d") },
  );
  expect(await log.history.invariants()).toEqual({ ...sound, I1: 1 });
});

test("E28: given an assigned trip without its claim and a claim without its trip, when checked, then I1 counts both", async () => {
  await market.append(
    batchOf([eventRow(market)], {
      lists: [tripRow({ status: "arrived", driverId: "d" })],
      claimed: [{ driverId: "d", tripId: "other" }],
    }),
  );
  expect(await log.history.invariants()).toEqual({ ...sound, I1: 2 });
});

test.each<[string, keyof typeof sound, number, Partial<EventRow>[]]>([
  ["a hole in a seq", "I2", 1, [{}, { seq: 3 }]],
  ["a row that begins where its actor was not", "I2", 1, [{}, { seq: 2, fromState: "arrived" }]],
  ["an epoch that falls", "I2", 1, [{ epoch: 9 }, { actorId: "trip-2", epoch: 8 }]],
  [
    "a row after the end",
    "I3",
    1,
    [{ toState: "completed" }, { seq: 2, fromState: "completed", toState: "completed" }],
  ],
  ["a negative fare", "I7", 1, [{ changes: fare(-1) }]],
  ["a currency that changes", "I7", 1, [{ changes: fare(5) }, { seq: 2, changes: fare(5, "USD") }]],
])("E28: given %s, when checked, then %s is broken", async (_, law, breaks, rows) => {
  await append(...rows);
  expect(await log.history.invariants()).toEqual({ ...sound, [law]: breaks });
});

test("E28: given a command in two markets and a row that is missing, when checked, then I4 and I2 are broken", async () => {
  await append({ commandId: "1:a", commandHash: 0 }, { actorId: "trip-2" }, { actorId: "trip-3" });
  await sql.run((s) => s`delete from event where position = 2`);
  await sql.run((s) => s`insert into market (id, key, name, position) values (9, 'other', '', 1)`);
  await sql.run(
    (s) => s`
    insert into event (market, position, turn, at, seq, epoch, actor_kind, actor_id, type, to_state, machine, command_id, command_hash, body, changes, effects)
    select 9, position, turn, at, seq, epoch, actor_kind, actor_id, type, to_state, machine, command_id, command_hash, body, changes, effects
    from event where position = 1`,
  );
  expect(await log.history.invariants()).toEqual({ ...sound, I2: 1, I4: 1 });
});
