import type { Claim, TripListRow } from "../src/domain/row.ts";
import type { OfferId, TripId } from "../src/domain/ids.ts";
import type { Ms } from "../src/domain/time.ts";
import { tripStatusOf } from "./context.ts";
import type { TripContext, TripState } from "./context.ts";
import type { TripEvent } from "./events.ts";

/** False once a trip has ended: nothing more can happen to it. */
export const tripLive = (state: TripState): boolean =>
  state !== "completed" && state !== "cancelled" && state !== "no_driver_found";

const isRequested = (state: TripState): boolean =>
  state === "requested.searching" || state === "requested.offering";

/** The earliest deadline of a trip and the event it feeds: a receipt, an offer or the search. */
export const tripDue = (
  state: TripState,
  trip: TripContext,
): { readonly at: Ms; readonly event: TripEvent } | null => {
  if (!isRequested(state)) return null;
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
  return [...lapsed, { type: "search.extended", byMs: gapMs }];
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
