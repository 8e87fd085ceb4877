import type { Clock } from "./domain/time.ts";
import type { Histogram as Buckets } from "./publish/console/rolling.ts";
import type { Histogram } from "prom-client";
import type { Metrics } from "./metrics.ts";
import type { Place } from "./session/desk.ts";
import type { Reading } from "./publish/console/system-stats.ts";

interface Sources {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly places: readonly Place[];
  activeOrders(): number;
  sockets(): number;
  /** How late the event loop was since it was last asked, p99. */
  loopLagMs(): number;
  breaks(): Readonly<Record<string, number>>;
}

/** Reads what operators see on their consoles from the numbers that Prometheus scrapes. Once a second. */
export const createMetricsReader = ({
  metrics,
  clock,
  places,
  activeOrders,
  sockets,
  loopLagMs,
  breaks,
}: Sources) => {
  let appends = { sum: 0, count: 0 };
  const stalledSince = new Map<Place, { readonly position: number; readonly since: number }>();

  /** How long this market has committed nothing although something waits. */
  const stalledMs = (place: Place): number => {
    const { waiting, position } = place.market.stats;
    const before = stalledSince.get(place);
    const now = clock.monotonic();
    if (waiting > 0 && before?.position === position) return now - before.since;
    stalledSince.set(place, { position, since: now });
    return 0;
  };
  const appendMs = async (): Promise<number> => {
    const { values } = await metrics.logAppend.get();
    const of = (suffix: string) =>
      values.find(({ metricName }) => metricName?.endsWith(suffix) === true)?.value ?? 0;
    const before = appends;
    appends = { sum: of("_sum"), count: of("_count") };
    const count = appends.count - before.count;
    return count === 0 ? 0 : ((appends.sum - before.sum) / count) * 1_000;
  };
  return {
    async read(): Promise<Reading> {
      const outcomes = (await metrics.tripOutcomes.get()).values;
      const logLag = [await appendMs(), ...places.map(stalledMs)];
      return {
        at: Math.floor(clock.wall()),
        matchLatencyMs: await bucketsMs(metrics.matchLatency),
        firstOfferMs: await bucketsMs(metrics.timeToFirstOffer),
        requested: (await metrics.tripRequests.get()).values[0]?.value ?? 0,
        ended: Object.fromEntries(outcomes.map(({ labels, value }) => [String(labels["status"]), value])),
        pings: Object.values(metrics.pings).reduce((sum, count) => sum + count, 0),
        driversByStatus: metrics.driversByStatus,
        activeOrders: activeOrders(),
        sockets: sockets(),
        loopLagMs: loopLagMs(),
        logLagMs: Math.max(...logLag),
        breaks: breaks(),
        quarantined: places.reduce((sum, { market }) => sum + market.quarantine.list().length, 0),
      };
    },
  };
};

const bucketsMs = async (histogram: Histogram): Promise<Buckets> => {
  const buckets = (await histogram.get()).values.filter(
    ({ metricName }) => metricName?.endsWith("_bucket") === true,
  );
  return {
    bounds: buckets.map(({ labels }) => (labels["le"] === "+Inf" ? Infinity : Number(labels["le"]) * 1_000)),
    counts: buckets.map(({ value }) => value),
  };
};
