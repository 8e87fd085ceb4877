import { describe, expect, test } from "vitest";
import { createMachine, enqueueActions, fromPromise, raise, sendTo } from "xstate";
import type { AnyStateMachine } from "xstate";
import { driverMachine } from "../../machines/driver.ts";
import { tripMachine } from "../../machines/trip.ts";
import { assertReplayable } from "../../machines/walk.ts";

const withState = (state: object, implementations: object = {}): AnyStateMachine =>
  createMachine(
    { id: "bad", context: { n: 0 }, initial: "a", states: { a: state, b: {} } } as never,
    implementations,
  );

describe("E3: only what a replay can repeat", () => {
  test.each([tripMachine, driverMachine])("$id passes the walk", (machine) => {
    expect(() => assertReplayable(machine)).not.toThrow();
  });

  test.each<[string, AnyStateMachine]>([
    ["an invoked actor", withState({ invoke: { src: fromPromise(async () => 1) } })],
    ["an actor by name", withState({}, { actors: { clock: fromPromise(async () => 1) } })],
    ["a delayed transition", withState({ after: { 1000: "b" } })],
    ["a delay by name", withState({}, { delays: { later: 1000 } })],
    ["a wildcard", withState({ on: { "*": "b" } })],
    ["a partial wildcard", withState({ on: { "offer.*": "b" } })],
    ["parallel regions", withState({ type: "parallel", states: { x: {}, y: {} } })],
    ["history", withState({ initial: "x", states: { x: {}, h: { type: "history" } } })],
    ["an inline action", withState({ on: { go: { actions: () => {} } } })],
    ["an inline entry action", withState({ entry: () => {} })],
    ["an inline guard", withState({ on: { go: { target: "b", guard: () => true } } })],
    ["a side effect by name", withState({}, { actions: { log: () => {} } })],
    ["a delayed raise", withState({}, { actions: { later: raise({ type: "x" }, { delay: 5 }) } })],
    ["a message to an actor", withState({}, { actions: { send: sendTo("x", { type: "x" }) } })],
    ["queued actions", withState({}, { actions: { all: enqueueActions(() => {}) } })],
    ["an unguarded always", withState({ always: "b" })],
    [
      "an always that leads to another",
      withState({ initial: "x", always: { guard: "ok", target: ".x" }, states: { x: {} } }),
    ],
  ])("%s is refused", (_, machine) => {
    expect(() => assertReplayable(machine)).toThrow("E3");
  });
});
