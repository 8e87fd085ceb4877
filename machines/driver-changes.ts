import type { TripId } from "../src/domain/ids.ts";
import type { DriverContext } from "./context.ts";
import type { DriverEvent, Stamp } from "./events.ts";

type Heard = DriverEvent & Stamp;
type Of<T extends DriverEvent["type"]> = Extract<Heard, { type: T }>;
type OfTrip = Extract<Heard, { readonly tripId: TripId }>;
type Change = Partial<DriverContext>;

// Each of these enters a state, so each says since when; `afterwards` and the connection stay in it.

/** D1: a driver is born offline, and goes online as the second event of the same turn. */
export const created = (event: Of<"create">): DriverContext => ({
  driverId: event.driverId,
  vehicleType: event.vehicleType,
  policy: event.policy,
  since: event.at,
  offer: null,
  tripId: null,
  after: "idle",
  misses: 0,
  lostAt: null,
});

export const online = (_: DriverContext, event: Of<"go_online" | "driver.entered">): Change => ({
  since: event.at,
  vehicleType: event.vehicleType,
  policy: event.policy,
  misses: 0,
});

/** Offline knows no connection: nothing is lost there. */
export const offline = (_: DriverContext, event: Heard): Change => ({
  since: event.at,
  lostAt: null,
});

export const moved = (_: DriverContext, event: Heard): Change => ({ since: event.at });

export const resumed = (_: DriverContext, event: Heard): Change => ({ since: event.at, misses: 0 });

export const offerHeld = (_: DriverContext, event: Of<"offer">): Change => ({
  since: event.at,
  offer: { tripId: event.tripId, offerId: event.offerId },
});

/** Withdrawn, lapsed or undelivered: not the driver's doing, so the misses stay as they are. */
export const offerGone = (_: DriverContext, event: Heard): Change => ({
  since: event.at,
  offer: null,
});

/** Any answer ends a row of misses. */
export const offerAnswered = (_: DriverContext, event: Heard): Change => ({
  since: event.at,
  offer: null,
  misses: 0,
});

export const offerMissed = (me: DriverContext, event: Heard): Change => ({
  since: event.at,
  offer: null,
  misses: me.misses + 1,
});

export const offerLeft = (_: DriverContext, event: Heard): Change => ({
  since: event.at,
  offer: null,
  misses: 0,
  lostAt: null,
});

export const tripTaken = (_: DriverContext, event: OfTrip): Change => ({
  since: event.at,
  offer: null,
  tripId: event.tripId,
  after: "idle",
  misses: 0,
});

export const tripEnded = (_: DriverContext, event: Heard): Change => ({
  since: event.at,
  tripId: null,
  after: "idle",
});

export const tripEndedOffline = (_: DriverContext, event: Heard): Change => ({
  since: event.at,
  tripId: null,
  after: "idle",
  lostAt: null,
});

export const afterwards = (after: DriverContext["after"]) => (): Change => ({ after });

export const lost = (_: DriverContext, event: Heard): Change => ({ lostAt: event.at });

export const back = (): Change => ({ lostAt: null });
