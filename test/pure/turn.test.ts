import type { Actor, Command, Meaning } from "../../src/market/ports.ts";
import { describe, expect, test } from "vitest";
import { emit, setup } from "xstate";
import { chartOf } from "../../src/market/chart.ts";
import { decide } from "../../src/market/turn.ts";
import { marketId } from "../../src/domain/ids.ts";
import { meaning } from "../../src/meaning.ts";
import { ms } from "../../src/domain/time.ts";

// Charts of this file misbehave on purpose.

const toSelf = (type: string) => emit({ type: "tell", to: [{ kind: "trip", id: "t1" }], event: { type } });
const naughty = setup({ types: { events: {} as { type: string } } }).createMachine({
  context: {},
  initial: "awake",
  states: {
    awake: {
      on: {
        talk: { actions: toSelf("talk") },
        clock: { actions: emit(() => ({ type: "effect", effect: Date.now() })) },
        chance: { actions: emit(() => ({ type: "effect", effect: Math.random() })) },
        work: { actions: () => {} },
      },
    },
  },
});
const strange: Meaning = {
  ...meaning,
  charts: { ...meaning.charts, trip: chartOf("trip", "naughty@1", naughty) },
  due: () => null,
  claim: () => null,
  listRow: () => ({ table: "trip" }) as never,
};
const actor: Actor = {
  kind: "trip",
  id: "t1",
  seq: 1,
  machine: "naughty@1",
  state: "awake",
  context: {},
};
const hear = (type: string) => {
  const command: Command = { to: actor, event: { type }, by: "system", key: null, hash: 0 };
  const moment = { market: marketId(1), epoch: 1, at: ms(1), position: 0, commandId: null };
  return decide(strange, (key) => (key === "trip:t1" ? actor : undefined), command, moment);
};

const failed = (rule: string) => ({ is: "failed", actor: { id: "t1" }, why: expect.stringContaining(rule) });

describe("a turn", () => {
  test("E7: given charts that talk in circles, then the turn ends with an error instead of never", () => {
    expect(hear("talk")).toMatchObject(failed("E7"));
  });
  test("E3: given a chart that asks for the clock or for chance, or acts by itself, then the turn fails and both work again", () => {
    for (const type of ["clock", "chance", "work"]) expect(hear(type)).toMatchObject(failed("E3"));
    expect(Date.now()).toBeGreaterThan(0);
    expect(Math.random()).toBeLessThan(1);
  });
});
