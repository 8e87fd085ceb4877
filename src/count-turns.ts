import { type DriverState, type TripState, driverStatusOf, tripStatusOf } from "../machines/context.ts";
import type { TripContext } from "../machines/context.ts";
import type { Metrics } from "./metrics.ts";
import { tripLive } from "../machines/trip-facts.ts";
import type { Actor, Step, Turn } from "./market/ports.ts";

/** What a committed turn means for the metrics. */
export const countTurn = (metrics: Metrics, turn: Turn): void => {
  for (const step of turn.steps) {
    if (step.row.actorKind === "trip") countTrip(metrics, step);
    else countDriver(metrics, step);
  }
};

/** An actor found at recovery: gauges start from what is there. */
export const countFound = (metrics: Metrics, actor: Actor): void => {
  if (actor.kind === "driver") addDriver(metrics, actor.state, 1);
  else if (tripLive(actor.state as TripState)) metrics.activeTrips.inc();
};

/** A batch came back from the log. */
export const countAppend = (metrics: Metrics, rows: number, tookMs: number): void => {
  metrics.logAppend.observe(tookMs / 1_000);
  metrics.logBatchRows.observe(rows);
  metrics.logRows.inc(rows);
};

const countTrip = (metrics: Metrics, { row, after }: Step): void => {
  const trip = after.context as unknown as TripContext;
  if (row.fromState === null) {
    metrics.tripRequests.inc();
    metrics.activeTrips.inc();
  }
  if (row.type === "offer" && trip.search.number === 1 && trip.search.offersMade === 1) {
    metrics.timeToFirstOffer.observe((row.at - trip.requestedAt) / 1_000);
  }
  const state = row.toState as TripState;
  if (tripLive(state)) return;
  metrics.activeTrips.dec();
  metrics.tripOutcomes.inc({ status: tripStatusOf[state] });
  if (state === "no_driver_found") metrics.failedMatches.inc({ reason: whyNobody(row.type, trip) });
};

const whyNobody = (type: string, { search }: TripContext): string => {
  if (type === "driver.cancel") return "redispatches_spent";
  return search.offersMade === 0 ? "no_candidates" : "nobody_accepted";
};

const countDriver = (metrics: Metrics, { row }: Step): void => {
  if (row.fromState === row.toState) return;
  if (row.fromState !== null) addDriver(metrics, row.fromState, -1);
  addDriver(metrics, row.toState, 1);
};

const addDriver = ({ driversByStatus }: Metrics, state: string, by: 1 | -1): void => {
  const status = driverStatusOf[state as DriverState];
  if (status !== "offline") driversByStatus[status] = (driversByStatus[status] ?? 0) + by;
};
