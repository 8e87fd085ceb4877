import type { Claim, TripListRow } from "../src/domain/row.ts";
import type { OfferId, TripId } from "../src/domain/ids.ts";
import { type Ms, ms } from "../src/domain/time.ts";
import { assert } from "../src/domain/assert.ts";
import { tripStatusOf } from "./context.ts";
import type { Alarm, TripContext, TripState } from "./context.ts";
import type { TripEvent } from "./events.ts";

/** False once a trip has ended: nothing more can happen to it. */
export const tripLive = (state: TripState): boolean =>
  state !== "completed" && state !== "cancelled" && state !== "no_driver_found";

const isRequested = (state: TripState): boolean =>
  state === "requested.searching" || state === "requested.offering";

interface Due {
  readonly at: Ms;
  readonly event: TripEvent;
}

/** The earliest deadline of a trip and the event it feeds. */
export const tripDue = (state: TripState, trip: TripContext): Due | null => {
  if (isRequested(state)) return searchDue(trip);
  if (state === "accepted" || state === "en_route")
    return alarmDue(trip, "pickup_late", pickupLateAt(trip), { type: "pickup.late" });
  if (state === "in_progress") return alarmDue(trip, "ride_stuck", rideStuckAt(trip), { type: "ride.stuck" });
  return null;
};

const alarmDue = ({ alarms }: TripContext, alarm: Alarm, at: Ms, event: TripEvent): Due | null =>
  alarms.includes(alarm) ? null : { at, event };

/** T31: an operator's choice without a fix promised no ETA, so it counts as none. */
export const pickupLateAt = ({ assignment, policy }: TripContext): Ms => {
  assert(assignment, "T4: an accepted trip has a driver");
  return ms(assignment.acceptedAt + policy.lateEtas * (assignment.etaS ?? 0) * 1_000 + policy.lateMs);
};

/** T32 */
export const rideStuckAt = ({ startedAt, durationS, policy }: TripContext): Ms => {
  assert(startedAt !== null, "T18: a ride in progress has started");
  return ms(startedAt + policy.stuckDurations * durationS * 1_000);
};

/** A receipt, an offer or the search. */
const searchDue = (trip: TripContext): Due | null => {
  let at: Ms | null = null;
  let event: TripEvent | null = null;
  const consider = (dueAt: Ms, due: TripEvent) => {
    if (at === null || dueAt < at) [at, event] = [dueAt, due];
  };
  for (const [offerId, offer] of liveOffers(trip)) {
    if (offer.receiptDueAt !== null) consider(offer.receiptDueAt, { type: "receipt.due", offerId });
    consider(offer.dueAt, { type: "offer.due", offerId });
  }
  const { search } = trip;
  if (!search.over) consider(search.dueAt, { type: "search.due", search: search.number });
  return at === null || event === null ? null : { at, event };
};

/** I1: who holds this trip, from acceptance to its end. */
export const tripClaim = (state: TripState, { tripId, assignment }: TripContext): Claim | null =>
  tripLive(state) && assignment ? { driverId: assignment.driverId, tripId } : null;

/** What a market that stood still for `gapMs` owes a trip: nobody could answer, and the search lost that time. */
export const tripAfterGap = (state: TripState, trip: TripContext, gapMs: number): readonly TripEvent[] => {
  if (!isRequested(state)) return [];
  const lapsed = liveOffers(trip).map(([offerId]) => ({ type: "offer.lapsed", offerId }) as const);
  // The time first: the last lapse must not end a search that is owed some.
  return [{ type: "search.extended", byMs: gapMs }, ...lapsed];
};

export const tripListRow = (id: TripId, seq: number, state: TripState, trip: TripContext): TripListRow => ({
  table: "trip",
  id,
  passengerId: trip.passengerId,
  driverId: trip.assignment?.driverId ?? null,
  vehicleType: trip.vehicleType,
  status: tripStatusOf[state],
  state,
  seq,
  pickupLat: trip.pickup.lat,
  pickupLng: trip.pickup.lng,
  dropoffLat: trip.dropoff.lat,
  dropoffLng: trip.dropoff.lng,
  requestedAt: trip.requestedAt,
  acceptedAt: trip.assignment?.acceptedAt ?? null,
  arrivedAt: trip.arrivedAt,
  startedAt: trip.startedAt,
  completedAt: trip.completedAt,
  cancelledAt: trip.cancelled?.at ?? null,
  cancelledBy: trip.cancelled?.by ?? null,
  reason: trip.cancelled?.reason ?? null,
  fareAmount: trip.fare.amount,
  fareCurrency: trip.fare.currency,
  cancelFee: trip.cancelled?.fee ?? null,
});

const liveOffers = (trip: TripContext) =>
  Object.entries(trip.offers) as [OfferId, TripContext["offers"][OfferId]][];
