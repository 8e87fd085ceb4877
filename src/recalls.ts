import type { DriverContext, TripContext } from "../machines/context.ts";
import type { DriverListRow, TripListRow } from "./domain/row.ts";
import { driverId, passengerId, tripId } from "./domain/ids.ts";
import type { By } from "./domain/status.ts";
import type { Recalled } from "./market/repair.ts";
import { defaultPolicy } from "./default-policy.ts";
import { driverVersion } from "../machines/driver.ts";
import { tripVersion } from "../machines/trip.ts";

// A trip or a driver of whom no row can be read, as their row in the lists tells them (M97): enough for a release. What
// a list does not say is made up, and named.

export const recalledTrip = (row: TripListRow): Recalled => {
  const known = {
    tripId: tripId(row.id),
    passengerId: passengerId(row.passengerId),
    vehicleType: row.vehicleType,
    pickup: { lat: row.pickupLat, lng: row.pickupLng },
    dropoff: { lat: row.dropoffLat, lng: row.dropoffLng },
    fare: { amount: row.fareAmount ?? 0, currency: row.fareCurrency ?? NO_CURRENCY },
    requestedAt: row.requestedAt,
    assignment:
      row.driverId === null
        ? null
        : {
            driverId: driverId(row.driverId),
            acceptedAt: row.acceptedAt ?? row.requestedAt,
            etaS: null,
            distanceM: null,
          },
    arrivedAt: row.arrivedAt,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    cancelled:
      row.cancelledAt === null
        ? null
        : {
            by: row.cancelledBy as By,
            reason: row.reason,
            at: row.cancelledAt,
            fee: row.cancelFee ?? 0,
          },
  } satisfies Partial<TripContext>;
  const { requestedAt } = row;
  const unknown: Omit<TripContext, keyof typeof known> = {
    note: null,
    quoteId: null,
    distanceM: 0,
    durationS: 0,
    policy: defaultPolicy.trip,
    search: { number: 1, startedAt: requestedAt, dueAt: requestedAt, offersMade: 0, wave: 0, over: true },
    redispatches: 0,
    tried: [],
    offers: {},
    closed: {},
    alarms: [],
    drivenM: null,
  };
  return recalled("trip", row, tripVersion, known, unknown);
};

/** ISO 4217 */
const NO_CURRENCY = "XXX";

export const recalledDriver = (row: DriverListRow): Recalled => {
  const known = {
    driverId: driverId(row.id),
    vehicleType: row.vehicleType,
    since: row.since,
    tripId: row.tripId === null ? null : tripId(row.tripId),
    misses: row.misses,
  } satisfies Partial<DriverContext>;
  // They bring their policy when they go online.
  const unknown: Omit<DriverContext, keyof typeof known> = {
    policy: defaultPolicy.driver,
    offer: null,
    after: "idle",
    lostAt: null,
  };
  return recalled("driver", row, driverVersion, known, unknown);
};

const recalled = (
  kind: "trip" | "driver",
  { id, seq, state }: TripListRow | DriverListRow,
  machine: string,
  known: object,
  unknown: object,
): Recalled => ({
  actor: { kind, id, seq, machine, state, context: { ...known, ...unknown } },
  unknown: Object.keys(unknown),
});
