import type { TripId } from "../domain/ids.ts";
import type { DriverConnection } from "./connection.ts";
import type { Place } from "./desk.ts";
import { watchLegOf } from "./watch-leg.ts";

/**
 * A driver's fixes go to this slot of this market from now on; -1: nowhere, they are offline. One who comes in
 * is where they were last heard: the fix that chose their market counts in it (P49).
 */
export const takeSeat = (
  connection: DriverConnection,
  place: Place,
  slot: number,
  tripId: TripId | null,
): void => {
  const comesIn = connection.slot < 0 && slot >= 0;
  connection.place = place;
  connection.slot = slot;
  connection.tripId = tripId;
  watchLegOf(connection, place, tripId);
  const { driverId, lat, lng, heardAt } = connection;
  if (!comesIn || heardAt === null || place.locations.where(driverId) !== null) return;
  place.locations.fix(slot, lat, lng, Number.NaN, Number.NaN, Number.NaN, Number.NaN, heardAt);
};
