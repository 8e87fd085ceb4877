import type { MarketId, TripId } from "./ids.ts";
import type { Ms } from "./time.ts";

/** Why a driver is not asked: the gates in the order of judging, then `enough`: sooner ones were asked instead. */
export type GateName = "idle" | "fresh" | "vehicle_type" | "not_tried" | "within_radius";
export type Verdict = "asked" | GateName | "enough";

/** A driver as one look around a pickup saw them, and what it made of them. */
export interface Considered {
  readonly driverId: string;
  /** False also while being asked for another trip in the same moment. */
  readonly idle: boolean;
  readonly fixAgeMs: number;
  readonly vehicleType: string;
  readonly distanceM: number;
  readonly etaS: number;
  /** Asked for this trip before, or gave it back. */
  readonly tried: boolean;
  readonly verdict: Verdict;
}

/** One look for drivers for one trip: how far, who was there, who is asked. */
export interface Look {
  readonly tripId: TripId;
  readonly wave: number;
  /** How many the wave may ask, and how far. */
  readonly size: number;
  readonly radiusM: number;
  /** Everybody nearer than this is in `candidates`: the search stops when it has enough, the list at its limit. */
  readonly searchedM: number;
  readonly vehicleType: string;
  readonly fixFreshMs: Ms;
  /** Those around, nearest first; those asked are always among them. */
  readonly candidates: readonly Considered[];
}

/** What is remembered of dispatch beside the log. Looks in a row that found nobody are one record: the last of them. */
export interface Decision extends Look {
  readonly market: MarketId;
  /** 1, 2, 3 … since the trip entered the pool; `since` tells two entries apart. */
  readonly attempt: number;
  /** Market time of the first and of the last look. */
  readonly since: Ms;
  readonly at: Ms;
  readonly looks: number;
}
