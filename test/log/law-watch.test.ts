import { type Breaks, NONE, atOneMoment, placesOf, step, walkFromBirth } from "../../src/log/invariants.ts";
import { type LawWatch, openLawWatch } from "../../src/log/law-watch.ts";
import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/log/connect.ts";
import { fakeClock } from "../fixtures/fake-clock.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { marketId } from "../../src/domain/ids.ts";
import { ms } from "../../src/domain/time.ts";
import { openLog } from "../../src/log/open-log.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { watchLaws } from "../../src/watch-laws.ts";

// t1 is completed by d1, t2 is under way with d2, t3 waits for the answer of d1. Somebody breaks the laws by hand.

describe("the laws of a log", () => {
  let town: ReplayTown;
  /** Has seen the sound log. */
  let watch: LawWatch;
  const schema = readFileSync(join(import.meta.dirname, "../../schema.sql"), "utf8");
  const tables = ["event", "trip", "driver_status", "claim", "market"];
  beforeAll(async () => {
    town = await replayTown();
    await liveHalfADay(town);
    await town.rest();
    for (const table of tables) await town.sql(`create table sound_${table} as table ${table}`);
    watch = openLawWatch(town.database.url);
  });
  beforeEach(async () => {
    for (const table of tables) await town.sql(`truncate ${table}`);
    await town.sql(schema);
    for (const table of tables) await town.sql(`insert into ${table} select * from sound_${table}`);
    expect((await watch.look()).breaks).toEqual(NONE);
  });
  afterAll(async () => {
    await watch.close();
    await town.close();
  });

  test.each<[string, Partial<Breaks>, string]>([
    ["an assigned trip lost its claim", { I1: 1 }, "delete from claim"],
    [
      "a driver took a second trip before the first had ended",
      { I1: 1 },
      `update event set to_state = 'in_progress' where actor_id = 't1' and to_state = 'completed';
       update event set changes = jsonb_set(changes, '{assignment,driverId}', '"d1"')
       where actor_id = 't2' and changes ? 'assignment'`,
    ],
    // The position, and the row after it in its trip.
    ["a row is gone", { I2: 2 }, "delete from event where actor_id = 't1' and seq = 3"],
    [
      "rows are beyond the position of their market",
      { I2: 1 },
      "update market set checkpoint = 0, position = position - 2 where id = 1",
    ],
    [
      "a seq is there twice",
      { I2: 2 },
      "drop index event_actor; update event set seq = 2 where actor_id = 't1' and seq = 3",
    ],
    ["the epoch falls", { I2: 1 }, "update event set epoch = 9 where position = 3"],
    [
      "an ended trip went on",
      { I2: 1, I3: 1 },
      "update event set from_state = 'completed' where actor_id = 't3' and seq = 2",
    ],
    [
      "a command was done twice",
      { I4: 1 },
      `drop index event_command;
       update event set command_id = 'x', command_hash = 1 where type = 'create' and actor_kind = 'trip' and actor_id <> 't2'`,
    ],
    [
      "a command was done in two markets",
      { I4: 1 },
      `insert into event select position, turn, at, caused_by, command_hash, seq, epoch, 2, actor_kind, actor_id, type,
         from_state, to_state, machine, command_id, body, changes, effects
       from event where position <= 2;
       update market set position = 2 where id = 2`,
    ],
    [
      "a fare is negative",
      { I7: 1 },
      `update event set body = jsonb_set(body, '{fare,amount}', '-5') where actor_id = 't1' and seq = 1`,
    ],
    [
      "a fee is negative",
      { I7: 1 },
      `update event set changes = changes || '{"cancelled": {"fee": -5}}' where actor_id = 't1' and seq = 2`,
    ],
    [
      "a currency changed",
      { I7: 1 },
      `update event set changes = changes || '{"fare": {"amount": 5, "currency": "USD"}}'
       where actor_id = 't1' and to_state = 'completed'`,
    ],
  ])("E156: given that %s, then doctor and gauge count the same", async (_, broken, sql) => {
    await town.sql(sql);
    const expected = { ...NONE, ...broken };
    expect(await town.reader.history.invariants()).toEqual(expected);
    expect((await watch.look()).breaks).toEqual(expected);
    const late = openLawWatch(town.database.url);
    expect((await late.look()).breaks).toEqual(expected);
    await late.close();
  });

  test("E156: given a step that ends after any row, when a log is read in two, then its breaks are the same", async () => {
    await town.sql(`
      delete from event where actor_id = 't1' and seq = 3;
      update event set epoch = 9 where position = 7;
      update event set to_state = 'in_progress' where actor_id = 't1' and to_state = 'completed';
      update event set changes = jsonb_set(changes, '{assignment,driverId}', '"d1"')
      where actor_id = 't2' and changes ? 'assignment'`);
    const whole = await town.reader.history.invariants();
    expect(whole).toEqual({ ...NONE, I1: 1, I2: 3 });
    const client = connect(town.database.url, { max: 1 });
    const readIn = (cut: number): Promise<Breaks> =>
      atOneMoment(client, async (sql) => {
        const [{ position }] = (await placesOf(sql)) as unknown as [{ position: number }];
        const first = await step(sql, walkFromBirth(marketId(1)), cut);
        return (await step(sql, first, position)).breaks;
      });
    for (let cut = 1; cut < 24; cut++) expect(await readIn(cut), `cut after ${cut}`).toEqual(whole);
    await client.close();
  });
});

test("E157: given a log longer than a look, then the newest rows are read first, older ones look by look, over and over, and what is mended is 0 again", async () => {
  const database = await freshDatabase();
  const log = await openLog({ url: database.url });
  const [market] = await log.take([{ key: "m", name: "M" }]);
  const town = openLawWatch(database.url);
  const client = connect(database.url, { max: 1 });
  const sql = (text: string) => client.run((s) => s.unsafe(text), ms(30_000));
  const rows = (from: number, to: number) =>
    sql(`
      insert into event (market, position, turn, at, seq, epoch, actor_kind, actor_id, type, to_state, machine, body, changes, effects)
      select ${market!.market}, n, n, n, 1, 1, 'driver', 'd' || n, 'create', 'offline', 'driver@1', '{}', '{}', '[]'
      from generate_series(${from}, ${to}) as n;
      update market set position = ${to}`);
  await rows(1, 30_000);
  await sql("delete from event where position in (5, 25000)");
  expect(await town.look()).toEqual({ breaks: { ...NONE, I2: 1 }, left: { recent: 0, older: 10_000 } });
  await rows(30_001, 36_000);
  await sql("delete from event where position = 36000");
  expect(await town.look()).toMatchObject({ breaks: { I2: 3 }, left: { recent: 0, older: 0 } });
  expect((await log.history.invariants()).I2).toBe(3);

  await sql("delete from event; update market set position = 0");
  await rows(1, 36_000);
  expect((await town.look()).breaks.I2).toBe(3);
  expect(await town.look()).toEqual({ breaks: NONE, left: { recent: 0, older: 0 } });
  for (const one of [town, client, log]) await one.close();
  await database.drop();
});

test("E159, M92: given a database that goes away, then the gauges keep what was seen and tell when; before the first look, some seconds after the start, they tell nothing", async () => {
  const database = await freshDatabase();
  const log = await openLog({ url: database.url });
  const [clock, failures] = [fakeClock(), [] as string[]];
  const laws = watchLaws(database.url, clock, (error) => failures.push(String(error)));
  await clock.advance(4_900);
  expect([laws.breaks(), laws.unread(), laws.lookedAtS()]).toEqual([{}, {}, 0]);
  await clock.advance(100);
  await clock.advance(5_000);
  await expect.poll(() => laws.lookedAtS()).toBe(clock.wall() / 1_000);
  const seen = laws.lookedAtS();
  expect([laws.breaks(), laws.unread()]).toEqual([NONE, { recent: 0, older: 0 }]);

  await log.close();
  await database.drop();
  await clock.advance(30_000);
  await expect.poll(() => failures).toHaveLength(1);
  expect([laws.breaks(), laws.lookedAtS()]).toEqual([NONE, seen]);
  await laws.stop();
});
