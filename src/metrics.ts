import type { Counts } from "./http/ports.ts";
import type { Laws } from "./watch-laws.ts";
import type { TransportName } from "./socket/pick-transport.ts";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { watchLiveHeap } from "./live-heap.ts";

type Read = () => Readonly<Record<string, number>>;

/** What is only true at the moment of a scrape: asked then, never pushed. */
export interface Live {
  /** Open sockets by role. */
  readonly sockets: Read;
  /** Entries waiting for the log, by market name. */
  readonly waiting: Read;
  /** What the server speaks through. */
  readonly transport: TransportName;
  /** Actors in quarantine, by market name. */
  readonly quarantined: Read;
  readonly laws: Laws;
  /** Live trips that need a look, by cause. */
  readonly stuck: Read;
  /** Drivers who are online and need a look, by cause. */
  readonly stuckDrivers: Read;
  /** Trips and drivers that do not hold each other as they say, by kind. */
  readonly brokenBonds: Read;
  /** Decisions of dispatch by what became of their record. */
  readonly decisions: Read;
  /** Points of trips' tracks by what became of them. */
  readonly tracks: Read;
}

/** Every metric by name. No label carries an id, a name or a place (S26). */
export const openMetrics = (live: Live) => {
  const registry = new Registry();

  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers: [registry] });
  /** Reads plain numbers when somebody scrapes: whoever counts, on the hot path or beside it, only adds. */
  const scraped = (
    kind: typeof Counter | typeof Gauge,
    name: string,
    help: string,
    label: string,
    read: Read,
  ) =>
    registry.registerMetric(
      new kind({
        name,
        help,
        labelNames: [label],
        registers: [],
        collect() {
          this.reset();
          for (const [key, value] of Object.entries(read())) this.inc({ [label]: key }, value);
        },
      }),
    );
  const driversByStatus: Record<string, number> = {};
  const pings: Record<string, number> = {};
  const refusals: Record<string, number> = {};
  scraped(Gauge, "active_drivers", "Drivers who are not offline", "status", () => driversByStatus);
  scraped(Gauge, "sockets", "Open WebSockets", "role", live.sockets);
  scraped(Gauge, "market_waiting", "Turns and reads waiting for the log", "market", live.waiting);
  scraped(
    Gauge,
    "quarantined_actors",
    "Trips and drivers in quarantine; must be 0",
    "market",
    live.quarantined,
  );
  scraped(Gauge, "invariant_breaks", "Broken laws of the log; must be 0", "invariant", live.laws.breaks);
  scraped(Gauge, "invariants_unread_rows", "Rows not held to the laws yet", "rows", live.laws.unread);
  registry.registerMetric(
    new Gauge({
      name: "invariants_looked_at_timestamp_seconds",
      help: "When the log was last held to the laws, Unix time; 0: never",
      registers: [],
      collect() {
        this.set(live.laws.lookedAtS());
      },
    }),
  );
  scraped(Gauge, "stuck_trips", "Live trips that need a look; must be 0", "cause", live.stuck);
  scraped(Gauge, "stuck_drivers", "Online drivers that need a look; must be 0", "cause", live.stuckDrivers);
  scraped(
    Gauge,
    "broken_bonds",
    "Trips without their driver and the like; must be 0",
    "kind",
    live.brokenBonds,
  );
  scraped(Counter, "decisions_total", "Decisions of dispatch, kept or dropped", "record", live.decisions);
  scraped(Counter, "track_points_total", "Positions of trips, kept or dropped", "record", live.tracks);
  scraped(Gauge, "transport_info", "1 for the transport in use", "transport", () => ({
    [live.transport]: 1,
  }));
  scraped(Counter, "pings_total", "Driver positions received", "verdict", () => pings);
  scraped(Counter, "refusals_total", "Commands refused", "code", () => refusals);

  return {
    registry,
    /** Plain numbers: see `countTurn` and `tallied`. */
    driversByStatus,
    pings,
    refusals,
    activeTrips: new Gauge({
      name: "active_trips",
      help: "Trips that have not ended",
      registers: [registry],
    }),
    tripRequests: counter("trip_requests_total", "Trips asked for"),
    tripOutcomes: counter("trip_outcomes_total", "Trips ended", "status"),
    tripAlarms: counter("trip_alarms_total", "Trips that need a look by an operator", "alarm"),
    failedMatches: counter("failed_matches_total", "Trips that found no driver", "reason"),
    httpRequests: counter("http_requests_total", "HTTP requests answered", "route", "code"),
    logRows: counter("log_rows_total", "Rows appended to the event log"),
    fenced: counter("fenced_total", "Markets lost to another owner"),
    undone: counter("undone_total", "Batches the log refused, and whose turns were undone"),
    matchLatency: histogram(
      "match_latency_seconds",
      "Time inside the server for one proposal of drivers",
      [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1],
    ),
    timeToFirstOffer: histogram(
      "time_to_first_offer_seconds",
      "From the request of a trip to its first offer",
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180],
    ),
    logAppend: histogram(
      "log_append_seconds",
      "One append to the event log, retries included",
      [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    ),
    logBatchRows: histogram("log_batch_rows", "Rows of one append", [1, 2, 5, 10, 20, 50, 100, 200, 500]),
  };
};
export type Metrics = ReturnType<typeof openMetrics>;

/** Adds what the process itself is measured by: memory, event loop, garbage. */
export const watchProcess = ({ registry }: Metrics): void => {
  collectDefaultMetrics({ register: registry });
  const liveHeap = new Gauge({
    name: "live_heap_bytes",
    help: "Heap in use after the newest full garbage collection",
    registers: [registry],
  });
  watchLiveHeap((bytes) => liveHeap.set(bytes));
};

/** Adds one to a tally. */
export const tallied = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** The part of them that the routes keep and show. */
export const countsOf = (metrics: Metrics): Counts => ({
  answered: (route, code) => metrics.httpRequests.inc({ route, code }),
  refused: (code) => tallied(metrics.refusals, code),
  matched: (tookMs) => metrics.matchLatency.observe(tookMs / 1_000),
  scrape: async () => ({
    contentType: metrics.registry.contentType,
    text: await metrics.registry.metrics(),
  }),
});
