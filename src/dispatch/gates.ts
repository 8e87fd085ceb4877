import type { GateName } from "../domain/decision.ts";
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

export interface Gate {
  readonly gate: GateName;
  readonly value: number | string | boolean;
  readonly threshold: number | string | boolean;
  readonly passed: boolean;
}

type Judge = (candidate: Candidate, wanted: Wanted) => Gate;

const atMost = (gate: GateName, value: number, threshold: number): Gate => ({
  gate,
  value,
  threshold,
  passed: value <= threshold,
});

/** In the order of judging. */
const judges: readonly Judge[] = [
  ({ idle }) => ({ gate: "idle", value: idle, threshold: true, passed: idle }),
  ({ fixAgeMs }, { fixFreshMs }) => atMost("fresh", fixAgeMs, fixFreshMs),
  ({ vehicleType: value }, { vehicleType: threshold }) => ({
    gate: "vehicle_type",
    value,
    threshold,
    passed: value === threshold,
  }),
  ({ driverId }, { tried }) => {
    const passed = !tried.includes(driverId);
    return { gate: "not_tried", value: passed, threshold: true, passed };
  },
  ({ distanceM }, { radiusM }) => atMost("within_radius", distanceM, radiusM),
];

/** Every gate with what was measured and what was asked. */
export const gatesOf = (candidate: Candidate, wanted: Wanted): readonly Gate[] =>
  judges.map((judge) => judge(candidate, wanted));

/** The first gate that fails is the reason; null: the driver may be asked. */
export const firstFailed = (candidate: Candidate, wanted: Wanted): GateName | null => {
  for (const judge of judges) {
    const { gate, passed } = judge(candidate, wanted);
    if (!passed) return gate;
  }
  return null;
};
