import type { Desk, Place } from "./desk.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import type { Position } from "../domain/geo.ts";
import { distanceM } from "../domain/geo.ts";

/** The market that serves a ride: that of its pickup, where the dropoff is not too far away (P52, P123). */
export const placeOfRide = (desk: Desk, pickup: Position, dropoff: Position): Place | Refusal => {
  const place = desk.placeAt(pickup);
  if (place === undefined) return refusal("outside_area", "the pickup is outside every service area");
  const { maxTripM } = place.policy;
  const straightM = distanceM(pickup, dropoff);
  return straightM <= maxTripM ? place : tooFar(straightM, maxTripM);
};

const tooFar = (straightM: number, maxTripM: number): Refusal =>
  refusal("outside_area", "the dropoff is too far from the pickup", {
    fields: [
      { path: "dropoff", message: `is ${km(straightM)} km away, at most ${km(maxTripM)} km is served` },
    ],
  });

const km = (metres: number): number => Math.ceil(metres / 1_000);
