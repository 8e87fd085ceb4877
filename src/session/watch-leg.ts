import type { DriverConnection, LegWatch } from "./connection.ts";
import type { Ms } from "../domain/time.ts";
import type { Place } from "./desk.ts";
import type { TripContext } from "../../machines/context.ts";
import type { TripEvent } from "../../machines/events.ts";
import type { TripId } from "../domain/ids.ts";
import { haversineM } from "../domain/geo.ts";

/** One position can be an error: a fact takes so many in a row (L14, L15). */
const FIXES = 2;
/** L16: what changed nothing, or was never answered, is said again after so long, and so often in all. */
const SAY_AGAIN_MS = 10_000;
const SAYINGS = 6;

/** Beside the hot path: one distance and a few numbers for each position, the trip only once there is a fact. */
export const watchLeg = (connection: DriverConnection, place: Place, tripId: TripId, now: Ms): void => {
  const { leg } = connection;
  if (Number.isNaN(leg.lat)) return;
  const distanceM = haversineM(connection.lat, connection.lng, leg.lat, leg.lng);
  leg.nearer = distanceM < leg.lastM ? leg.nearer + 1 : 0;
  leg.inside = distanceM <= leg.arriveRadiusM ? leg.inside + 1 : 0;
  leg.lastM = distanceM;
  if (!(distanceM <= leg.furthestM)) leg.furthestM = distanceM;

  if (leg.inside >= FIXES) {
    if (now >= leg.arrivedAt) sayArrived(connection, place, tripId, distanceM, now);
  } else if (leg.nearer >= FIXES && leg.furthestM - distanceM >= leg.movingM) {
    if (now >= leg.movingAt) sayMoving(connection, place, tripId, distanceM, now);
  }
};

const sayArrived = (
  { driverId, leg }: DriverConnection,
  place: Place,
  tripId: TripId,
  distanceM: number,
  now: Ms,
): void => {
  const fix = { distanceM, fixAgeMs: 0, reason: null };
  if (say(leg, place, tripId, { type: "driver.arrived", driverId, by: "geofence", ...fix }))
    leg.arrivedAt = now + SAY_AGAIN_MS;
};

const sayMoving = (
  { driverId, leg }: DriverConnection,
  place: Place,
  tripId: TripId,
  distanceM: number,
  now: Ms,
): void => {
  const said = place.market.peek({ kind: "trip", id: tripId })?.state !== "accepted"; // by us, or by them
  if (said) leg.movingAt = Infinity;
  else if (say(leg, place, tripId, { type: "driver.moving", driverId, distanceM }))
    leg.movingAt = now + SAY_AGAIN_MS;
};

/** False while nothing is committed: the next position says it then. */
const say = (leg: LegWatch, { market }: Place, id: TripId, event: TripEvent): boolean => {
  if (leg.left === 0 || !market.healthy()) return false;
  leg.left -= 1;
  market.submit({ to: { kind: "trip", id }, event, by: "system", key: null, hash: 0 }, () => {});
  return true;
};

/** L17: from when a driver has a pickup to come to until they do, over every connection; otherwise nothing is watched. */
export const watchLegOf = (
  { driverId, leg }: DriverConnection,
  place: Place,
  tripId: TripId | null,
): void => {
  const driver = place.market.peek({ kind: "driver", id: driverId });
  const trip =
    tripId !== null && driver?.state === "to_pickup"
      ? (place.market.peek({ kind: "trip", id: tripId })?.context as TripContext | undefined)
      : undefined;
  if (trip === undefined) {
    leg.lat = Number.NaN;
    return;
  }
  const { pickup, policy, assignment } = trip;
  if (leg.lat === pickup.lat && leg.lng === pickup.lng) return; // on this leg already
  leg.lat = pickup.lat;
  leg.lng = pickup.lng;
  leg.arriveRadiusM = policy.arriveRadiusM;
  leg.movingM = policy.movingM;
  leg.lastM = leg.furthestM = assignment?.distanceM ?? Number.NaN;
  leg.nearer = leg.inside = leg.movingAt = leg.arrivedAt = 0;
  leg.left = SAYINGS;
};
