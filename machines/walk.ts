import type { AnyStateMachine, AnyStateNode } from "xstate";
import { assert } from "../src/domain/assert.ts";
import { markers } from "./markers.ts";

/**
 * Refuses a statechart that a replay could not repeat: at start, before the first event. Only plain states,
 * named guards and actions, assign, emit, undelayed raise and one-step `always` are allowed (E3).
 */
export const assertReplayable = (machine: AnyStateMachine): void => {
  const { actors, actions, delays } = machine.implementations;
  assert(Object.keys(actors).length === 0, `E3: ${machine.id} names actors`);
  assert(Object.keys(delays).length === 0, `E3: ${machine.id} names delays`);
  for (const [name, action] of Object.entries(actions))
    assert(
      isPure(name, action),
      `E3: ${machine.id}: action "${name}" is not assign, emit, raise or a marker`,
    );
  walk(machine.root);
};

const walk = (node: AnyStateNode): void => {
  const allowed = (ok: boolean, what: string) => assert(ok, `E3: ${node.id}: ${what}`);
  allowed(node.type !== "parallel" && node.type !== "history", `${node.type} states are not allowed`);
  allowed(node.invoke.length === 0, "invoke is not allowed");
  allowed(node.after.length === 0, "after is not allowed: deadlines are data");
  for (const action of [...node.entry, ...node.exit]) allowed(isNamed(action), "an inline action");
  for (const [type, transitions] of node.transitions) {
    allowed(!type.includes("*"), "wildcards are not allowed");
    allowed(!type.startsWith("xstate."), `${type} is not an event of the log`);
    for (const { actions, guard } of transitions) {
      allowed(actions.every(isNamed), `${type}: an inline action`);
      allowed(typeof guard !== "function" || "check" in guard, `${type}: an inline guard`);
    }
  }
  for (const { target, guard, actions } of node.always ?? []) {
    allowed(guard !== undefined && actions.length === 0, "an always has a guard and no actions");
    // One step and no more: where an always leads there is no other, so none can go round in circles.
    allowed(target?.every((t) => !restsIn(t).some((n) => n.always?.length)) ?? false, "an always chain");
  }
  Object.values(node.states).forEach(walk);
};

const isNamed = (action: unknown): boolean =>
  typeof action === "string" || (typeof action === "object" && action !== null && "type" in action);

const isPure = (name: string, action: unknown): boolean => {
  if (action === markers[name as keyof typeof markers]) return true;
  const { type, delay } = action as { type?: string; delay?: unknown };
  return (
    type === "xstate.assign" || type === "xstate.emit" || (type === "xstate.raise" && delay === undefined)
  );
};

/** The states that are active after entering one: its ancestors, itself, and its initial descendants. */
const restsIn = (node: AnyStateNode): AnyStateNode[] => {
  const nodes = [node];
  for (let up = node.parent; up; up = up.parent) nodes.push(up);
  for (let down = node.initial?.target[0]; down; down = down.initial?.target[0]) nodes.push(down);
  return nodes;
};
