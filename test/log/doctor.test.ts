import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { countBrokenBonds } from "../../src/doctor/bonds.ts";
import { examine } from "../../src/doctor/examine.ts";
import { marketId } from "../../src/domain/ids.ts";
import { meaning } from "../../src/meaning.ts";
import { ms } from "../../src/domain/time.ts";
import { openLog } from "../../src/log/open-log.ts";
import { openMarket } from "../../src/market/market.ts";
import { realClock } from "../../src/domain/time.ts";
import { countStuck, stuckBecause } from "../../src/doctor/stuck.ts";
import { actorOf } from "../../src/market/fold.ts";

// t1 is completed by d1, t2 is under way with d2, t3 waits for the answer of d1; nothing runs any more.

let town: ReplayTown;
const tables = ["event", "actor", "trip", "driver_status", "claim", "market"];
beforeAll(async () => {
  town = await replayTown();
  await liveHalfADay(town);
  await town.rest();
  for (const table of tables) await town.sql(`create table sound_${table} as table ${table}`);
});
beforeEach(async () => {
  for (const table of tables)
    await town.sql(`truncate ${table}; insert into ${table} select * from sound_${table}`);
});
afterAll(() => town.close());

const ask = () => examine(town.reader.history, meaning);
const found = async () => (await ask()).findings.map(({ kind, id, cause }) => `${kind} ${id}: ${cause}`);
const sound = { I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 };

test("E66: given a sound log whose server is down, then nobody is ill", async () => {
  expect(await ask()).toEqual({ breaks: sound, findings: [], live: { trips: 2, drivers: 2 } });
});

test("E66: given a checkpoint that is late, then actors are judged as their rows leave them", async () => {
  await town.sql("delete from actor where id in ('d1', 't3')");
  expect(await found()).toEqual([]);
});

test("E66: given trips whose deadlines passed while the market lived, then they are told with what an operator may send", async () => {
  await town.sql("update market set alive_at = alive_at + 3600000");
  const { findings } = await ask();
  expect(findings).toEqual([
    {
      market: "town",
      kind: "trip",
      id: "t2",
      gauge: "stuck_trips",
      cause: expect.stringMatching(/^pickup\.late was due \d+ m \d\d s ago$/) as string,
      legal: ["cancel_trip", "assign_driver"],
    },
    {
      market: "town",
      kind: "trip",
      id: "t3",
      gauge: "stuck_trips",
      cause: expect.stringMatching(/^receipt\.due was due 59 m \d\d s ago$/) as string,
      legal: ["assign_driver", "cancel_trip"],
    },
  ]);
});

test("E66: given a trip with an alarm, then its cause is told", async () => {
  await town.sql(`update actor set context = context || '{"alarms": ["driver_lost"]}' where id = 't2'`);
  expect(await found()).toEqual(["trip t2: its driver is lost"]);
});

test.each([
  [
    "a driver on a trip that ended",
    `update actor set context = context || '{"tripId": "t1"}' where id = 'd2'`,
    ["trip t2: its driver d2 is not on it", "driver d2: on trip t1, which has ended or never was"],
  ],
  [
    "a driver of an assigned trip who is offline",
    "update driver_status set status = 'offline' where id = 'd2'",
    ["trip t2: its driver d2 is offline"],
  ],
  [
    "a driver with an offer that is closed",
    `update actor set context = context || '{"offers": {}}' where id = 't3'`,
    [expect.stringMatching(/^driver d1: has offer \d+ of trip t3, which is not open$/)],
  ],
  ["an assigned trip without its claim", "delete from claim", ["trip t2: driver d2 has no claim to it"]],
  [
    "a claim without its trip",
    "insert into claim values (1, 'd1', 't1')",
    ["driver d1: has a claim to trip t1, which has ended or never was"],
  ],
  [
    "an actor in quarantine",
    `update actor set value = 'quarantined', context = '{"why": "row 4 is bad"}' where id = 't3'`,
    [
      "trip t3: in quarantine: row 4 is bad",
      expect.stringMatching(/^driver d1: has offer \d+ of trip t3, which is not open$/),
    ],
  ],
])("E66: given %s, then that is found", async (_, sql, expected) => {
  await town.sql(sql);
  expect(await found()).toEqual(expected);
});

test("E66: given a row that is gone, then the law is named", async () => {
  await town.sql("delete from event where actor_id = 't1' and seq = 3");
  expect((await ask()).breaks["I2"]).toBeGreaterThan(0);
});

test("E67: given a live trip, then it counts as stuck ten seconds after its deadline, not before", async () => {
  const [row] = await town.reader.history.actors(marketId(1), [{ kind: "trip", id: "t3" }]);
  const trip = actorOf(row!);
  const { at } = meaning.due(trip)!;
  expect(stuckBecause(meaning, trip, ms(at + 10_000))).toEqual([]);
  expect(stuckBecause(meaning, trip, ms(at + 10_001))).toEqual(["overdue"]);
});

test.each([
  ["is on a trip that ended", `update actor set context = context || '{"tripId": "t1"}' where id = 'd2'`],
  [
    "has an offer that is closed",
    `update actor set context = context || '{"offers": {}}' where id = 't3'; update market set alive_at = 0`,
  ],
  [
    "was lost while idle, for longer than they may",
    `update actor set value = 'idle', context = context || '{"lostAt": 1, "offer": null}' where id = 'd1'`,
  ],
])("E158: given a driver who %s, then the gauges of a server count what the doctor finds", async (_, sql) => {
  await town.sql(sql);
  const { findings } = await ask();
  const found = (gauge: string, kind: string) =>
    findings.filter((finding) => finding.gauge === gauge && finding.kind === kind).length;

  const log = await openLog({ url: town.database.url });
  const [taken] = await log.take([{ key: "town", name: "Town" }]);
  const market = await openMarket({
    log: taken!,
    clock: realClock,
    meaning,
    committed: () => {},
    appended: () => {},
    fenced: () => {},
    alarm: () => {},
  });
  const counted = [countBrokenBonds(meaning, [market]), countStuck(meaning, [market], "driver")];
  await market.close();
  await log.close();
  expect(counted).toEqual([
    { trip: found("broken_bonds", "trip"), driver: found("broken_bonds", "driver") },
    { overdue: found("stuck_drivers", "driver") },
  ]);
  expect(findings.filter(({ gauge }) => gauge !== "stuck_trips")).not.toEqual([]);
});
