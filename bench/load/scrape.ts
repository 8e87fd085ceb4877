/** The server's metrics: `name{label="value"}` -> number. */
export type Metrics = ReadonlyMap<string, number>;

export const scrape = async (url: string): Promise<Metrics> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const metrics = new Map<string, number>();
  for (const [, name, value] of text.matchAll(/^([^#\s]\S*) (\S+)$/gm)) metrics.set(name!, Number(value));
  return metrics;
};

/**
 * A quantile of what a histogram has seen between two scrapes, in its unit: linear within the bucket, as
 * Prometheus' `histogram_quantile` does.
 */
export const quantileBetween = (before: Metrics, after: Metrics, name: string, q: number): number => {
  const prefix = `${name}_bucket{le="`;
  const buckets = [...after]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, count]) => ({
      upTo: Number(key.slice(prefix.length, -2).replace("+Inf", "Infinity")),
      count: count - (before.get(key) ?? 0),
    }));
  const wanted = (buckets.at(-1)?.count ?? 0) * q;
  const i = buckets.findIndex(({ count }) => count >= wanted);
  const [below, { upTo, count } = { upTo: Number.NaN, count: 0 }] = [buckets[i - 1], buckets[i]];
  const from = below?.upTo ?? 0;
  if (upTo === Infinity) return from;
  return from + ((upTo - from) * (wanted - (below?.count ?? 0))) / (count - (below?.count ?? 0));
};
