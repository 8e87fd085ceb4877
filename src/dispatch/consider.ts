import type { Considered, Look } from "../domain/decision.ts";
import type { Near } from "../location/port.ts";
import type { OpenRequest, Rules } from "./propose.ts";
import { etaS } from "./eta.ts";
import { firstFailed } from "./gates.ts";

/** Enough drivers to see why nobody could be asked; a request without candidates asks again every few seconds. */
export const LOOK_AT = 50;

/** What a wave found. */
export interface Found {
  readonly wave: number;
  readonly size: number;
  readonly radiusM: number;
  /** How far the search for it really looked. */
  readonly searchedM: number;
  /** Asked, soonest first. */
  readonly asked: readonly Near[];
}

/**
 * Names for each driver around what came of them. `around`: the nearest, whoever they are, at least as far as
 * was searched, or `LOOK_AT` of them. `taken`: asked for another trip in this call, so idle no more.
 */
export const consider = (
  request: OpenRequest,
  { wave, size, radiusM, searchedM, asked }: Found,
  around: readonly Near[],
  taken: ReadonlySet<string>,
  { eta, fixFreshMs }: Rules,
  localHour: number,
): Look => {
  const { tripId, vehicleType, tried } = request;
  const wanted = { vehicleType, tried, fixFreshMs, radiusM };
  const judge = (near: Near): Considered => {
    const { driverId, fixAgeMs, distanceM } = near;
    const idle = near.idle && !taken.has(driverId);
    const seen = { driverId, idle, fixAgeMs, vehicleType: near.vehicleType, distanceM };
    const isAsked = asked.some((one) => one.driverId === driverId);
    return {
      driverId,
      idle,
      fixAgeMs,
      vehicleType: near.vehicleType,
      distanceM: Math.round(distanceM),
      etaS: etaS(distanceM, eta, localHour),
      tried: tried.includes(driverId),
      verdict: isAsked ? "asked" : (firstFailed(seen, wanted) ?? "enough"),
    };
  };
  const listed = new Set(around.map(({ driverId }) => driverId));
  const further = asked.filter(({ driverId }) => !listed.has(driverId));
  const listedM = around.length < LOOK_AT ? searchedM : Math.min(searchedM, around.at(-1)!.distanceM);
  const candidates = [...around, ...further].map(judge);
  return { tripId, wave, size, radiusM, searchedM: Math.floor(listedM), vehicleType, fixFreshMs, candidates };
};
