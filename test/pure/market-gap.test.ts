import { type Line, ask, commandOf, driverContext } from "../fixtures/story.ts";
import { beforeEach, expect, test } from "vitest";
import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";

/** Each is owed three rows, and an append has 500: what a gap took comes back in several. */
const TRIPS = 170;

let tables: MemoryTables;
let clock: FakeClock;
beforeEach(() => {
  [tables, clock] = [memoryTables(), fakeClock()];
});

type Append = MarketLog["append"];
const never = <T>(): Promise<T> => new Promise(() => {});

/** A process whose appends go `way`; once it is killed nothing of it gets through. `itsClock`: by default time stands while it decides. */
const start = async (way: (real: Append) => Append = (real) => real, itsClock: Clock = clock) => {
  const log = memoryLog(tables);
  const append = way(log.append.bind(log));
  let killed = false;
  const market = await openMarket({
    log: {
      ...log,
      append: (batch) => (killed ? never() : append(batch)),
      checkpoint: (checkpoint) => (killed ? never() : log.checkpoint(checkpoint)),
    },
    clock: itsClock,
    meaning,
    committed: () => {},
    appended: () => {},
    fenced: () => {},
    alarm: () => {},
  });
  market.start();
  return { market, kill: () => (killed = true) };
};
type Process = Awaited<ReturnType<typeof start>>;

const say = ({ market }: Process, verb: Line["verb"], n: number) =>
  ask(market, commandOf({ verb, driver: n, trip: n }, market, null)!);
const withOffers = async (process: Process): Promise<void> => {
  for (let n = 1; n <= TRIPS; n++) {
    for (const verb of ["online", "create", "offer"] as const) await say(process, verb, n);
  }
};
/** What every search was given, milliseconds, each value once; and the misses of all drivers. */
const given = ({ market }: Process) => {
  const byTrip = new Map<string, number>();
  for (const { type, actorId, body } of tables.rows)
    if (type === "search.extended")
      byTrip.set(actorId, (byTrip.get(actorId) ?? 0) + (body["byMs"] as number));
  const misses = [...market.all("driver")].map((driver) => driverContext(driver).misses);
  return { trips: byTrip.size, ms: [...new Set(byTrip.values())], misses: Math.max(...misses) };
};
const lapsed = () => tables.rows.filter(({ type }) => type === "offer.lapsed").length;

test("M90: given a market that was away, when it is killed before all rows that give the time back are in the log, then the next gives each search the rest, once", async () => {
  const first = await start();
  await withOffers(first);
  first.kill();
  await clock.advance(5_000);

  let appends = 0;
  const second = await start((real) => (batch) => (++appends > 1 ? never() : real(batch)));
  await settle();
  const before = given(second).trips;
  expect([before > 0, before < TRIPS]).toEqual([true, true]);
  await clock.advance(1_500);
  second.kill();
  await clock.advance(1_500);

  const third = await start();
  await clock.advance(1_000);
  expect(given(third)).toEqual({ trips: TRIPS, ms: [8_000], misses: 0 });
  expect(lapsed()).toBe(TRIPS);
});

test("M90: given a clock that goes on while the rows are decided, when a market is killed before all of them are in the log, then the next gives each search the rest all the same", async () => {
  const first = await start();
  await withOffers(first);
  first.kill();
  await clock.advance(5_000);

  let readings = 0;
  const goesOn: Clock = {
    after: clock.after,
    monotonic: () => clock.monotonic() + ++readings / 10,
    wall: () => clock.wall() + readings / 10,
  };
  let appends = 0;
  const second = await start((real) => (batch) => (++appends > 1 ? never() : real(batch)), goesOn);
  await settle();
  await clock.advance(1_500); // checkpoints go on
  second.kill();
  await clock.advance(1_500);

  const third = await start();
  await clock.advance(1_000);
  const { trips, ms, misses } = given(third);
  expect({ trips, misses, least: Math.min(...ms) >= 7_500 }).toEqual({
    trips: TRIPS,
    misses: 0,
    least: true,
  });
  expect(lapsed()).toBe(TRIPS);
});

test("M90: given rows on their way that give time back, when a checkpoint gets through before the process is killed, then that was no sign of life", async () => {
  const first = await start();
  await withOffers(first);
  first.kill();
  await clock.advance(5_000);
  const second = await start(() => never);
  await clock.advance(1_500);
  second.kill();

  const third = await start();
  await clock.advance(1_000);
  expect(given(third)).toEqual({ trips: TRIPS, ms: [6_500], misses: 0 });
});

test("M90: given a commit that takes 3 s and more rows behind it than an append takes, when the process is killed after the next append, then all get that time back", async () => {
  let answer = (): void => {};
  let left = Infinity;
  const first = await start((real) => async (batch) => {
    if (left-- <= 0) return never();
    const appended = await real(batch);
    if (left === 1) await new Promise<void>((resolve) => (answer = resolve));
    return appended;
  });
  await withOffers(first);
  left = 2;
  await say(first, "online", 1_000);
  await clock.advance(2_900);
  for (let n = 1_001; n < 1_300; n++) await say(first, "online", n);
  await clock.advance(100);
  const rows = tables.rows.length;
  answer();
  await settle();
  expect(tables.rows.length).toBeGreaterThan(rows + 400);
  first.kill();
  await clock.advance(1_000);

  const second = await start();
  await clock.advance(1_000);
  expect(given(second)).toEqual({ trips: TRIPS, ms: [4_000], misses: 0 });
});

test("M90: given a process that stood still, when a checkpoint is due before it notices and it is killed then, then that was no sign of life", async () => {
  let hangs = false;
  const first = await start((real) => (batch) => (hangs ? never() : real(batch)));
  await withOffers(first);
  await clock.advance(900);
  hangs = true;
  await clock.freeze(60_000);
  first.kill();

  const second = await start();
  await clock.advance(1_000);
  expect(given(second)).toEqual({ trips: TRIPS, ms: [60_900], misses: 0 });
});
