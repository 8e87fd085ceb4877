import { type GateName, type Wanted, firstFailed, gatesOf } from "./gates.ts";
import type { Near } from "../location/port.ts";

/** Counts which gate each driver around failed first. One asked for another trip in this call is not idle. */
export const whyNobody = (
  around: readonly Near[],
  wanted: Wanted,
  proposed: ReadonlySet<string>,
): Partial<Record<GateName, number>> => {
  const failed: Partial<Record<GateName, number>> = {};
  for (const near of around) {
    const idle = near.idle && !proposed.has(near.driverId);
    const gate = firstFailed(gatesOf({ ...near, idle }, wanted));
    if (gate !== null) failed[gate] = (failed[gate] ?? 0) + 1;
  }
  return failed;
};
