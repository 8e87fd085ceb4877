import type { Clock } from "../domain/time.ts";
import { createRecent } from "../domain/recent.ts";

/** So many a second in the long run, so many at once. */
export interface Rate {
  readonly perS: number;
  readonly burst: number;
}

/** Token buckets of one kind, by address or by user. */
export interface Limit {
  /** Takes one. 0: allowed; otherwise seconds until the next is, rounded up, for `Retry-After`. */
  take(who: string): number;
}

/** P40: so many are remembered at most; whoever was not heard for longest is forgotten first. */
const BUCKETS = 100_000;

/** `rate` is read at every take: its numbers may change. */
export const createLimit = (rate: Rate, clock: Clock): Limit => {
  const buckets = createRecent<string, { left: number; readonly at: number }>();
  let turnedAt = clock.monotonic();

  return {
    take(who) {
      const { perS, burst } = rate;
      const at = clock.monotonic();
      // M107: who took nothing for so long has a full bucket, and that is as good as none.
      const filled = at - turnedAt >= (burst / perS) * 1_000;
      if (filled || buckets.fresh >= BUCKETS / 2) {
        buckets.turn();
        turnedAt = at;
      }
      const bucket = buckets.get(who) ?? { left: burst, at };
      const left = Math.min(burst, bucket.left + ((at - bucket.at) * perS) / 1_000);
      buckets.set(who, { left: left < 1 ? left : left - 1, at });
      return left < 1 ? Math.ceil((1 - left) / perS) : 0;
    },
  };
};

/** P40: limits are for the outside; a proxy or a simulator on this machine speaks for many. */
export const isLoopback = (address: string): boolean =>
  /^(127\.|::1$|::ffff:127\.|(0000:){7}0001$|(0000:){5}ffff:7f)/.test(address);
