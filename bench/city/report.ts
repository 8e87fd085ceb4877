import type { Histogram } from "hdr-histogram-js";
import type { LogCheck } from "./server/log-check.ts";
import type { Burden } from "./server/metrics-watch.ts";
import { mean, percentile, type Tally } from "./tally.ts";

/** What `--json` writes. Times in milliseconds of the real clock unless their name says otherwise. */
export type Report = ReturnType<typeof makeReport>;

export interface Outcome {
  readonly tally: Tally;
  /** Real seconds, from the first request to the last one. */
  readonly arrivalsS: number;
  /** And to the end of the last trip. */
  readonly tookS: number;
  readonly pings: number;
  /** Passengers whose trip did not end in time. */
  readonly unended: number;
  /** Null with a server that is not ours. */
  readonly log: LogCheck | null;
  readonly server: Burden;
  /** Of this process: what was measured is only as good as the measurer was idle. */
  readonly loopLagMsP99: number;
}

export const makeReport = ({
  tally,
  arrivalsS,
  tookS,
  pings,
  unended,
  log,
  server,
  loopLagMsP99,
}: Outcome) => {
  const { counts } = tally;
  return {
    requests: counts.requests,
    matched: counts.matched,
    unmatched: counts.requests - counts.matched,
    matched_share: counts.requests === 0 ? null : rounded(counts.matched / counts.requests),
    cancelled: {
      passenger: counts.cancelledByPassenger,
      driver: counts.cancelledByDriver,
      system: counts.cancelledBySystem,
    },
    completed: counts.completed,
    unended: Math.max(unended, log?.unended ?? 0),
    time_to_first_offer_ms: latency(tally.firstOfferMs),
    time_to_acceptance_ms: latency(tally.acceptanceMs),
    pickup_eta_s: spread(tally.pickupEtaS),
    pickup_distance_m: spread(tally.pickupDistanceM),
    arrivals_s: rounded(arrivalsS),
    took_s: rounded(tookS),
    pings,
    pings_per_s: rounded(pings / tookS),
    driver_cancels: counts.driverCancels,
    socket_drops: counts.drops,
    errors: sum(tally.faults),
    faults: Object.fromEntries(tally.faults),
    refusals: Object.fromEntries(tally.refusals),
    acknowledged: tally.history.acknowledged.size,
    acknowledged_lost: log?.lost.length ?? null,
    doubled: log?.doubled.length ?? null,
    diverged: log?.diverged.length ?? null,
    invariants: log?.invariants ?? null,
    server: {
      rss_mb: rounded(server.rss_mb),
      rss_mb_per_min: rounded(server.rss_mb_per_min),
      heap_mb_per_min: rounded(server.heap_mb_per_min),
      loop_lag_ms_p99: rounded(server.loop_lag_ms_p99),
    },
    city: { loop_lag_ms_p99: rounded(loopLagMsP99) },
  };
};

/** Why the run is a failure; empty: it is none (B9). */
export const failures = (report: Report): readonly string[] => [
  ...Object.entries(report.invariants ?? {})
    .filter(([, breaks]) => breaks > 0)
    .map(([rule, breaks]) => `${rule} is broken ${breaks} times`),
  ...(report.acknowledged_lost
    ? [`${report.acknowledged_lost} acknowledged commands are not in the log`]
    : []),
  ...(report.doubled ? [`${report.doubled} passengers got a second trip for one request`] : []),
  ...(report.diverged ? [`${report.diverged} people were told something else than the log says`] : []),
  ...(report.unended > 0 ? [`${report.unended} trips did not end`] : []),
  ...Object.entries(report.faults).map(([what, times]) => `${what} (${times} times)`),
];

/** The report for people: one line a fact. */
export const reportLines = (report: Report): readonly string[] =>
  Object.entries(report).map(([name, value]) => `${name.padEnd(24)} ${inWords(value)}`);

const inWords = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => `${name} ${String(inner)}`)
        .join("  ") || "none"
    : String(value);

/** One line of progress. */
export const progressLine = (
  { counts, faults }: Tally,
  live: number,
  seconds: number,
  sinceLast: { readonly requests: number; readonly pings: number },
): string =>
  [
    `${Math.round(seconds)} s`.padStart(6),
    `requests ${counts.requests} (${sinceLast.requests}/s)`,
    `live ${live}`,
    `completed ${counts.completed}`,
    `cancelled ${counts.cancelledByPassenger + counts.cancelledByDriver}`,
    `no driver ${counts.cancelledBySystem}`,
    `pings ${sinceLast.pings}/s`,
    `errors ${sum(faults)}`,
  ].join("   ");

const latency = (of: Histogram) => ({
  p50: rounded(percentile(of, 50)),
  p95: rounded(percentile(of, 95)),
  p99: rounded(percentile(of, 99)),
});
const spread = (of: Histogram) => ({
  mean: rounded(mean(of)),
  p50: rounded(percentile(of, 50)),
  p90: rounded(percentile(of, 90)),
});
const sum = (counter: ReadonlyMap<string, number>): number =>
  [...counter.values()].reduce((total, times) => total + times, 0);
const rounded = <T extends number | null>(value: T): T =>
  (value === null ? null : Math.round(value * 1000) / 1000) as T;
