import type { Place } from "../session/desk.ts";
import { etaS } from "../dispatch/eta.ts";
import { localHour } from "../session/local-hour.ts";

/** Seconds to a pickup so many metres away, at this hour of this market. */
export const pickupEta = ({ timeZone, market, policy }: Place): ((distanceM: number) => number) => {
  const hour = localHour(timeZone, market.now());
  return (distanceM) => etaS(distanceM, policy.eta, hour);
};
