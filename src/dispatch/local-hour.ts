import type { Ms } from "../domain/time.ts";

/** Clocks of today's time zones change at quarters of an hour, so within one the answer stands. */
const QUARTER_MS = 900_000;

/** The hour of the day, 0-23, in an IANA time zone; throws `RangeError` for an unknown zone. */
export const hourIn = (timeZone: string): ((at: Ms) => number) => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  let quarter = Number.NaN;
  let hour = 0;
  return (at) => {
    const now = Math.floor(at / QUARTER_MS);
    if (now !== quarter) {
      hour = Number(format.format(at));
      quarter = now;
    }
    return hour;
  };
};
