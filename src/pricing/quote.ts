import type { EtaPolicy, FarePolicy } from "../domain/policy.ts";
import type { Money } from "../domain/money.ts";
import { assert } from "../domain/assert.ts";
import { etaS } from "../dispatch/eta.ts";
import { roadM } from "../domain/geo.ts";

export interface Quote {
  readonly fare: Money;
  /** Expected driven metres. */
  readonly distanceM: number;
  readonly durationS: number;
}

/**
 * Price of a ride: base + per km + per minute + booking fee, at least the minimum, in whole minor units.
 * `straightM` is the great-circle distance from pickup to dropoff.
 */
export const quote = (
  straightM: number,
  fare: FarePolicy,
  eta: EtaPolicy,
  localHour: number,
  currency: string,
): Quote => {
  const distanceM = roadM(straightM);
  const durationS = etaS(straightM, eta, localHour);
  const metered = fare.perKm * (distanceM / 1_000) + fare.perMinute * (durationS / 60);
  const amount = Math.round(Math.max(fare.minimum, fare.base + metered + fare.booking, 0));
  assert(Number.isSafeInteger(amount), "I7: a fare is a whole number of minor units");
  return { fare: { amount, currency }, distanceM, durationS };
};
