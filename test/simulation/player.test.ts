import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Player, openPlayer } from "./player.ts";
import { noTotals, whyTooSlow } from "./totals.ts";
import type { Passenger } from "./passenger.ts";
import type { Tamper } from "./servers.ts";
import { checkBeliefs } from "./beliefs.ts";
import { memoryDatabase } from "../fixtures/memory-log/open-memory-log.ts";
import { readWritten } from "./written.ts";
import { simulate } from "./simulate.ts";
import { tellFailure } from "./tell-failure.ts";
import { tellStory } from "./story.ts";

/** Nobody can ask for a ride. */
const throws: Tamper = (world) => ({
  ...world,
  newId: () => {
    throw new Error("no ids are left");
  },
});
/** Time stands still from the first second on. */
const spins: Tamper = (world) => {
  const spin = (): void => void world.clock.after(0, spin);
  world.clock.after(1_000, spin);
  return world;
};
/** There is always something to do. */
const ticks: Tamper = (world) => {
  const tick = (): void => void world.clock.after(1, tick);
  tick();
  return world;
};

describe("a story that cannot be played to its end", () => {
  test.each([
    ["a server throws", throws, /^Error: no ids are left \(test\/simulation\/player\.test\.ts:\d+\)$/],
    ["no time passes", spins, /^Error: \d+ events, and no time passes/],
    ["it has no end", ticks, /^Error: \d+ events, and no end/],
  ])(
    "E150: given one in which %s, when it is played, then that is a finding, told as the shortest story",
    async (_, tamper, what) => {
      const player = { play: (story: Parameters<Player["play"]>[0]) => simulate(story, { tamper }) };
      const story = tellStory(4);
      const { findings } = await player.play(story);
      expect(findings).toEqual([{ law: "E150", what: expect.stringMatching(what), at: expect.any(Number) }]);
      const told = await tellFailure(story, findings[0]!, player);
      expect(told).toContain("BROKEN E150: Error: ");
      expect(told.split("\n").length).toBeLessThan(6);
      expect(told).toMatch(/\nnpm run simulate -- --from 4 --seeds 1$/);
    },
    60_000,
  );

  test("E150: given an app that shows a trip which nobody wrote, when it is compared with the log, then that is a finding", () => {
    const laws: string[] = [];
    const trips = new Map([["x1", { seq: 1, status: "requested" }]]);
    const believes = () => ({ orderId: "x1", seq: 1, status: "requested", connected: true });
    const passenger = { name: "passenger1", trips, believes } as unknown as Passenger;
    const everybody = { drivers: [], passengers: [passenger], operators: [] };
    checkBeliefs(readWritten(memoryDatabase()), everybody, (law) => void laws.push(law));
    expect(laws).toEqual(["I11"]);
  });
});

describe("a player", () => {
  let player: Player;
  beforeAll(() => {
    player = openPlayer();
  });
  afterAll(() => player.close());
  const story = tellStory(2);

  test.each([
    ["dies", "SIGKILL", /^the process that played it (ended with SIGKILL|had ended before)$/],
    ["hangs", "SIGSTOP", /^the process that played it had no end of it after 1 s$/],
  ] as const)(
    "E151: given one whose process %s, when it plays, then that is a finding of its story, told whole, and the next story is played",
    async (_, signal, what) => {
      const { pid, play } = player;
      expect((await play(story)).findings).toEqual([]);
      process.kill(pid(), signal);
      const { findings } = await play(story, 1_000);
      expect(findings).toEqual([{ law: "E151", what: expect.stringMatching(what), at: 0 }]);
      const told = await tellFailure(story, findings[0]!, player);
      expect(told).toContain("BROKEN E151: the process that played it");
      expect(told).toContain("npm run simulate -- --from 2 --seeds 1");
      expect((await play(story)).findings).toEqual([]);
    },
    120_000,
  );
});

test.each([
  [1_000, 499_000, /499 times faster than real on one core, not 500/],
  [1_000, 500_000, undefined],
  [999, 100_000, undefined],
])(
  "E154: given %i seeds of %i simulated seconds in 1,000 s of a core, when simulated time is judged, then it is too slow below 500 times",
  (seeds, simulatedS, why) => {
    const total = { ...noTotals(), seeds, simulatedMs: simulatedS * 1_000, cpuMs: 1_000_000 };
    if (why === undefined) expect(whyTooSlow(total)).toBeNull();
    else expect(whyTooSlow(total)).toMatch(why);
  },
);
