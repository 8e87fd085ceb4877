import type { DriverId, TripId } from "../domain/ids.ts";
import type { Topics } from "./topics.ts";

/** Tells a trip's passenger where their driver is. The caller keeps it to once a second (P47). NaN: heading unknown. */
export const createShareLocation =
  (topics: Topics) =>
  (tripId: TripId, driverId: DriverId, lat: number, lng: number, heading: number, atMs: number): void => {
    const peers = topics.peers(tripId);
    if (peers.length === 0) return;
    const message = {
      type: "driver_location" as const,
      order_id: tripId,
      driver_id: driverId,
      lat,
      lng,
      heading: Number.isNaN(heading) ? null : heading,
      at: Math.floor(atMs),
    };
    for (const peer of peers) peer.hint(message);
  };
