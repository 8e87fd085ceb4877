import type { Desk, Identity, Place } from "../desk.ts";
import type { DriverId, TripId } from "../../domain/ids.ts";
import { askTrip, hasEnded, no } from "../ask.ts";
import type { Done } from "../ports.ts";
import type { TripContext, TripState } from "../../../machines/context.ts";
import { distanceM } from "../../domain/geo.ts";
import { etaS } from "../../dispatch/eta.ts";
import { localHour } from "../local-hour.ts";

export interface Assigned {
  readonly tripId: TripId;
  readonly driverId: DriverId;
  readonly reason: string | null;
}

/** In these an operator takes the trip from its driver. */
const hasDriver: ReadonlySet<string> = new Set<TripState>(["accepted", "en_route", "arrived"]);

/** An operator gives a trip to a driver, who need not answer; another driver who has it is freed. */
export const assignDriver = (
  desk: Desk,
  identity: Identity,
  { tripId, driverId, reason }: Assigned,
  key: string | null,
  done: Done,
): void => {
  if (identity.role !== "admin") return done(no("forbidden", "only an operator assigns"));
  askTrip(
    desk,
    { identity, key },
    {
      tripId,
      content: { type: "assign_driver", order_id: tripId, driver_id: driverId, reason },
      event: (place) => {
        const trip = place.market.peek({ kind: "trip", id: tripId });
        return {
          type: trip && hasDriver.has(trip.state) ? "admin.reassign" : "admin.assign",
          adminId: identity.sub,
          driverId,
          reason,
          ...toPickup(place, driverId, trip?.context as TripContext | undefined),
        };
      },
      ended: hasEnded,
    },
    done,
  );
};

/** By the driver's newest fix, however old: what an operator knows too. */
const toPickup = (
  { locations, market, policy, timeZone }: Place,
  driver: DriverId,
  trip: TripContext | undefined,
) => {
  const fix = locations.where(driver);
  if (fix === null || trip === undefined) return { etaS: null, distanceM: null };
  const straightM = distanceM(fix, trip.pickup);
  const seconds = etaS(straightM, policy.eta, localHour(timeZone, market.now()));
  return { etaS: seconds, distanceM: Math.round(straightM) };
};
