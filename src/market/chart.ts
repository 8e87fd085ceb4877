import type { AnyStateMachine, StateValue } from "xstate";
import type { Actor, Chart, Emission, Input, Next, Words } from "./ports.ts";
import type { ActorKind, Json, JsonObject } from "../domain/row.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { Ms } from "../domain/time.ts";
import { isDeepStrictEqual } from "node:util";
import { withoutClockOrChance } from "./poison.ts";

/** Where the actions of the running transition land. One, reused: charts run one at a time and never nest. */
const said: {
  emitted: Emission[];
  refused: { code: ErrorCode; message: string } | null;
  ignored: boolean;
} = {
  emitted: [],
  refused: null,
  ignored: false,
};

/** A tell to nobody is not said. */
const hear = (emission: Emission): void => {
  if (emission.type !== "tell" || emission.to.length > 0) said.emitted.push(emission);
};

/** XState's actor scope, inert: nothing runs, what a chart says is collected. Pinned by a contract test. */
const scope = {
  self: {},
  id: "",
  sessionId: "",
  system: { _sendInspectionEvent: () => {} },
  logger: () => {},
  defer: () => {},
  stopChild: () => {},
  emit: () => {},
  actionExecutor: (action: { type: string; params?: unknown }) => {
    if (action.type === "xstate.emit") hear((action.params as { event: Emission }).event);
    else if (action.type === "refuse") said.refused = action.params as { code: ErrorCode; message: string };
    else if (action.type === "ignore") said.ignored = true;
    else throw new Error(`E3: a statechart ran "${action.type}", which is not a thing said`);
  },
} as never;

interface Snapshot {
  readonly value: unknown;
  readonly context: JsonObject;
}

const pathOf = (value: unknown): string => {
  if (typeof value === "string") return value;
  const [parent, child] = Object.entries(value as Record<string, unknown>)[0]!;
  return `${parent}.${pathOf(child)}`;
};
const valueOf = (path: string): StateValue => {
  const dot = path.indexOf(".");
  return dot < 0 ? path : { [path.slice(0, dot)]: valueOf(path.slice(dot + 1)) };
};

/**
 * Context keys with another value than before. By value, not by reference: an actor that was recovered has its
 * own copies, and must write the same rows as one that was never away (E9). Most keys are the same object.
 */
const changesBetween = (before: JsonObject, after: JsonObject): JsonObject => {
  const changes: Record<string, Json> = {};
  for (const key in after)
    if (after[key] !== before[key] && !isDeepStrictEqual(after[key], before[key])) changes[key] = after[key]!;
  return changes;
};

/** Today's types of the events that each state takes (its own and its parents'), refusals and ignores left out. */
const takenIn = (machine: AnyStateMachine, { heard }: Words): Map<string, readonly string[]> => {
  const byPath = new Map<string, readonly string[]>();
  const walk = (node: AnyStateMachine["root"], inherited: readonly string[]): void => {
    const own = [...node.transitions]
      .filter(([, list]) => list.some((t) => !t.actions.some(isMarker)))
      .map(([type]) => heard({ type }).type);
    const all = [...new Set([...inherited, ...own])];
    byPath.set(node.path.join("."), all);
    for (const child of Object.values(node.states)) walk(child, all);
  };
  walk(machine.root, []);
  return byPath;
};
const leavesOf = (node: AnyStateMachine["root"]): string[] => {
  const children = Object.values(node.states);
  return children.length === 0 ? [node.path.join(".")] : children.flatMap(leavesOf);
};
const isMarker = (action: unknown): boolean => {
  const type = typeof action === "string" ? action : (action as { type?: string }).type;
  return type === "refuse" || type === "ignore";
};

const todays: Words = {
  hears: (event) => event,
  heard: (event) => event,
  says: (emission) => emission,
};

/**
 * Makes an XState machine a pure function for the runtime: actor and event in, next actor and what it said out.
 * `words`: of a version that is not the newest, where they are others.
 */
export const chartOf = (
  kind: ActorKind,
  name: string,
  machine: AnyStateMachine,
  words: Words = todays,
): Chart => {
  // A snapshot remembers its machine and is not data; the actor is. This keeps the pair without a rebuild.
  const snapshots = new WeakMap<Actor, Snapshot>();
  const taken = takenIn(machine, words);
  const leaves = new Set(leavesOf(machine.root));
  const known = new Set<string>(machine.events as string[]);
  const finals = new Set(
    Object.values(machine.root.states)
      .filter((state) => state.type === "final")
      .map((state) => state.key),
  );

  const snapshotOf = (actor: Actor): Snapshot =>
    snapshots.get(actor) ??
    (machine.resolveState({ value: valueOf(actor.state), context: actor.context }) as Snapshot);

  const run = (from: Actor | null, event: Input): { before: Snapshot | null; after: Snapshot } => {
    said.emitted = [];
    said.refused = null;
    said.ignored = false;
    return withoutClockOrChance(() => {
      if (from === null)
        return {
          before: null,
          after: machine.getInitialSnapshot(scope, event) as unknown as Snapshot,
        };
      const before = snapshotOf(from);
      return {
        before,
        after: machine.transition(before as never, event, scope) as unknown as Snapshot,
      };
    });
  };

  const next = (from: Actor | null, id: string, event: Input & { at: Ms; position: number }): Next => {
    if (from === null ? event.type !== "create" : !known.has(event.type)) return { is: "unhandled" };
    const { before, after } = run(from, event);
    if (said.refused !== null) return { is: "refused", ...said.refused };
    if (said.ignored) return { is: "ignored" };
    if (after === before && said.emitted.length === 0) return { is: "unhandled" };
    const to: Actor = {
      kind,
      id,
      seq: (from?.seq ?? 0) + 1,
      machine: name,
      state: pathOf(after.value),
      context: after.context,
    };
    snapshots.set(to, after);
    // Born: what the create event does not say already, for its body is in the same row.
    const changes = changesBetween(before === null ? (event as JsonObject) : before.context, after.context);
    return { is: "moved", to, emitted: said.emitted, changes };
  };

  return {
    ...words,
    kind,
    name,
    next,
    legal: (actor) => taken.get(actor.state) ?? [],
    final: (state) => finals.has(state),
    knows: (state) => leaves.has(state),
  };
};
