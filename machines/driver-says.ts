import { assert } from "../src/domain/assert.ts";
import type { TripId } from "../src/domain/ids.ts";
import type { DriverContext } from "./context.ts";
import type { DriverEvent, Emitted, Stamp } from "./events.ts";

// What a driver says: effects for their app, and to a trip that its offer is declined or its driver lost.

type Heard = DriverEvent & Stamp;
type Of<T extends DriverEvent["type"]> = Extract<Heard, { type: T }>;
type OfTrip = Extract<Heard, { readonly tripId: TripId }>;

export const sendOffer = (me: DriverContext, event: Of<"offer">): Emitted => ({
  type: "effect",
  effect: {
    do: "send_offer",
    driverId: me.driverId,
    tripId: event.tripId,
    offerId: event.offerId,
    shownUntil: event.shownUntil,
    etaS: event.etaS,
    distanceM: event.distanceM,
  },
});

export const sendAssignment = (me: DriverContext, event: Of<"assign">): Emitted => ({
  type: "effect",
  effect: { do: "send_assignment", driverId: me.driverId, tripId: event.tripId },
});

/** Their offer or their trip is gone, with the trip's reason. */
export const sendCancel = (me: DriverContext, event: Of<"withdrawn" | "freed">): Emitted =>
  cancelled(me, event, event.reason);

/** Their offer ended by itself: the event's name is the reason. */
export const sendEnded = (me: DriverContext, event: Of<"expired" | "undelivered" | "lapsed">): Emitted =>
  cancelled(me, event, event.type);

export const declineOffer =
  (reason: "paused" | "offline") =>
  (me: DriverContext): Emitted => {
    assert(me.offer, "D3: an offered driver has an offer");
    const { tripId, offerId } = me.offer;
    return {
      type: "tell",
      to: [{ kind: "trip", id: tripId }],
      event: { type: "offer.declined", offerId, driverId: me.driverId, reason },
    };
  };

/** D19: nobody is told while they have no trip. */
export const tellLost = ({ driverId, tripId }: DriverContext): Emitted => ({
  type: "tell",
  to: tripId === null ? [] : [{ kind: "trip", id: tripId }],
  event: { type: "driver.lost", driverId },
});

const cancelled = (me: DriverContext, { tripId }: OfTrip, reason: string): Emitted => ({
  type: "effect",
  effect: {
    do: "send_cancel",
    driverId: me.driverId,
    tripId,
    offerId: me.offer?.offerId ?? null,
    reason,
  },
});
