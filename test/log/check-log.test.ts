import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { judge, nothing } from "../chaos/judge.ts";
import { type Tally, openTally } from "../../bench/city/tally.ts";
import type { Belief } from "../../bench/city/people/driver.ts";

// The checker of `npm run chaos` must find what it looks for: each harm is planted once.
let town: ReplayTown;
const tables = ["event", "actor", "trip", "driver_status", "claim", "market"];

beforeAll(async () => {
  town = await replayTown();
  await liveHalfADay(town);
  // Nobody is on the way any more.
  for (const trip of [2, 3]) await town.say("admin cancels", 0, trip);
  await town.rest();
  for (const table of tables) await town.sql(`create table sound_${table} as table ${table}`);
});
beforeEach(async () => {
  for (const table of tables)
    await town.sql(`truncate ${table}; insert into ${table} select * from sound_${table}`);
});
afterAll(() => town.close());

const ack = { is: "ack", id: "k1", orderId: "t1", seq: 1, resent: false } as const;
const refused = (id: string) =>
  ({ is: "refused", id, error: { code: "illegal_now", message: "no" } }) as const;

/** What the people of a sound day remember. */
const remembered = async (): Promise<{ tally: Tally; drivers: Belief[] }> => {
  const tally = openTally();
  tally.answered("passenger:p1", ack, true);
  tally.answered("passenger:p1", refused("k2"), true);
  for (const { id: order_id, status, seq } of await town.sql("select id, status, seq from trip"))
    tally.shown({ order_id, status, seq: Number(seq) } as Parameters<Tally["shown"]>[0]);
  return { tally, drivers: [{ driverId: "d1", forHire: true, orderId: null }] };
};
type Memory = Awaited<ReturnType<typeof remembered>>;
type Kind = keyof typeof nothing;

const planted: readonly (readonly [Kind, string, (memory: Memory) => unknown])[] = [
  [
    "lost",
    "an acknowledged command without a row",
    ({ tally }) => tally.answered("passenger:p1", { ...ack, id: "k9" }, true),
  ],
  [
    "lost",
    "an acknowledged row that is another one",
    ({ tally }) => tally.answered("passenger:p1", { ...ack, seq: 2 }, true),
  ],
  [
    "doubled",
    "a second trip for one request",
    () => town.sql("update trip set passenger_id = 'p1' where id = 't2'"),
  ],
  [
    "doubled",
    "a command in two rows",
    () =>
      town.sql(`
        insert into event select 1, 1, at, null, command_hash, 1, epoch, 2, actor_kind, actor_id, type, null,
               to_state, machine, command_id, body, changes, effects
        from event where command_id like '%passenger:p1:k1';
        update market set position = 1 where id = 2`),
  ],
  [
    "gaps",
    "a row that is missing",
    () => town.sql("delete from event where actor_id = 't1' and type = 'offer.delivered'"),
  ],
  [
    "doubled",
    "a command done again on another day",
    () =>
      town.sql(`update event set command_id = '99999:passenger:p1:k1', command_hash = 1
        where actor_id = 't1' and type = 'offer.delivered'`),
  ],
  ["gaps", "an update out of order", ({ tally }) => tally.fault("an order_update out of order (I2)")],
  [
    "diverged",
    "a command that was refused and done",
    ({ tally }) => tally.answered("passenger:p1", refused("k1"), true),
  ],
  [
    "diverged",
    "an app that stayed behind",
    ({ tally }) =>
      tally.shown({ order_id: "t1", status: "in_progress", seq: 5 } as Parameters<Tally["shown"]>[0]),
  ],
  [
    "diverged",
    "a trip that no app ever showed",
    ({ tally }) => (tally.history.shown as Map<string, unknown>).delete("t2"),
  ],
  [
    "diverged",
    "an app that shows what is not",
    ({ tally }) =>
      tally.shown({ order_id: "t99", status: "completed", seq: 1 } as Parameters<Tally["shown"]>[0]),
  ],
  [
    "diverged",
    "a driver's app with an order that is over",
    ({ drivers }) => drivers.push({ driverId: "d2", forHire: true, orderId: "t2" }),
  ],
  [
    "diverged",
    "a driver's app that thinks it is off",
    ({ drivers }) => drivers.push({ driverId: "d2", forHire: false, orderId: null }),
  ],
  [
    "diverged",
    "an actor row that is not the fold of its rows",
    () => town.sql("update actor set context = context || '{\"note\": \"x\"}' where id = 't1'"),
  ],
  [
    "diverged",
    "a recorded result that its input does not give",
    () =>
      town.sql(
        "update event set changes = changes || '{\"arrivedAt\": 5}' where type = 'driver.arrived' and actor_id = 't1'",
      ),
  ],
  ["stuck", "a trip that never ends", () => town.sql("update trip set status = 'requested' where id = 't3'")],
  [
    "broken",
    "a final state that changed",
    () => town.sql("update event set from_state = 'completed' where actor_id = 't1' and type = 'complete'"),
  ],
  ["broken", "a message that was wrong", ({ tally }) => tally.fault("malformed: x")],
];

describe("judging what people were told", () => {
  test("E80: given a sound log and what its people were told, then there is nothing to find", async () => {
    const { tally, drivers } = await remembered();
    expect(await judge(town.database.url, tally, drivers)).toEqual(nothing);
  });

  test.each(planted)("E80: given %s: %s, then that is found", async (kind, _, plant) => {
    const memory = await remembered();
    await plant(memory);
    expect((await judge(town.database.url, memory.tally, memory.drivers))[kind]).not.toEqual([]);
  });

  test("E80: given an answer that leaves it open, then neither done nor not done is a finding", async () => {
    const { tally, drivers } = await remembered();
    const unknown = { is: "refused", id: "k1", error: { code: "unavailable", message: "?" } } as const;
    for (const id of ["k1", "k9"]) tally.answered("passenger:p1", { ...unknown, id }, true);
    expect(await judge(town.database.url, tally, drivers)).toEqual(nothing);
  });
});
