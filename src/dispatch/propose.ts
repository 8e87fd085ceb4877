import { type DriverId, type TripId, driverId } from "../domain/ids.ts";
import type { EtaPolicy, Wave } from "../domain/policy.ts";
import type { LocationIndex, Near } from "../location/port.ts";
import type { Look } from "../domain/decision.ts";
import type { Ms } from "../domain/time.ts";
import type { Position } from "../domain/geo.ts";
import { type Found, LOOK_AT, consider } from "./consider.ts";
import { etaS } from "./eta.ts";
import { waveOf } from "./waves.ts";

/** A trip without a live offer. */
export interface OpenRequest {
  readonly tripId: TripId;
  readonly pickup: Position;
  readonly vehicleType: string;
  /** Never asked again in this trip. */
  readonly tried: readonly string[];
  /** Wave of the newest offer, 0 before the first. */
  readonly wave: number;
  readonly offersLeft: number;
  /** A driver gave it back: its passenger has waited once already. */
  readonly priority: boolean;
  readonly requestedAt: Ms;
}

export type Supply = Pick<LocationIndex, "nearest" | "around">;

export interface Rules {
  readonly waves: readonly Wave[];
  readonly eta: EtaPolicy;
  readonly fixFreshMs: Ms;
}

/** Offer this trip to this driver. Whole seconds and metres: decided numbers that go into the log. */
export interface Proposal {
  readonly tripId: TripId;
  readonly driverId: DriverId;
  readonly wave: number;
  readonly etaS: number;
  readonly distanceM: number;
  readonly fixAgeMs: number;
}

export interface Proposed {
  readonly proposals: readonly Proposal[];
  /** How each request was looked at, in their turn. */
  readonly looks: readonly Look[];
}

/** Pure: who to ask for which trip now. Trip and driver judge each proposal again when it is made an offer. */
export type Propose = (
  open: readonly OpenRequest[],
  supply: Supply,
  rules: Rules,
  localHour: number,
  at: Ms,
) => Proposed;

/** Each request in its turn takes the drivers soonest at its pickup. */
export const nearestWave: Propose = (open, supply, rules, localHour, at) => {
  const proposals: Proposal[] = [];
  const looks: Look[] = [];
  const proposed = new Set<string>(); // O4: one live offer a driver
  for (const request of open.toSorted(byTurn)) {
    if (request.offersLeft <= 0) continue; // the trip's chart ends this search
    const { tripId, pickup } = request;
    const found = nextWave(request, supply, rules, proposed, localHour, at);
    const { asked, wave, radiusM, searchedM } = found;
    // Without a candidate twice as far: shows who is too far. A metre more: whoever ended the search is inside.
    const aroundM = asked.length === 0 ? 2 * radiusM : searchedM + 1;
    const around = supply.around(pickup.lat, pickup.lng, LOOK_AT, aroundM, at);
    looks.push(consider(request, found, around, proposed, rules, localHour));
    for (const near of asked) {
      const id = driverId(near.driverId);
      proposed.add(id);
      proposals.push({
        tripId,
        driverId: id,
        wave,
        etaS: etaS(near.distanceM, rules.eta, localHour),
        distanceM: Math.round(near.distanceM),
        fixAgeMs: near.fixAgeMs,
      });
    }
  }
  return { proposals, looks };
};

// O6: given back first, then the longest waiting; the id makes it the same order every time.
const byTurn = (a: OpenRequest, b: OpenRequest): number =>
  Number(b.priority) - Number(a.priority) || a.requestedAt - b.requestedAt || (a.tripId < b.tripId ? -1 : 1);

/** O8: a wave that finds nobody gives way to the next, wider one at once; what the last one found is the answer. */
const nextWave = (
  request: OpenRequest,
  supply: Supply,
  rules: Rules,
  proposed: ReadonlySet<string>,
  localHour: number,
  at: Ms,
): Found => {
  const last = Math.max(rules.waves.length, request.wave + 1);
  const eta = ({ distanceM }: Near): number => etaS(distanceM, rules.eta, localHour);
  for (let number = request.wave + 1; ; number++) {
    const wave = waveOf(rules.waves, number, request.offersLeft);
    const { free, searchedM } = untried(request, wave, supply, proposed, at);
    if (free.length === 0 && number < last) continue;
    const asked = free.toSorted((a, b) => eta(a) - eta(b)).slice(0, wave.size);
    return { wave: number, ...wave, searchedM, asked };
  }
};

/** At least `wave.size` candidates that may be asked, or all there are; and how far it had to look for them. */
const untried = (
  request: OpenRequest,
  wave: Wave,
  supply: Supply,
  proposed: ReadonlySet<string>,
  at: Ms,
): { readonly free: readonly Near[]; readonly searchedM: number } => {
  const { pickup, tried, vehicleType } = request;
  // O5: ask for more until those excluded cannot hide one who is free.
  for (let limit = wave.size + tried.length; ; limit *= 2) {
    const { found } = supply.nearest(pickup.lat, pickup.lng, limit, wave.radiusM, vehicleType, at);
    const free = found.filter((n) => !tried.includes(n.driverId) && !proposed.has(n.driverId));
    if (found.length < limit) return { free, searchedM: wave.radiusM };
    if (free.length >= wave.size) return { free, searchedM: found.at(-1)!.distanceM };
  }
};
