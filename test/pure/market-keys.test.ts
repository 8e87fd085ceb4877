import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import { type Line, ask, commandOf, driverRef, tripRef } from "../fixtures/story.ts";
import type { Market } from "../../src/market/ports.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { beforeEach, expect, test } from "vitest";
import type { Answer, Desk } from "../../src/session/desk.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { meaning } from "../../src/meaning.ts";
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

test("E90: given keys of more than a page, when the refill is through, then each is known without asking", async () => {
  const killed = await open();
  await say(killed, "online", "driver:d1:on");
  for (let i = 0; i < 2_100; i++) await say(killed, i % 2 ? "resume" : "pause", `driver:d1:k${i}`);
  const market = await open();
  await settle();
  asked = [];
  for (const i of [0, 999, 1_999, 2_000, 2_099])
    expect(await say(market, "offline", `driver:d1:k${i}`)).toMatchObject({ is: "done", repeated: true });
  expect(asked).toEqual([]);
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
