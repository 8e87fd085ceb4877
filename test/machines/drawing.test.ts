import { describe, expect, test } from "vitest";
import { driverStatusOf, tripStatusOf } from "../../machines/context.ts";
import { driverTable, tripTable } from "./tables.ts";
import { whoMayDriver, whoMayTrip } from "../../machines/events.ts";
import { cellsOf } from "./cells.ts";
import { driverMachine } from "../../machines/driver.ts";
import { drawingOf } from "../../machines/drawing.ts";
import { tripMachine } from "../../machines/trip.ts";

describe.each([
  { kind: "trip", machine: tripMachine, table: tripTable, statusOf: tripStatusOf, who: whoMayTrip },
  { kind: "driver", machine: driverMachine, table: driverTable, statusOf: driverStatusOf, who: whoMayDriver },
])("the drawing of a $kind", ({ kind, machine, table, statusOf, who }) => {
  const { columns, rows, cell } = cellsOf(table);
  const { initial, states, transitions } = drawingOf(kind, machine, statusOf, who);

  test("P150: given the table of every state and event, then it has each way that changes something, and no other", () => {
    const ways = columns.flatMap((from) =>
      rows.flatMap((event) =>
        cell(event, from)
          .filter((token) => token === "=" || columns.includes(token))
          .map((token) => `${from} ${event} ${token === "=" ? from : token}`),
      ),
    );
    const drawn = transitions.map(({ from, event, to }) => `${from} ${event ?? "always"} ${to}`);
    expect(drawn.toSorted()).toEqual(ways.toSorted());
  });

  test("P150: given its states and senders, then they are those of the chart", () => {
    expect(states.map(({ id }) => id).toSorted()).toEqual(columns.toSorted());
    expect(initial).toBe(columns[0]);
    const leaving = new Set(transitions.map(({ from }) => from));
    for (const { id, status, final } of states) {
      expect(status).toBe((statusOf as Record<string, string>)[id]);
      expect(final, id).toBe(!leaving.has(id));
    }
    for (const one of transitions)
      expect(one.who).toEqual(one.event === null ? [] : (who as Record<string, unknown>)[one.event]);
  });
});
