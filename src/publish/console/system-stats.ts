import { type Histogram, createWindow, percentilesBetween } from "./rolling.ts";
import type { Feed } from "./consoles.ts";
import type { Peer } from "../../session/desk.ts";
import type { Stats } from "../../protocol/server-messages.ts";

/** What the metrics say at one moment. Counts are since the start of the process. */
export interface Reading {
  /** Wall clock, Unix ms. */
  readonly at: number;
  readonly matchLatencyMs: Histogram;
  readonly firstOfferMs: Histogram;
  readonly requested: number;
  /** Ended orders by status. */
  readonly ended: Readonly<Record<string, number>>;
  readonly pings: number;
  readonly driversByStatus: Readonly<Record<string, number>>;
  readonly activeOrders: number;
  readonly sockets: number;
  readonly loopLagMs: number;
  readonly logLagMs: number;
  /** By law. */
  readonly breaks: Readonly<Record<string, number>>;
  readonly quarantined: number;
}

export interface SystemStatsFeed {
  /** Once a second, whether anybody listens or not: the windows must be full when somebody does. */
  read(reading: Reading): void;
  feed(peer: Peer): Feed;
}

const MINUTE_S = 60;
const HOUR_MINUTES = 60;
/** P141: one of so many is kept for who looks later. */
const SAMPLE_S = 15;

export const createSystemStats = (): SystemStatsFeed => {
  const lastSecond = createWindow<Reading>(2);
  const lastMinute = createWindow<Reading>(MINUTE_S + 1);
  const lastHour = createWindow<Reading>(HOUR_MINUTES + 1);
  const told = createWindow<Stats>(HOUR_MINUTES * 4);
  let reads = 0;
  let newest: Stats | null = null;

  return {
    read(reading) {
      if (reads % MINUTE_S === 0) lastHour.keep(reading);
      lastMinute.keep(reading);
      lastSecond.keep(reading);
      newest = statsOf(reading, lastSecond.oldest()!, lastMinute.oldest()!, lastHour.oldest()!);
      if (reads++ % SAMPLE_S === 0) told.keep(newest);
    },
    feed: (peer) => {
      let first = true;
      return {
        second() {
          if (newest === null) return;
          const history = first ? { history: told.all() } : {};
          if (peer.hint({ type: "system_stats", ...newest, ...history })) first = false;
        },
      };
    },
  };
};

const statsOf = (now: Reading, second: Reading, minute: Reading, hour: Reading): Stats => {
  const ended = countBetween(hour, now, Object.keys(now.ended));
  const { driversByStatus } = now;
  return {
    at: now.at,
    match_latency_ms: percentilesBetween(minute.matchLatencyMs, now.matchLatencyMs),
    time_to_first_offer_ms: percentilesBetween(minute.firstOfferMs, now.firstOfferMs),
    orders_per_minute: now.requested - minute.requested,
    active_drivers: Object.values(driversByStatus).reduce((sum, count) => sum + count, 0),
    drivers_by_status: { ...driversByStatus },
    active_orders: now.activeOrders,
    conversion: share(countBetween(hour, now, ["completed"]), ended),
    cancellation_rate: share(countBetween(hour, now, ["cancelled"]), ended),
    sockets: now.sockets,
    pings_per_second: ((now.pings - second.pings) * 1_000) / Math.max(1_000, now.at - second.at),
    loop_lag_ms: now.loopLagMs,
    log_lag_ms: now.logLagMs,
    invariant_breaks: { ...now.breaks },
    quarantined: now.quarantined,
  };
};

const countBetween = (earlier: Reading, later: Reading, statuses: readonly string[]): number =>
  statuses.reduce((sum, status) => sum + (later.ended[status] ?? 0) - (earlier.ended[status] ?? 0), 0);

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
