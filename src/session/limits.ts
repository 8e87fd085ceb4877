import type { Clock } from "../domain/time.ts";

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

/** P40: so many are remembered; the one that was made first is forgotten first. */
const BUCKETS = 100_000;

/** `rate` is read at every take: its numbers may change. */
export const createLimit = (rate: Rate, clock: Clock): Limit => {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(who) {
      const { perS, burst } = rate;
      const now = clock.monotonic();
      let bucket = buckets.get(who);
      if (bucket === undefined) {
        if (buckets.size >= BUCKETS) buckets.delete(buckets.keys().next().value!);
        buckets.set(who, (bucket = { left: burst, at: now }));
      }
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) * perS) / 1_000);
      bucket.at = now;
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perS);
      bucket.left -= 1;
      return 0;
    },
  };
};

/** P40: limits are for the outside; a proxy or a simulator on this machine speaks for many. */
export const isLoopback = (address: string): boolean =>
  /^(127\.|::1$|::ffff:127\.|(0000:){7}0001$|(0000:){5}ffff:7f)/.test(address);
