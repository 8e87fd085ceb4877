import type { DriverConnection } from "../connection.ts";
import type { Ms } from "../../domain/time.ts";
import type { FixVerdict } from "../../location/port.ts";
import type { Pushes } from "../ports.ts";
import type { WatchArea } from "../move-market.ts";
import { isPosition } from "../../domain/geo.ts";
import { watchLeg } from "../watch-leg.ts";

/** P47: a passenger sees their driver move at most so often. */
const SHARE_EVERY_MS = 1_000;

/** Degrees, metres/second, metres, Unix ms of the phone; NaN for what is not told. */
export type HearFix = (
  connection: DriverConnection,
  lat: number,
  lng: number,
  heading: number,
  speedMps: number,
  accuracyM: number,
  phoneAt: number,
) => FixVerdict;

/** The hot path: no statechart before a fact is derived, no log, no await, nothing allocated. */
export const createHearFix =
  (shareLocation: Pushes["shareLocation"], watchArea: WatchArea, offlineNow: () => Ms): HearFix =>
  (connection, lat, lng, heading, speedMps, accuracyM, phoneAt) => {
    const { place } = connection;
    if (place === null || connection.slot < 0) {
      // Offline: it only tells where they will start.
      if (!isPosition(lat, lng)) return "invalid";
      connection.lat = lat;
      connection.lng = lng;
      connection.heardAt = offlineNow();
      return "taken";
    }
    const now = place.market.now();
    const verdict = place.locations.fix(
      connection.slot,
      lat,
      lng,
      heading,
      speedMps,
      accuracyM,
      phoneAt,
      now,
    );
    if (verdict !== "taken") return verdict;
    connection.lat = lat;
    connection.lng = lng;
    connection.heardAt = now;
    const { tripId } = connection;
    if (tripId === null) {
      watchArea(connection, place, now);
      return verdict;
    }
    watchLeg(connection, place, tripId, now);
    if (now - connection.sharedAt >= SHARE_EVERY_MS) {
      connection.sharedAt = now;
      shareLocation(tripId, connection.driverId, lat, lng, heading, now);
    }
    return verdict;
  };
