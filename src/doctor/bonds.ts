import type { DriverContext, TripContext } from "../../machines/context.ts";
import type { Actor, Market, Meaning } from "../market/ports.ts";
import type { ActorKind, Claim } from "../domain/row.ts";
import { keyOf } from "../market/turn.ts";

/** An actor, and what is wrong with it in a few words. */
export interface Complaint {
  readonly kind: ActorKind;
  readonly id: string;
  readonly cause: string;
}

type Actors = ReadonlyMap<string, Actor>;

/** Trips and drivers hold each other, both ways. What does not is told here. */
export const brokenBonds = (meaning: Meaning, actors: Actors): Complaint[] => {
  const tripOf = (id: string) => actors.get(keyOf({ kind: "trip", id }));
  const found: Complaint[] = [];

  for (const actor of actors.values()) {
    const { kind, id } = actor;
    const tell = (cause: string): void => void found.push({ kind, id, cause });
    if (kind === "trip") {
      const claim = meaning.claim(actor);
      if (claim === null) continue;
      const driver = actors.get(keyOf({ kind: "driver", id: claim.driverId }));
      if (driver === undefined) tell(`its driver ${claim.driverId} is offline`);
      else if (driverOf(driver).tripId !== id) tell(`its driver ${claim.driverId} is not on it`);
      continue;
    }
    const { tripId, offer } = driverOf(actor);
    if (tripId !== null) {
      const trip = tripOf(tripId);
      if (trip === undefined) tell(`on trip ${tripId}, which has ended or never was`);
      else if (meaning.claim(trip)?.driverId !== id) tell(`on trip ${tripId}, which is not theirs`);
    }
    if (offer !== null) {
      const trip = tripOf(offer.tripId);
      const open = trip && (trip.context as unknown as TripContext).offers[offer.offerId]?.driverId === id;
      if (!open) tell(`has offer ${offer.offerId} of trip ${offer.tripId}, which is not open`);
    }
  }
  return found;
};

/** The claims say the same (I1). */
export const brokenClaims = (meaning: Meaning, actors: Actors, claims: readonly Claim[]): Complaint[] => {
  const claimed = new Map(claims.map(({ driverId, tripId }) => [tripId, driverId]));
  const found: Complaint[] = [];
  for (const actor of actors.values()) {
    const claim = meaning.claim(actor);
    if (claim !== null && claimed.get(claim.tripId) !== claim.driverId)
      found.push({ kind: "trip", id: actor.id, cause: `driver ${claim.driverId} has no claim to it` });
  }
  for (const { driverId, tripId } of claims)
    if (!actors.has(keyOf({ kind: "trip", id: tripId })))
      found.push({
        kind: "driver",
        id: driverId,
        cause: `has a claim to trip ${tripId}, which has ended or never was`,
      });
  return found;
};

/** Broken bonds of markets at work by who tells, for a gauge. Nobody is held by an actor in quarantine. */
export const countBrokenBonds = (
  meaning: Meaning,
  markets: readonly Pick<Market, "all" | "quarantine">[],
): Readonly<Record<ActorKind, number>> => {
  const count = { trip: 0, driver: 0 };
  for (const market of markets) {
    const actors = new Map<string, Actor>();
    for (const kind of ["trip", "driver"] as const)
      for (const actor of market.all(kind)) if (meaning.live(actor)) actors.set(keyOf(actor), actor);
    for (const held of market.quarantine.list()) actors.delete(keyOf(held));
    for (const { kind } of brokenBonds(meaning, actors)) count[kind]++;
  }
  return count;
};

const driverOf = (actor: Actor) => actor.context as unknown as DriverContext;
