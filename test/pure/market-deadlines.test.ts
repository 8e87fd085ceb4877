import { expect, test } from "vitest";
import type { Actor } from "../../src/market/ports.ts";
import { createDeadlines } from "../../src/market/deadlines.ts";
import { fakeClock } from "../fixtures/fake-clock.ts";
import { keyOf } from "../../src/market/turn.ts";
import { meaning } from "../../src/meaning.ts";
import { ms } from "../../src/domain/time.ts";

test("E91: given 1,200 deadlines due at once, when they come, then others are heard after each 100, and all are fed once", async () => {
  const clock = fakeClock();
  const trips = Array.from({ length: 1_200 }, (_, i) => ({ kind: "trip", id: `t${i}` }) as Actor);
  const waiting = new Map(trips.map((trip) => [keyOf(trip), trip]));
  const fed: string[] = [];
  const deadlines = createDeadlines({
    clock,
    meaning: { ...meaning, due: () => ({ at: ms(5_000), event: { type: "search.due" } }) },
    now: () => ms(clock.monotonic()),
    view: (key) => waiting.get(key),
    mayFeed: () => true,
    feed: (actor) => {
      fed.push(actor.id);
      waiting.delete(keyOf(actor));
    },
    stuck: () => {},
  });
  for (const trip of trips) deadlines.arm(trip);
  const heard: number[] = [];
  clock.after(5_000, () => heard.push(fed.length));
  await clock.advance(5_000);
  expect(heard).toEqual([100]);
  expect(new Set(fed).size).toBe(1_200);
  expect(fed).toHaveLength(1_200);
});

test("M106: given ten trips whose deadlines move five thousand times, when time passes, then as many entries are looked at as a small heap has, and each trip is fed once", async () => {
  const clock = fakeClock();
  const trips = Array.from({ length: 10 }, (_, i) => ({ kind: "trip", id: `t${i}`, seq: 0 }) as Actor);
  const waiting = new Map(trips.map((trip) => [keyOf(trip), trip]));
  const fed: string[] = [];
  let looks = 0;
  const deadlines = createDeadlines({
    clock,
    meaning: { ...meaning, due: ({ seq }) => ({ at: ms(10_000 + seq), event: { type: "search.due" } }) },
    now: () => ms(clock.monotonic()),
    view: (key) => {
      looks += 1;
      return waiting.get(key);
    },
    mayFeed: () => true,
    feed: (actor) => {
      fed.push(actor.id);
      waiting.delete(keyOf(actor));
    },
    stuck: () => {},
  });
  for (let seq = 1; seq <= 5_000; seq++) {
    const moved = { ...trips[seq % 10]!, seq };
    waiting.set(keyOf(moved), moved);
    deadlines.arm(moved);
  }
  await clock.advance(9_999);
  looks = 0;
  await clock.advance(20_000);
  expect(looks).toBeLessThan(1_100);
  expect(fed.toSorted()).toEqual(trips.map(({ id }) => id));
});
