import type { ChartBody } from "../../../../src/protocol/chart-bodies.ts";

export const tripActions = ["admin.assign", "admin.reassign", "admin.complete", "admin.cancel"] as const;
export type TripAction = (typeof tripActions)[number];

/** B92: what an operator may do with a trip in this state, as the chart says. */
export const actionsIn = (chart: ChartBody | null, state: string): readonly TripAction[] =>
  tripActions.filter((action) =>
    chart?.transitions.some(
      ({ from, event, who }) => from === state && event === action && who.includes("admin"),
    ),
  );
