import type { Ms } from "../domain/time.ts";

/** A driver as a request sees them. */
export interface Candidate {
  readonly driverId: string;
  readonly idle: boolean;
  readonly fixAgeMs: number;
  readonly vehicleType: string;
  readonly distanceM: number;
}

/** What a request asks of a driver. */
export interface Wanted {
  readonly vehicleType: string;
  readonly tried: readonly string[];
  readonly fixFreshMs: Ms;
  readonly radiusM: number;
}

/** Why a driver is not asked, in the order of judging. */
export type GateName = "idle" | "fresh" | "vehicle_type" | "not_tried" | "within_radius";

export interface Gate {
  readonly gate: GateName;
  readonly value: number | string | boolean;
  readonly threshold: number | string | boolean;
  readonly passed: boolean;
}

/** Every gate with what was measured and what was asked; the first that failed is the reason. */
export const gatesOf = (candidate: Candidate, wanted: Wanted): readonly Gate[] => {
  const tried = wanted.tried.includes(candidate.driverId);
  return [
    { gate: "idle", value: candidate.idle, threshold: true, passed: candidate.idle },
    atMost("fresh", candidate.fixAgeMs, wanted.fixFreshMs),
    {
      gate: "vehicle_type",
      value: candidate.vehicleType,
      threshold: wanted.vehicleType,
      passed: candidate.vehicleType === wanted.vehicleType,
    },
    { gate: "not_tried", value: !tried, threshold: true, passed: !tried },
    atMost("within_radius", candidate.distanceM, wanted.radiusM),
  ];
};

export const firstFailed = (gates: readonly Gate[]): GateName | null =>
  gates.find((gate) => !gate.passed)?.gate ?? null;

const atMost = (gate: GateName, value: number, threshold: number): Gate => ({
  gate,
  value,
  threshold,
  passed: value <= threshold,
});
