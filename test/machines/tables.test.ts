import type { AnyStateMachine, AnyStateNode } from "xstate";
import { describe, expect, test } from "vitest";
import { driverStatusOf, tripStatusOf } from "../../machines/context.ts";
import { whoMayDriver, whoMayTrip } from "../../machines/events.ts";
import { driverMachine } from "../../machines/driver.ts";
import { tripMachine } from "../../machines/trip.ts";
import { cellsOf } from "./cells.ts";
import { driverTable, tripTable } from "./tables.ts";

const charts = [
  {
    title: "T22: what a trip does not list it refuses",
    machine: tripMachine,
    table: tripTable,
    states: tripStatusOf,
    events: whoMayTrip,
  },
  {
    title: "D18: what a driver does not list it refuses",
    machine: driverMachine,
    table: driverTable,
    states: driverStatusOf,
    events: whoMayDriver,
  },
];

describe.each(charts)("$title", ({ machine, table, states, events }) => {
  const { rows, columns, cell } = cellsOf(table);

  test("has a row for each event and a column for each state, and no cell is left open", () => {
    expect(rows.filter((row) => row !== "always").toSorted()).toEqual(Object.keys(events).toSorted());
    expect(columns.toSorted()).toEqual(Object.keys(states).toSorted());
    for (const event of Object.keys(events))
      for (const state of columns)
        expect(cell(event, state).length, `${event} in ${state}`).toBeGreaterThan(0);
  });

  test.each(rows.flatMap((event) => columns.map((state) => ({ event, state }))))(
    "$event in $state is what the chart says",
    ({ event, state }) => {
      const node = nodeAt(machine, state);
      const said = event === "always" ? (node.always ?? []).map(outcomeOf) : outcomes(node, event);
      expect(said.toSorted()).toEqual(
        cell(event, state)
          .filter((token) => token !== "-")
          .toSorted(),
      );
    },
  );
});

const nodeAt = (machine: AnyStateMachine, state: string): AnyStateNode =>
  state.split(".").reduce<AnyStateNode>((node, key) => node.states[key]!, machine.root);

/** What the chart may do, its parents asked as well until one transition has no guard. Final states ask nobody (I3). */
const outcomes = (leaf: AnyStateNode, event: string): string[] => {
  const found = new Set<string>();
  if (leaf.type === "final") return [];
  for (let node: AnyStateNode | undefined = leaf; node; node = node.parent)
    for (const transition of node.transitions.get(event) ?? []) {
      found.add(outcomeOf(transition));
      if (!transition.guard) return [...found];
    }
  return [...found];
};

const outcomeOf = (transition: {
  readonly target: readonly AnyStateNode[] | undefined;
  readonly actions: readonly unknown[];
}): string => {
  for (const action of transition.actions as ({ type: string; params?: unknown } | string)[]) {
    const type = typeof action === "string" ? action : action.type;
    if (type === "ignore") return ".";
    if (type === "refuse") {
      const params = (action as { params: { code: string } | ((args: unknown) => { code: string }) }).params;
      const { code } =
        typeof params === "function"
          ? params({ context: { policy: {} }, event: { distanceM: null } })
          : params;
      return `!${code}`;
    }
  }
  let target = transition.target?.[0];
  if (!target) return "=";
  while (target.initial?.target[0]) target = target.initial.target[0];
  return target.path.join(".");
};
