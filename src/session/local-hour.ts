import type { Ms } from "../domain/time.ts";
import { hourIn } from "../dispatch/local-hour.ts";

const clocks = new Map<string, (at: Ms) => number>();

/** 0-23 in an IANA zone. Zones come from the configuration, so they are few. */
export const localHour = (timeZone: string, at: Ms): number => {
  let clock = clocks.get(timeZone);
  if (clock === undefined) clocks.set(timeZone, (clock = hourIn(timeZone)));
  return clock(at);
};
