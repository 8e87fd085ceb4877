import { assert } from "../src/domain/assert.ts";
import { offerIdAt } from "../src/domain/ids.ts";
import { ms } from "../src/domain/time.ts";
import type { DriverId } from "../src/domain/ids.ts";
import type { ActorRef } from "../src/domain/row.ts";
import type { Alarm, TripContext } from "./context.ts";
import type { DriverEvent, Emitted, Stamp, TripEvent } from "./events.ts";

// What a trip says: to drivers, and to the operators. Asks must be taken, or the turn is undone; tells may be ignored.

type Of<T extends TripEvent["type"]> = Extract<TripEvent, { type: T }> & Stamp;

export const askOffer = (trip: TripContext, event: Of<"offer">): Emitted =>
  ask(event.driverId, {
    type: "offer",
    tripId: trip.tripId,
    offerId: offerIdAt(event.position),
    dueAt: ms(event.at + trip.policy.offerMs),
    shownUntil: ms(event.at + trip.policy.offerShownMs),
    etaS: event.etaS,
    distanceM: event.distanceM,
  });

export const askTaken = (trip: TripContext, event: Of<"offer.accepted">): Emitted =>
  ask(event.driverId, { type: "taken", tripId: trip.tripId });

export const askAssign = (trip: TripContext, event: Of<"admin.assign" | "admin.reassign">): Emitted =>
  ask(event.driverId, { type: "assign", tripId: trip.tripId });

export const askCompleted = (trip: TripContext): Emitted =>
  ask(assigned(trip), { type: "completed", tripId: trip.tripId });

type Closing = Of<"offer.declined" | "offer.due" | "receipt.due" | "offer.lapsed">;
/** How their own offer ended. */
export const tellOfferDriver =
  (type: "declined" | "expired" | "undelivered" | "lapsed") =>
  (trip: TripContext, { offerId }: Closing): Emitted =>
    tell(
      driversOf(trip, (id) => id === offerId),
      { type, tripId: trip.tripId },
    );

/** Nobody hears it when no offer is live. */
export const withdrawOffers =
  (reason: "withdrawn" | "cancelled") =>
  (trip: TripContext): Emitted =>
    tell(driversOf(trip), { type: "withdrawn", tripId: trip.tripId, reason });

export const withdrawOthers = (trip: TripContext, event: Of<"offer.accepted">): Emitted =>
  tell(
    driversOf(trip, (id) => id !== event.offerId),
    {
      type: "withdrawn",
      tripId: trip.tripId,
      reason: "withdrawn",
    },
  );

export const tellAssigned =
  (type: "arrived" | "started") =>
  (trip: TripContext): Emitted =>
    tell([assigned(trip)], { type, tripId: trip.tripId });

export const freeDriver =
  (reason: "cancelled" | "reassigned") =>
  (trip: TripContext): Emitted =>
    tell([assigned(trip)], { type: "freed", tripId: trip.tripId, reason });

export const raiseAlarm =
  (alarm: Alarm) =>
  ({ tripId }: TripContext): Emitted => ({ type: "effect", effect: { do: "raise_alarm", tripId, alarm } });

const driver = (id: DriverId): ActorRef => ({ kind: "driver", id });
const ask = (to: DriverId, event: DriverEvent): Emitted => ({ type: "ask", to: driver(to), event });
const tell = (to: readonly DriverId[], event: DriverEvent): Emitted => ({
  type: "tell",
  to: to.map(driver),
  event,
});

const driversOf = (trip: TripContext, which: (offerId: string) => boolean = () => true) =>
  Object.entries(trip.offers).flatMap(([id, offer]) => (which(id) ? [offer.driverId] : []));

const assigned = (trip: TripContext): DriverId => {
  assert(trip.assignment, "T4: an accepted trip has a driver");
  return trip.assignment.driverId;
};
