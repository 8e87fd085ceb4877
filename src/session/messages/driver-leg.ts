import { type Asker, askTrip, hasEnded } from "../ask.ts";
import type { Desk, Place } from "../desk.ts";
import { type DriverId, type TripId, driverId } from "../../domain/ids.ts";
import type { Done } from "../ports.ts";
import type { DriverMessage } from "../../protocol/driver-messages.ts";
import type { TripContext } from "../../../machines/context.ts";
import type { TripEvent } from "../../../machines/events.ts";
import { distanceM } from "../../domain/geo.ts";
import { partInTrip } from "../part-in-trip.ts";
import { refusal } from "../../domain/errors.ts";

export type LegMessage = Extract<
  DriverMessage,
  { type: "driver_departed" | "driver_arrived" | "start_trip" | "complete_trip" | "cancel_order" }
>;

/** A driver goes on with their trip, or gives it back. */
export const goOnWithTrip = (desk: Desk, who: Asker, message: LegMessage, done: Done): void => {
  const driver = driverId(who.identity.sub);
  askTrip(
    desk,
    who,
    {
      tripId: message.order_id,
      content: message,
      event: (place) => {
        const part = partInTrip(place, message.order_id, driver);
        return part === "drives" || part === "is_asked" ? eventOf(place, driver, message) : notYours;
      },
      ended: (row) => (row.driverId === driver ? hasEnded(row) : { is: "refused", refusal: notYours }),
    },
    done,
  );
};

/** P83: how a trip stands and what is legal in it is not for others. */
export const notYours = refusal("wrong_order", "this trip is not yours");

const eventOf = (place: Place, driver: DriverId, message: LegMessage): TripEvent => {
  switch (message.type) {
    case "driver_departed":
      return { type: "driver.departed", driverId: driver };
    case "driver_arrived": {
      const { reason } = message;
      return {
        type: "driver.arrived",
        driverId: driver,
        by: "driver",
        reason,
        ...toPickup(place, driver, message.order_id),
      };
    }
    case "start_trip":
      return { type: "start", driverId: driver };
    case "complete_trip":
      return { type: "complete", driverId: driver, distanceM: message.distance_m };
    case "cancel_order":
      return { type: "driver.cancel", driverId: driver, reason: message.reason };
    default:
      return message satisfies never;
  }
};

/** How far the driver's newest fix is from the pickup; a stale one is unknown, never near (P46). */
const toPickup = (place: Place, driver: DriverId, id: TripId) => {
  const fix = place.locations.where(driver);
  const trip = place.market.peek({ kind: "trip", id })?.context as TripContext | undefined;
  const fixAgeMs = fix && place.market.now() - fix.at;
  return fix && trip && fixAgeMs !== null && fixAgeMs <= place.policy.location.fixFreshMs
    ? { distanceM: distanceM(fix, trip.pickup), fixAgeMs }
    : { distanceM: null, fixAgeMs: null };
};
