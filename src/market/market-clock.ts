import { type Clock, type Ms, ms } from "../domain/time.ts";

/**
 * Market time: the monotonic clock plus an offset that is fixed here, once, so that time is near the wall
 * clock and never before what the log has of the market. Wall jumps while running are not seen (M5).
 */
export const marketClock = (clock: Clock, ...known: (Ms | null)[]): (() => Ms) => {
  const offset = Math.max(clock.wall(), ...known.map((at) => at ?? 0)) - clock.monotonic();
  return () => ms(Math.floor(clock.monotonic() + offset));
};
