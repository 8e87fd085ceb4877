/** How often each bound was not exceeded, since the start; the last bound is infinite. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Of what was measured between two moments, as fine as the buckets are; 0 where nothing was. */
export const percentilesBetween = (earlier: Histogram, later: Histogram): Percentiles => {
  const counts = later.counts.map((count, i) => count - (earlier.counts[i] ?? 0));
  const at = (share: number) => quantile(later.bounds, counts, share);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

/** Evenly spread within a bucket, as Prometheus reads it too; past the last finite bound it is that bound. */
const quantile = (bounds: readonly number[], counts: readonly number[], share: number): number => {
  const total = counts.at(-1) ?? 0;
  if (total <= 0) return 0;
  const rank = share * total;
  const i = counts.findIndex((count) => count >= rank);
  const low = bounds[i - 1] ?? 0;
  const high = bounds[i]!;
  if (!Number.isFinite(high)) return low;
  const below = counts[i - 1] ?? 0;
  return low + ((high - low) * (rank - below)) / (counts[i]! - below);
};

/** Readings of the last `length` times that one was kept. */
export const createWindow = <T>(length: number) => {
  const kept: T[] = [];
  return {
    keep(one: T): void {
      if (kept.push(one) > length) kept.shift();
    },
    oldest: (): T | undefined => kept[0],
    all: (): T[] => [...kept],
  };
};
