import type { AnyStateMachine, AnyStateNode } from "xstate";
import type { By } from "../src/domain/status.ts";
import { markers } from "./markers.ts";

/** A statechart as data, to draw what really runs. States are those an actor can be in; parents are in their names. */
export interface Drawing {
  /** `trip@1` */
  readonly name: string;
  readonly initial: string;
  readonly states: readonly { readonly id: string; readonly status: string; readonly final: boolean }[];
  /** Each as rows of the log tell it. `event` null: it follows by itself once an event was taken. */
  readonly transitions: readonly {
    readonly from: string;
    readonly event: string | null;
    readonly to: string;
    readonly who: readonly By[];
  }[];
}

type Transition = Drawing["transitions"][number];

/** What is refused or ignored changes nothing and is left out. `statusOf`: public status by state. */
export const drawingOf = (
  name: string,
  { root }: AnyStateMachine,
  statusOf: Readonly<Record<string, string>>,
  who: Readonly<Record<string, readonly By[]>>,
): Drawing => {
  const leaves = leavesOf(root);
  return {
    name,
    initial: pathOf(restOf(root)),
    states: leaves.map((leaf) => ({
      id: pathOf(leaf),
      status: statusOf[pathOf(leaf)]!,
      final: leaf.type === "final",
    })),
    transitions: leaves
      .filter(({ type }) => type !== "final") // I3
      .flatMap((leaf) => heardIn(leaf, who).concat(followingFrom(leaf))),
  };
};

/** A state's own answers go before its parents', which are asked until one has no guard. */
const heardIn = (leaf: AnyStateNode, who: Readonly<Record<string, readonly By[]>>): Transition[] => {
  const found = new Map<string, Transition>();
  const answered = new Set<string>();
  for (let node: AnyStateNode | undefined = leaf; node; node = node.parent)
    for (const [event, transitions] of node.transitions) {
      if (answered.has(event)) continue;
      for (const { actions, target, guard } of transitions) {
        if (guard === undefined) answered.add(event);
        if ((actions as readonly (string | { type: string })[]).some(isMarker)) continue;
        const to = pathOf(target?.[0] ? restOf(target[0]) : leaf);
        found.set(`${event} ${to}`, { from: pathOf(leaf), event, to, who: who[event] ?? [] });
      }
    }
  return [...found.values()];
};

const followingFrom = (leaf: AnyStateNode): Transition[] =>
  (leaf.always ?? []).map(({ target }) => ({
    from: pathOf(leaf),
    event: null,
    to: pathOf(restOf(target![0]!)),
    who: [],
  }));

const isMarker = (action: string | { type: string }): boolean =>
  (typeof action === "string" ? action : action.type) in markers;

const leavesOf = (node: AnyStateNode): AnyStateNode[] => {
  const children = Object.values(node.states);
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
};

/** The state that is active after entering one. */
const restOf = (node: AnyStateNode): AnyStateNode => {
  let leaf = node;
  while (leaf.initial?.target[0]) leaf = leaf.initial.target[0];
  return leaf;
};

const pathOf = (node: AnyStateNode): string => node.path.join(".");
