import type { DriverContext, DriverState, TripContext, TripState } from "../machines/context.ts";
import { tripLive } from "../machines/trip-facts.ts";
import type { Actor } from "./market/ports.ts";
import type { ActorRef, JsonObject } from "./domain/row.ts";
import type { OfferId } from "./domain/ids.ts";
import type { DriverEvent, TripEvent } from "../machines/events.ts";
import type { Ms } from "./domain/time.ts";
import type { Release } from "./market/repair.ts";

// What an operator's release makes of a trip or a driver in quarantine, and what the two are to each other.

type Tell = Release["tells"][number];
const tripOf = (actor: Actor) => ({
  state: actor.state as TripState,
  trip: actor.context as unknown as TripContext,
});
const driverOf = (actor: Actor) => actor.context as unknown as DriverContext;
const drivers = (others: Iterable<Actor>): Actor[] => [...others].filter(({ kind }) => kind === "driver");
const toDriver = (driver: Actor, event: DriverEvent): Tell => ({
  to: { kind: "driver", id: driver.id },
  event,
});

/**
 * Cancelled by an operator, free of charge, or ended as it was. Who is bound to it says so themselves: its own word may
 * be an old one.
 */
export const releasedTrip = (actor: Actor, others: Iterable<Actor>, at: Ms, reason: string): Release => {
  const { state, trip } = tripOf(actor);
  const { tripId } = trip;
  const bound = drivers(others);
  const holder = bound.find((driver) => driverOf(driver).tripId === tripId);
  const offered = bound.filter((driver) => driverOf(driver).offer?.tripId === tripId);
  const context: TripContext = tripLive(state)
    ? { ...trip, offers: {}, cancelled: { by: "admin", reason, at, fee: 0 } }
    : trip;
  return {
    state: tripLive(state) ? ("cancelled" satisfies TripState) : state,
    context: context as unknown as JsonObject,
    tells: [
      ...(holder ? [toDriver(holder, { type: "freed", tripId, reason: "cancelled" })] : []),
      ...offered.map((driver) => toDriver(driver, { type: "withdrawn", tripId, reason: "cancelled" })),
    ],
  };
};

/** Offline at once; who drives a live trip, where it stands now, goes offline when it ends. */
export const releasedDriver = (actor: Actor, others: Iterable<Actor>, at: Ms): Release => {
  const driver = driverOf(actor);
  const all = [...others];
  const ride = rideOf(driver, all);
  const context: DriverContext = {
    ...driver,
    since: at,
    offer: null,
    tripId: ride?.tripId ?? null,
    after: ride ? "offline" : "idle",
    lostAt: null,
  };
  return {
    state: ride?.state ?? ("offline" satisfies DriverState),
    context: context as unknown as JsonObject,
    tells: all.flatMap((one) => (one.kind === "trip" ? declined(one, driver) : [])),
  };
};

/** M113: what they are offered the trips say: their own word may be an old one. */
const declined = (trip: Actor, { driverId }: DriverContext): Tell[] =>
  Object.entries(tripOf(trip).trip.offers)
    .filter(([, offer]) => offer.driverId === driverId)
    .map(([offerId]) => ({
      to: { kind: "trip", id: trip.id },
      event: {
        type: "offer.declined",
        offerId: offerId as OfferId,
        driverId,
        reason: "offline",
      } satisfies TripEvent,
    }));

/** False: their trip, or the offer they had, went on without them. */
export const driverAgrees = (actor: Actor, others: Iterable<Actor>): boolean => {
  const ride = rideOf(driverOf(actor), others);
  if (ride !== null) return ride.state === actor.state && ride.tripId === driverOf(actor).tripId;
  return actor.state !== "offered" && driverOf(actor).tripId === null;
};

/** An offer of a trip in quarantine can be neither answered nor timed out: it lapses, which is no miss. */
export const orphansOf = ({ id }: ActorRef, others: Iterable<Actor>): Tell[] =>
  drivers(others)
    .filter((driver) => driverOf(driver).offer?.tripId === id)
    .map((driver) => toDriver(driver, { type: "lapsed", tripId: id as TripContext["tripId"] }));

/** Where a driver of a trip in this state is. */
const legs: { readonly [S in TripState]?: DriverState } = {
  accepted: "to_pickup",
  en_route: "to_pickup",
  arrived: "at_pickup",
  in_progress: "on_trip",
};

/** The live trip that this driver is assigned to, as the trips say. */
const rideOf = ({ driverId }: DriverContext, others: Iterable<Actor>) => {
  for (const actor of others) {
    if (actor.kind !== "trip") continue;
    const { state, trip } = tripOf(actor);
    const leg = legs[state];
    if (leg !== undefined && tripLive(state) && trip.assignment?.driverId === driverId)
      return { state: leg, tripId: trip.tripId };
  }
  return null;
};
