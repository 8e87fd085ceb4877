import { type Clock, type Ms, ms } from "../domain/time.ts";

/**
 * Market time: the monotonic clock plus an offset that is fixed here, once, so that time is near the wall
 * clock and never before the market's last sign of life. Wall jumps while running are not seen (M5).
 */
export const marketClock = (clock: Clock, lastAliveAt: Ms | null): (() => Ms) => {
  const offset = Math.max(clock.wall(), lastAliveAt ?? 0) - clock.monotonic();
  return () => ms(Math.floor(clock.monotonic() + offset));
};
