import type { AssignedOrder, OfferedOrder } from "../protocol/server-messages.ts";
import type { Ms } from "../domain/time.ts";
import type { OfferId } from "../domain/ids.ts";
import type { PassengerRecord } from "../session/desk.ts";
import type { TripContext } from "../../machines/context.ts";

/** An offer as its driver is told of it. */
export interface Shown {
  readonly offerId: OfferId;
  readonly shownUntil: Ms;
  readonly etaS: number;
  readonly distanceM: number;
}

/** To be answered in time. `seq` is the trip's. */
export const offeredOrder = (
  trip: TripContext,
  seq: number,
  offer: Shown,
  passenger: PassengerRecord | undefined,
  now: Ms,
): OfferedOrder => ({
  ...order(trip, seq, passenger),
  offer_id: offer.offerId,
  expires_at: offer.shownUntil,
  expires_in_ms: Math.max(0, offer.shownUntil - now),
  pickup_eta_s: offer.etaS,
  pickup_distance_m: offer.distanceM,
});

/** After a manual assignment: nothing to answer. */
export const assignedOrder = (
  trip: TripContext,
  seq: number,
  passenger: PassengerRecord | undefined,
): AssignedOrder => ({
  ...order(trip, seq, passenger),
  assigned: true,
  pickup_eta_s: trip.assignment?.etaS ?? null,
  pickup_distance_m: trip.assignment?.distanceM ?? null,
});

const order = (trip: TripContext, seq: number, passenger: PassengerRecord | undefined) => ({
  type: "new_order" as const,
  order_id: trip.tripId,
  seq,
  pickup: trip.pickup,
  dropoff: trip.dropoff,
  fare: trip.fare,
  passenger: toDriver(passenger),
});

/** S8: of the passenger a driver sees the first name only. */
export const toDriver = (passenger: PassengerRecord | undefined): OfferedOrder["passenger"] => ({
  first_name: passenger?.firstName ?? null,
  rating: null,
});
