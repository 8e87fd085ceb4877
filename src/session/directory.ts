import type { Desk, DriverRecord, PassengerRecord, Place } from "./desk.ts";
import type { DriverContext, TripContext, TripState } from "../../machines/context.ts";
import type { DriverId, PassengerId, TripId } from "../domain/ids.ts";
import type { Actor } from "../market/ports.ts";
import type { TripListRow } from "../domain/row.ts";
import { tripLive } from "../../machines/trip-facts.ts";

/** What the log and the registry know beyond what is in memory. */
export interface Lookups {
  driverRecord(driverId: DriverId): Promise<DriverRecord | undefined>;
  passengerRecord(passengerId: PassengerId): Promise<PassengerRecord | undefined>;
  trip(tripId: TripId): Promise<TripListRow | undefined>;
}

/** The desk as main keeps it: told of every actor that was recovered or has moved. */
export interface Directory extends Desk {
  noticed(place: Place, actor: Actor): void;
}

/** P50: names and plates in memory; the one that was looked up first is forgotten first. */
const RECORDS = 50_000;

export const createDirectory = (places: readonly Place[], lookups: Lookups): Directory => {
  const trips = new Map<TripId, Place>();
  const drivers = new Map<DriverId, Place>();
  const liveTrips = new Map<PassengerId, TripId>();
  const home = places.at(-1)!;

  const noticedTrip = (place: Place, { state, context }: Actor): void => {
    const { tripId, passengerId } = context as unknown as TripContext;
    if (tripLive(state as TripState)) {
      trips.set(tripId, place);
      liveTrips.set(passengerId, tripId);
      return;
    }
    trips.delete(tripId);
    release(passengerId, tripId);
  };
  const noticedDriver = (place: Place, { state, context }: Actor): void => {
    const { driverId } = context as unknown as DriverContext;
    // Offline in a market they have left for another says nothing about where they are.
    if (state !== "offline") drivers.set(driverId, place);
    else if (drivers.get(driverId) === place) drivers.delete(driverId);
  };
  const release = (passengerId: PassengerId, tripId: TripId): void => {
    if (liveTrips.get(passengerId) === tripId) liveTrips.delete(passengerId);
  };

  return {
    places,
    home,
    placeAt: (position) => places.find((place) => place.contains(position)),
    placeOfTrip: (tripId) => trips.get(tripId),
    placeOfDriver: (driverId) => drivers.get(driverId),
    holdPassenger(passengerId, tripId) {
      if (liveTrips.has(passengerId)) return false;
      liveTrips.set(passengerId, tripId);
      return true;
    },
    releasePassenger: release,
    liveTripOf: (passengerId) => liveTrips.get(passengerId),
    driverRecord: remembered(lookups.driverRecord),
    passengerRecord: remembered(lookups.passengerRecord),
    endedTrip: lookups.trip,
    noticed: (place, actor) =>
      actor.kind === "trip" ? noticedTrip(place, actor) : noticedDriver(place, actor),
  };
};

/**
 * Asks once for each id. An id that is unknown stays unknown: ids of registered users are made by the
 * server at registration, so nobody can come to own one later.
 */
const remembered = <Id, Found>(lookup: (id: Id) => Promise<Found>): ((id: Id) => Promise<Found>) => {
  const records = new Map<Id, Promise<Found>>();
  return (id) => {
    let record = records.get(id);
    if (record === undefined) {
      if (records.size >= RECORDS) records.delete(records.keys().next().value!);
      record = lookup(id);
      records.set(id, record);
      record.catch(() => records.delete(id));
    }
    return record;
  };
};
