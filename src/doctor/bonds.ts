import type { DriverContext, TripContext } from "../../machines/context.ts";
import type { Actor, Meaning } from "../market/ports.ts";
import type { Claim } from "../domain/row.ts";
import { keyOf } from "../market/turn.ts";

/** An actor, and what is wrong with it in a few words. */
export interface Complaint {
  readonly kind: "trip" | "driver";
  readonly id: string;
  readonly cause: string;
}

/** Trips and drivers hold each other, both ways, and the claims say the same (I1). What does not is told here. */
export const brokenBonds = (
  meaning: Meaning,
  actors: ReadonlyMap<string, Actor>,
  claims: readonly Claim[],
): Complaint[] => {
  const claimed = new Map(claims.map(({ driverId, tripId }) => [tripId, driverId]));
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
      if (claimed.get(id) !== claim.driverId) tell(`driver ${claim.driverId} has no claim to it`);
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
  for (const { driverId, tripId } of claims)
    if (!tripOf(tripId))
      found.push({
        kind: "driver",
        id: driverId,
        cause: `has a claim to trip ${tripId}, which has ended or never was`,
      });
  return found;
};

const driverOf = (actor: Actor) => actor.context as unknown as DriverContext;
