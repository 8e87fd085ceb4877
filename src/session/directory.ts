import type { Desk, DriverRecord, PassengerRecord, Place } from "./desk.ts";
import type { DriverContext, TripContext, TripState } from "../../machines/context.ts";
import type { DriverId, PassengerId, TripId } from "../domain/ids.ts";
import type { Actor } from "../market/ports.ts";
import { createRecent } from "../domain/recent.ts";
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

/** P82: names and plates in memory at most; the one that was looked up first is forgotten first. */
const RECORDS = 50_000;

export const createDirectory = (places: readonly Place[], lookups: Lookups): Directory => {
  const trips = new Map<TripId, Place>();
  const drivers = new Map<DriverId, Place>();
  const going = new Map<DriverId, Place>();
  const liveTrips = new Map<PassengerId, TripId>();
  const home = places.at(-1)!;
  const driverRecords = remembered(lookups.driverRecord);

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

  /** M111: one in quarantine may work there: nobody knows, and a repair may say so. */
  const worksIn =
    (id: DriverId) =>
    ({ market }: Place): boolean =>
      (market.peek({ kind: "driver", id })?.state ?? "offline") !== "offline" ||
      market.quarantine.find({ kind: "driver", id }) !== undefined;

  return {
    places,
    home,
    placeAt: (position) => places.find((place) => place.contains(position)),
    placeOfTrip: (tripId) => trips.get(tripId),
    // Committed first: while leaving there is not durable, going elsewhere could become so before it.
    placeOfDriver: (driverId) =>
      drivers.get(driverId) ?? going.get(driverId) ?? places.find(worksIn(driverId)),
    holdDriver: (driverId, place) => void going.set(driverId, place),
    releaseDriver: (driverId) => void going.delete(driverId),
    holdPassenger(passengerId, tripId) {
      if (liveTrips.has(passengerId)) return false;
      liveTrips.set(passengerId, tripId);
      return true;
    },
    releasePassenger: release,
    liveTripOf: (passengerId) => liveTrips.get(passengerId),
    driverRecord: driverRecords.look,
    knownDriver: driverRecords.known,
    registered: (driver) => driverRecords.found(driver.driverId, driver),
    passengerRecord: remembered(lookups.passengerRecord).look,
    endedTrip: bounded(lookups.trip),
    noticed: (place, actor) =>
      actor.kind === "trip" ? noticedTrip(place, actor) : noticedDriver(place, actor),
  };
};

/** M68: more than so many questions at once make nothing faster, and a database that is slow would fill memory. */
const ASKING = 1_000;

const bounded = <Id, Found>(lookup: (id: Id) => Promise<Found>): ((id: Id) => Promise<Found>) => {
  let asking = 0;
  return async (id) => {
    if (asking >= ASKING) throw new Error("too many ended trips are looked up");
    asking += 1;
    return lookup(id).finally(() => (asking -= 1));
  };
};

/**
 * Asks once for each id. An id that is unknown stays unknown: ids of registered users are made by the
 * server at registration, so nobody can come to own one later.
 */
const remembered = <Id, Found>(lookup: (id: Id) => Promise<Found>) => {
  const records = createRecent<Id, Found | Promise<Found>>();
  const found = (id: Id, record: Found | Promise<Found>): void => {
    if (records.fresh >= RECORDS / 2) records.turn();
    records.set(id, record);
  };
  return {
    found,
    known(id: Id): Found | undefined {
      const record = records.get(id);
      return record instanceof Promise ? undefined : record;
    },
    look(id: Id): Promise<Found> {
      const record = records.get(id);
      if (record !== undefined || records.has(id)) return Promise.resolve(record as Found);
      const asked = lookup(id);
      found(id, asked);
      asked.then(
        (told) => records.has(id) && records.set(id, told),
        () => records.delete(id),
      );
      return asked;
    },
  };
};
