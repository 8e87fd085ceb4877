import { EARTH_RADIUS_M } from "../domain/geo.ts";
import { type Drivers, AT, PHONE_AT, WIDTH } from "./drivers.ts";
import type { FixVerdict } from "./port.ts";
import type { LocationPolicy } from "../domain/policy.ts";
import { chordSquared } from "./sphere.ts";

// Fixes that waited in a phone arrive in a burst; without a floor each would imply an endless speed.
const SHORTEST_STEP_MS = 2_000;

/** Judges a fix against the driver's last one. A jump is kept aside; nothing else is written. */
export const judgeFix = (
  drivers: Drivers,
  slot: number,
  x: number,
  y: number,
  z: number,
  accuracyM: number,
  phoneAt: number,
  at: number,
  policy: LocationPolicy,
): FixVerdict => {
  const { fix, pending } = drivers;
  const last = slot * WIDTH;
  const aside = slot * 4;
  const lastAt = fix[last + AT]!;
  // L4: only while the last fix is fresh, so that a phone whose clock was set back is not lost for ever.
  const ordered = at - lastAt <= policy.fixFreshMs;
  if (ordered && phoneAt <= fix[last + PHONE_AT]!) return "old"; // false when either is unknown
  if (accuracyM > policy.accuracyM) return "inaccurate";
  if (!Number.isNaN(phoneAt)) fix[last + PHONE_AT] = phoneAt;

  const plausible =
    Number.isNaN(lastAt) ||
    reachable(fix, last, x, y, z, at, policy.maxSpeedMps) ||
    reachable(pending, aside, x, y, z, at, policy.maxSpeedMps); // L6: the jump repeats
  pending[aside] = x;
  pending[aside + 1] = y;
  pending[aside + 2] = z;
  pending[aside + AT] = plausible ? Number.NaN : at;
  return plausible ? "taken" : "jump";
};

/** Could a car come from the fix at `i` to here? A chord is shorter than its arc, by 1 in a million at 30 km. */
const reachable = (
  from: Float64Array,
  i: number,
  x: number,
  y: number,
  z: number,
  at: number,
  maxSpeedMps: number,
): boolean => {
  const stepMs = Math.max(at - from[i + AT]!, SHORTEST_STEP_MS); // NaN: nothing there, never reachable
  const farthest = (maxSpeedMps * stepMs) / 1_000 / EARTH_RADIUS_M;
  return chordSquared(x, y, z, from, i) <= farthest * farthest;
};
