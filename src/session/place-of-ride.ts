import type { Desk, Place } from "./desk.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import type { Ride } from "./quotes.ts";
import { distanceM } from "../domain/geo.ts";

/** The market that serves a ride: that of its pickup, where it has such cars and goes so far (P52, P123, P174). */
export const placeOfRide = (desk: Desk, { pickup, dropoff, vehicleType }: Ride): Place | Refusal => {
  const place = desk.placeAt(pickup);
  if (place === undefined) return refusal("outside_area", "the pickup is outside every service area");
  const { maxTripM, vehicleTypes } = place.policy;
  if (vehicleTypes.length > 0 && !vehicleTypes.includes(vehicleType)) return unknownType(vehicleTypes);
  const straightM = distanceM(pickup, dropoff);
  return straightM <= maxTripM ? place : tooFar(straightM, maxTripM);
};

const unknownType = (known: readonly string[]): Refusal =>
  refusal("invalid", "there is no such vehicle type here", {
    fields: [{ path: "vehicle_type", message: `is none of ${known.join(", ")}` }],
  });

const tooFar = (straightM: number, maxTripM: number): Refusal =>
  refusal("outside_area", "the dropoff is too far from the pickup", {
    fields: [
      { path: "dropoff", message: `is ${km(straightM)} km away, at most ${km(maxTripM)} km is served` },
    ],
  });

const km = (metres: number): number => Math.ceil(metres / 1_000);
