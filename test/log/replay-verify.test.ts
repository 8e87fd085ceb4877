import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { marketId } from "../../src/domain/ids.ts";
import { meaning } from "../../src/meaning.ts";
import { replay } from "../../src/replay/replay.ts";
import { verifyMarket } from "../../src/replay/verify-market.ts";

let town: ReplayTown;
const tables = ["event", "actor", "trip", "driver_status", "claim", "market"];
const verify = () => verifyMarket(town.reader.history, meaning, marketId(1));

beforeAll(async () => {
  town = await replayTown();
  await liveHalfADay(town);
  // So many that the first ended trips are compared and forgotten on the way.
  const cancelled = Array.from({ length: 1_200 }, (_, i) => 1_000 + i);
  for (const verb of ["create", "admin cancels"] as const)
    await Promise.all(cancelled.map((trip) => town.say(verb, 0, trip)));
  await town.rest();
  for (const table of tables) await town.sql(`create table sound_${table} as table ${table}`);
});
beforeEach(async () => {
  for (const table of tables)
    await town.sql(`truncate ${table}; insert into ${table} select * from sound_${table}`);
});
afterAll(() => town.close());

const lastOf = "(select max(seq) from event where actor_id = 't2')";
/** What is done to a sound log, and the row and field that must be named first. */
const tampered: readonly (readonly [rule: string, what: string, sql: string, row: RegExp, field: RegExp])[] =
  [
    [
      "E44",
      "the body of a command",
      "update event set body = body || '{\"distanceM\": 1}' where type = 'complete' and actor_id = 't1'",
      /^event \d+$/,
      /^changes\.drivenM$/,
    ],
    [
      "E44",
      "the body of an ask",
      "update event set body = body || '{\"etaS\": 9}' where type = 'offer' and actor_kind = 'driver' and actor_id = 'd2'",
      /^event \d+$/,
      /^body\.etaS$/,
    ],
    [
      "E44",
      "the body of a birth, by a field that nothing hears",
      "update event set body = body || '{\"vip\": true}' where type = 'create' and actor_id = 't2'",
      /^event \d+$/,
      /^body\.vip$/,
    ],
    [
      "E44",
      "changes",
      "update event set changes = changes || '{\"arrivedAt\": 5}' where type = 'driver.arrived'",
      /^event \d+$/,
      /^changes\.arrivedAt$/,
    ],
    [
      "E44",
      "to_state",
      "update event set to_state = 'arrived' where actor_id = 't2' and seq = 4",
      /^event \d+$/,
      /^toState$/,
    ],
    [
      "E44",
      "effects",
      "update event set effects = '[]' where type = 'offer.accepted' and actor_id = 't1'",
      /^event \d+$/,
      /^effects$/,
    ],
    [
      "E44",
      "who caused a row",
      "update event set caused_by = null where type = 'taken' and actor_id = 'd1'",
      /^event \d+$/,
      /^causedBy$/,
    ],
    [
      "E44",
      "the turn of a row",
      "update event set turn = position, caused_by = null where type = 'taken' and actor_id = 'd1'",
      /^event \d+$/,
      /^row$/,
    ],
    [
      "E44",
      "the receiver of an ask",
      "update event set actor_id = 'd9', seq = 99 where type = 'taken' and actor_id = 'd1'",
      /^event \d+$/,
      /^seq$/,
    ],
    [
      "E44",
      "a seq",
      `update event set seq = seq + 1 where actor_id = 't2' and seq = ${lastOf}`,
      /^event \d+$/,
      /^seq$/,
    ],
    [
      "E44",
      "a missing row of an ask",
      "delete from event where type = 'taken' and actor_id = 'd1'",
      /^event \d+$/,
      /^row$/,
    ],
    [
      "E44",
      "a missing turn",
      "delete from event where actor_id = 't1' and type = 'offer.delivered'",
      /^event \d+$/,
      /^position$/,
    ],
    ["E44", "an epoch that falls", "update event set epoch = 2 where position = 1", /^event \d+$/, /^epoch$/],
    [
      "E44",
      "a missing row at the end",
      "update market set position = position + 1 where id = 1",
      /^market 1$/,
      /^position$/,
    ],
    [
      "E45",
      "the fare in the body of a birth",
      "update event set body = jsonb_set(body, '{fare,amount}', '1') where type = 'create' and actor_id = 't2'",
      /^actor trip:t2$|^trip t2$/,
      /fare/i,
    ],
    [
      "E45",
      "an actor's context",
      "update actor set context = context || '{\"note\": \"x\"}' where id = 't1'",
      /^actor trip:t1$/,
      /^context\.note$/,
    ],
    [
      "E45",
      "an actor's state",
      "update actor set value = 'paused' where id = 'd1'",
      /^actor driver:d1$/,
      /^value$/,
    ],
    ["E45", "an actor's life", "update actor set live = true where id = 't1'", /^actor trip:t1$/, /^live$/],
    [
      "E45",
      "an actor behind its checkpoint",
      "update actor set seq = seq - 1 where id = 't2'",
      /^actor trip:t2$/,
      /^seq$/,
    ],
    [
      "E45",
      "an actor ahead of the log",
      "update actor set seq = seq + 1 where id = 't2'",
      /^actor trip:t2$/,
      /^seq$/,
    ],
    ["E45", "a missing actor row", "delete from actor where id = 'd2'", /^actor driver:d2$/, /^seq$/],
    [
      "E45",
      "an actor that never was",
      "insert into actor select seq, market, live, kind, 'ghost', machine, value, context from actor where id = 't1'",
      /^actor trip:ghost$/,
      /^events$/,
    ],
    [
      "E46",
      "a trip's list row",
      "update trip set status = 'completed' where id = 't2'",
      /^trip t2$/,
      /^status$/,
    ],
    [
      "E46",
      "an ended trip's list row",
      "update trip set fare_amount = 1 where id = 't1'",
      /^trip t1$/,
      /^fareAmount$/,
    ],
    [
      "E46",
      "a driver's list row",
      "update driver_status set misses = 2 where id = 'd1'",
      /^driver_status d1$/,
      /^misses$/,
    ],
    ["E46", "a missing list row", "delete from trip where id = 't3'", /^trip t3$/, /^row$/],
    ["E46", "a claim", "update claim set trip_id = 't3'", /^claim d2$/, /^trip_id$/],
    ["E46", "a missing claim", "delete from claim", /^claim d2$/, /^trip_id$/],
    ["E46", "a claim too many", "insert into claim values (1, 'd1', 't3')", /^claim d1$/, /^trip_id$/],
  ];

describe("verifying a whole market", () => {
  test("E44, E45 and E46: given a sound log, then everything is equal", async () => {
    const [{ n }] = (await town.sql("select count(*)::integer as n from event where market = 1")) as [
      { n: number },
    ];
    expect(await verify()).toEqual({ rows: n, archived: 0, replaced: 0, found: 0, first: [] });
  });

  for (const [rule, what, sql, row, field] of tampered)
    test(`${rule}: given a log with ${what} tampered with, then that is found and named`, async () => {
      await town.sql(sql);
      const { found, first } = await verify();
      expect(found).toBeGreaterThan(0);
      expect(first[0]!.row).toMatch(row);
      expect(first[0]!.field).toMatch(field);
    });

  test("E45, E46: given a trip that ended long ago, then what is kept of it is compared as well", async () => {
    await town.sql("update trip set reason = 'none' where id = 't1000'");
    await town.sql("update actor set live = true where id = 't1001'");
    await town.sql("update actor set seq = 1 where id = 't1002'");
    expect((await verify()).first.map(({ row, field }) => [row, field])).toEqual([
      ["trip t1000", "reason"],
      ["actor trip:t1001", "live"],
      ["actor trip:t1002", "seq"],
    ]);
  });

  test("E45: given a checkpoint that is late, then an actor's older row is compared at its own seq", async () => {
    await town.sql("update market set checkpoint = 0");
    await town.sql("delete from actor where id = 'd2'");
    await town.sql(
      "update actor set seq = 1, value = 'requested.searching', context = (select body || changes from event where actor_id = 't2' and seq = 1) where id = 't2'",
    );
    expect(await verify()).toMatchObject({ found: 0 });
    await town.sql("update actor set value = 'accepted' where id = 't2'");
    expect((await verify()).first).toMatchObject([{ row: "actor trip:t2", field: "value" }]);
  });
});

describe("verifying one actor", () => {
  const one = (id: string) =>
    replay(town.reader.history, meaning, id, { at: null, market: null, verify: true });

  test("E43: given a sound log, then no row of the actor and nothing kept of it differs", async () => {
    for (const id of ["t1", "t2", "t3", "d1", "d2"])
      expect((await one(id)).map(({ differences }) => differences)).toEqual([[]]);
  });

  test.each([
    [
      "update event set changes = '{}' where actor_id = 't1' and type = 'driver.arrived'",
      /^event/,
      "changes.arrivedAt",
    ],
    [
      "update actor set context = context || '{\"note\": \"x\"}' where id = 't1'",
      /^actor trip:t1$/,
      "context.note",
    ],
    ["update trip set fare_amount = 1 where id = 't1'", /^trip t1$/, "fareAmount"],
  ])("E43: given %s, then the first difference is named by row and field", async (sql, row, field) => {
    await town.sql(sql);
    const [life] = await one("t1");
    expect(life!.differences[0]).toMatchObject({ row: expect.stringMatching(row) as string, field });
  });
});
