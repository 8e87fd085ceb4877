import type { DriverId, TripId } from "../domain/ids.ts";
import {
  type DriverState,
  type TripContext,
  type TripState,
  driverStatusOf,
} from "../../machines/context.ts";
import type { Actor } from "../market/ports.ts";
import type { DriverStatus } from "../domain/status.ts";
import type { Place } from "../session/desk.ts";
import { tripLive } from "../../machines/trip-facts.ts";

/** A trip as its newest committed row left it. */
export interface StandingTrip {
  readonly place: Place;
  readonly seq: number;
  readonly state: TripState;
  readonly context: TripContext;
}

/** How trips and drivers stand in the log: what may be told to anybody, where a market's memory may be ahead. */
export interface Standing {
  /** Those that live. */
  readonly trips: ReadonlyMap<TripId, StandingTrip>;
  statusOf(driverId: DriverId): DriverStatus;
  /** Of every actor that was recovered or has moved. */
  noticed(place: Place, actor: Actor): void;
}

export const createStanding = (): Standing => {
  const trips = new Map<TripId, StandingTrip>();
  const drivers = new Map<DriverId, { readonly place: Place; readonly status: DriverStatus }>();
  return {
    trips,
    statusOf: (driverId) => drivers.get(driverId)?.status ?? "offline",
    noticed(place, actor) {
      if (actor.kind === "driver") {
        const id = actor.id as DriverId;
        const status = driverStatusOf[actor.state as DriverState];
        // Offline in a market they have left for another says nothing about how they are there.
        if (status !== "offline") drivers.set(id, { place, status });
        else if (drivers.get(id)?.place === place) drivers.delete(id);
        return;
      }
      const trip = standingTrip(place, actor);
      if (tripLive(trip.state)) trips.set(trip.context.tripId, trip);
      else trips.delete(trip.context.tripId);
    },
  };
};

export const standingTrip = (place: Place, { seq, state, context }: Actor): StandingTrip => ({
  place,
  seq,
  state: state as TripState,
  context: context as unknown as TripContext,
});
