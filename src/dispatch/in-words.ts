import type { Considered, Decision } from "../domain/decision.ts";

/** What a look came to, for an operator. */
export const attemptInWords = ({ candidates, searchedM, looks, size }: Decision): string => {
  const asked = candidates.filter(({ verdict }) => verdict === "asked").length;
  if (asked > 0) return `asked ${asked} of at most ${size}`;
  const times = looks === 1 ? "" : `, looking ${looks} times`;
  if (candidates.length === 0) return `no driver near${times}`;
  return `nobody within ${km(searchedM)} could be asked${times}`;
};

/** Why a driver was or was not asked, for an operator. `place`: among those free, 1 the soonest. */
export const candidateInWords = (
  { fixFreshMs, vehicleType, radiusM, size }: Decision,
  one: Considered,
  place: number,
): string => {
  switch (one.verdict) {
    case "asked":
      return `asked, ${Math.round(one.etaS / 60)} min away`;
    case "idle":
      return "was busy, paused, offline or being asked for another trip";
    case "fresh":
      return `last position ${s(one.fixAgeMs)} old, over ${s(fixFreshMs)}`;
    case "vehicle_type":
      return `drives ${one.vehicleType}, the trip wants ${vehicleType}`;
    case "not_tried":
      return "had its chance with this trip before";
    case "within_radius":
      return `${km(one.distanceM)} away, over the ${km(radiusM)} of this wave`;
    case "enough":
      return `free, but sooner ones were asked: number ${place}, the wave asks ${size}`;
    default:
      return one.verdict satisfies never;
  }
};

const km = (metres: number): string => `${(metres / 1_000).toFixed(1)} km`;
const s = (durationMs: number): string => `${Math.round(durationMs / 1_000)} s`;
