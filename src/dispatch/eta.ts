import { type S, s } from "../domain/time.ts";
import type { EtaPolicy } from "../domain/policy.ts";
import { assert } from "../domain/assert.ts";

/**
 * Expected driving time in whole seconds for a great-circle distance: coefficient x km ** exponent x the
 * factor of the local hour (0-23). Time is not proportional to distance: the first kilometre is the slowest.
 */
export const etaS = (distanceM: number, policy: EtaPolicy, localHour: number): S => {
  const factor = policy.hourFactors[localHour];
  assert(factor !== undefined, "O13: an hour factor for each of the 24 local hours");
  return s(Math.round(policy.coefficientS * (distanceM / 1_000) ** policy.exponent * factor));
};
