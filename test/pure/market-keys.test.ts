import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import { type Line, ask, commandOf, driverRef, tripRef } from "../fixtures/story.ts";
import type { Market } from "../../src/market/ports.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { beforeEach, expect, test } from "vitest";
import type { Answer, Desk } from "../../src/session/desk.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { meaning } from "../../src/meaning.ts";
import { createKeyFilter } from "../../src/market/key-filter.ts";
import { createKeys, dayOf } from "../../src/market/keys.ts";
import { ms } from "../../src/domain/time.ts";
import { openMarket } from "../../src/market/market.ts";
import { unlessRepeated } from "../../src/session/ask.ts";

type Ask = MarketLog["remembered"];

let tables: MemoryTables;
let clock: FakeClock;
let asked: string[];

beforeEach(() => {
  [tables, clock, asked] = [memoryTables(), fakeClock(), []];
});

/** A market whose reads of remembered commands go through `way`; a refill asks for many, a look for one. */
const open = async (way: (real: Ask) => Ask = (real) => real): Promise<Market> => {
  const log = memoryLog(tables);
  const remembered = way(log.remembered.bind(log));
  const market = await openMarket({
    log: {
      ...log,
      remembered: (from, limit) => {
        asked.push(limit > 1 ? "all" : from.slice(from.indexOf(":") + 1));
        return remembered(from, limit);
      },
    },
    clock,
    meaning,
    committed: () => {},
    appended: () => {},
    fenced: () => {},
    alarm: () => {},
  });
  market.start();
  return market;
};
const never = <T>(): Promise<T> => new Promise(() => {});
const noRefill =
  (real: Ask): Ask =>
  (from, limit) =>
    limit > 1 ? never() : real(from, limit);
const say = (market: Market, verb: Line["verb"], key: string | null) =>
  ask(market, commandOf({ verb, driver: 1, trip: 1 }, market, key)!);

test("E90: given keys that are not in memory yet, when commands come, then a repeat of yesterday's is answered the same, other content is key_reused, and a new one is done", async () => {
  const killed = await open();
  expect(await say(killed, "create", "passenger:p1:k1")).toMatchObject({ is: "done", repeated: false });
  await clock.advance(23 * 3_600_000);

  const market = await open(noRefill);
  const repeat = commandOf({ verb: "create", driver: 1, trip: 1 }, market, "passenger:p1:k1")!;
  expect(await ask(market, repeat)).toMatchObject({ is: "done", to: tripRef(1), seq: 1, repeated: true });
  expect(await ask(market, { ...repeat, hash: 8 })).toMatchObject({ refusal: { code: "key_reused" } });
  const rows = tables.rows.length;
  expect(await say(market, "online", "driver:d1:k2")).toMatchObject({ is: "done", to: driverRef(1) });
  expect(await say(market, "online", "driver:d1:k2")).toMatchObject({ is: "done", repeated: true });
  expect(tables.rows.length).toBe(rows + 2);
});

test("E90: given two commands whose keys are not in memory yet, when the log tells the later one first, then they are judged in their order", async () => {
  await say(await open(), "online", null);
  const slow = new Map<string, () => void>();
  const market = await open((real) => async (from, limit) => {
    if (limit > 1) return never();
    await new Promise<void>((resolve) => slow.set(from, resolve));
    return real(from, limit);
  });
  const told: string[] = [];
  const tell = (verb: Line["verb"], key: string) =>
    market.submit(commandOf({ verb, driver: 1, trip: 1 }, market, key)!, ({ is }) =>
      told.push(`${verb} ${is}`),
    );
  tell("pause", "driver:d1:first");
  tell("resume", "driver:d1:second");
  await settle();
  for (const key of ["second", "first"]) {
    for (const [from, answer] of slow) if (from.endsWith(key)) answer();
    await settle();
  }
  expect(told).toEqual(["pause done", "resume done"]);
});

test("E90: given a log that does not answer, when a key is not in memory yet, then unavailable and nothing is written; once it answers, all keys are in memory and it is asked no more", async () => {
  let down = true;
  const market = await open(
    (real) => (from, limit) => (down ? Promise.reject(new Error("gone")) : real(from, limit)),
  );
  expect(await say(market, "online", "driver:d1:k1")).toMatchObject({ refusal: { code: "unavailable" } });
  expect(tables.rows).toEqual([]);
  down = false;
  await clock.advance(2_000);
  asked = [];
  expect(await say(market, "online", "driver:d1:k1")).toMatchObject({ is: "done", repeated: false });
  expect(asked).toEqual([]);
});

test("E90, M91: given keys of more than a page, when the market starts, then the second page comes after a pause; once they are through each is told the same again, and new ones are not asked about", async () => {
  const killed = await open();
  await say(killed, "online", "driver:d1:on");
  for (let i = 0; i < 2_100; i++) await say(killed, i % 2 ? "resume" : "pause", `driver:d1:k${i}`);
  asked = [];
  const market = await open();
  await settle();
  expect(asked).toEqual(["all"]);
  await clock.advance(50);
  expect(asked).toEqual(["all", "all"]);
  asked = [];
  for (const i of [2_100, 2_101]) await say(market, i % 2 ? "resume" : "pause", `driver:d1:k${i}`);
  expect(asked).toEqual([]);
  for (const i of [0, 999, 1_999, 2_000, 2_099, 2_101])
    expect(await say(market, "offline", `driver:d1:k${i}`)).toMatchObject({ is: "done", repeated: true });
});

test("E90: given keys that are not in memory yet, when a person repeats a message, then it is told as the first, and a new one goes on", async () => {
  await say(await open(), "create", "passenger:p1:k1");
  const market = await open(noRefill);
  const desk = { places: [{ market }] } as unknown as Desk;
  const who = (key: string | null) => ({ identity: { sub: "p1", role: "passenger" as const }, key });
  const told: (Answer | "new")[] = [];
  const judge = (key: string | null) =>
    unlessRepeated(
      desk,
      who(key) as never,
      {},
      (answer) => told.push(answer),
      () => told.push("new"),
    );
  judge("k1");
  await settle();
  judge("k2");
  await settle();
  judge(null);
  expect(told).toMatchObject([{ is: "refused", refusal: { code: "key_reused" } }, "new", "new"]);
});

/** More keys than a market remembers in full. */
const useMany = async (market: Market): Promise<void> => {
  const use = (i: number) => say(market, i % 2 ? "resume" : "pause", `driver:d1:k${i}`);
  await Promise.all(Array.from({ length: 5_000 }, (_, i) => use(i)));
  await use(5_000);
};

test("M104: given more keys than are remembered in full, when an old one comes again, then the log is asked: the same is told the same, other content is key_reused, and nothing is written", async () => {
  const market = await open();
  await say(market, "online", "driver:d1:on");
  await useMany(market);
  asked = [];
  const again = commandOf({ verb: "online", driver: 1, trip: 1 }, market, "driver:d1:on")!;
  expect(await ask(market, again)).toMatchObject({ is: "done", to: driverRef(1), seq: 2, repeated: true });
  expect(asked).toEqual(["driver:d1:on", "driver:d1:on"]);
  expect(await ask(market, { ...again, hash: 8 })).toMatchObject({ refusal: { code: "key_reused" } });
  expect(await say(market, "resume", "driver:d1:k5000")).toMatchObject({ repeated: true });
  expect(asked).toHaveLength(2);
  expect(tables.rows).toHaveLength(5_003);
});

test("M104: given a key of one market, when that forgets it while another asks its log, then a repeat is told as the first all the same", async () => {
  const market = await open();
  await say(market, "online", "driver:d1:on");
  tables = memoryTables();
  let answer = () => {};
  const slow = new Promise<void>((resolve) => (answer = resolve));
  const other = await open(
    (real) => (from, limit) => (limit > 1 ? never() : slow.then(() => real(from, limit))),
  );
  const desk = { places: [{ market }, { market: other }] } as unknown as Desk;
  const who = { identity: { sub: "d1", role: "driver" as const }, key: "on" };
  const told: (Answer | "new")[] = [];
  unlessRepeated(
    desk,
    who as never,
    {},
    (said) => told.push(said),
    () => told.push("new"),
  );
  await useMany(market);
  expect(told).toEqual([]);
  answer();
  await settle();
  expect(told).toMatchObject([{ is: "refused", refusal: { code: "key_reused" } }]);
});

test("M104: given keys that the log does not have yet, when there are more than are remembered in full, then none is forgotten until it has them", () => {
  let committed = 0;
  const log = memoryLog(tables);
  const keys = createKeys({ log, clock, now: () => ms(clock.wall()), committed: () => committed });
  const use = (i: number) =>
    keys.set(`k${i}`, { day: dayOf(ms(clock.wall())), hash: i, to: driverRef(1), seq: i, position: i });
  const known = (...which: number[]) => which.map((i) => keys.get(`k${i}`)?.seq);
  for (let i = 1; i <= 6_000; i++) use(i);
  committed = 2_499;
  use(6_001);
  expect(known(1, 2_500, 6_001)).toEqual([1, 2_500, 6_001]);
  committed = 2_500;
  use(6_002);
  expect(known(1, 2_500, 2_501, 6_002)).toEqual([undefined, undefined, 2_501, 6_002]);
});

test("M104: given a hundred thousand keys, when the filter is asked, then it misses none of them, and takes less than one new key in a thousand for a used one", () => {
  const filter = createKeyFilter();
  const key = (i: number) => `passenger:p${i % 1_000}:${i}`;
  for (let i = 0; i < 100_000; i++) filter.add(key(i));
  const had = (from: number) =>
    Array.from({ length: 100_000 }, (_, i) => filter.mayHave(key(from + i))).filter(Boolean).length;
  expect(had(0)).toBe(100_000);
  expect(had(100_000)).toBeLessThan(100);
});

test("M105: given a key that the log is asked about, when new ones come behind it, then they are judged after it; a log that stays silent holds them back for a second", async () => {
  await say(await open(), "online", "driver:d1:on");
  let answers: (() => void)[] = [];
  const market = await open((real) => async (from, limit) => {
    if (limit === 1) await new Promise<void>((resolve) => answers.push(resolve));
    return real(from, limit);
  });
  await settle();
  const told: string[] = [];
  const tell = (verb: Line["verb"], key: string) =>
    market.submit(commandOf({ verb, driver: 1, trip: 1 }, market, key)!, (outcome) =>
      told.push(`${verb} ${outcome.is === "refused" ? outcome.refusal.code : outcome.is}`),
    );
  tell("online", "driver:d1:on");
  tell("pause", "driver:d1:first");
  await clock.advance(900);
  expect(told).toEqual([]);
  await clock.advance(200);
  expect(told).toEqual(["online unavailable", "pause done"]);

  answers = [];
  tell("online", "driver:d1:on");
  tell("resume", "driver:d1:second");
  await settle();
  for (const answer of answers) answer();
  await settle();
  expect(told.slice(2)).toEqual(["online done", "resume done"]);
});

test("M105: given 20,000 who wait for what the log remembers, when one more comes, then unavailable", async () => {
  const market = await open(() => never);
  const told: string[] = [];
  const asks = Array.from({ length: 20_000 }, (_, i) => market.recall(`driver:d1:k${i}`)!);
  for (const one of asks) one.catch(() => {});
  market.submit(commandOf({ verb: "online", driver: 1, trip: 1 }, market, "driver:d1:on")!, (outcome) =>
    told.push(outcome.is === "refused" ? outcome.refusal.code : outcome.is),
  );
  await settle();
  expect(told).toEqual(["unavailable"]);
});
