import { type Reading, createSystemStats } from "../../src/publish/console/system-stats.ts";
import { describe, expect, test } from "vitest";
import type { ServerMessage, SystemStats } from "../../src/protocol/server-messages.ts";
import { percentilesBetween } from "../../src/publish/console/rolling.ts";
import { systemStats } from "../../src/protocol/server-messages.ts";

const bounds = [10, 20, 50, Infinity];
const reading = (at: number, more: Partial<Reading> = {}): Reading => ({
  at,
  matchLatencyMs: { bounds, counts: [0, 0, 0, 0] },
  firstOfferMs: { bounds, counts: [0, 0, 0, 0] },
  requested: 0,
  ended: {},
  pings: 0,
  driversByStatus: {},
  activeOrders: 0,
  sockets: 0,
  loopLagMs: 0,
  logLagMs: 0,
  breaks: { I1: 0 },
  quarantined: 0,
  ...more,
});
const told = (readings: readonly Reading[]): SystemStats => listen(readings)();
/** A console that begins to listen after these readings. */
const listen = (readings: readonly Reading[]): (() => SystemStats) => {
  const stats = createSystemStats();
  for (const one of readings) stats.read(one);
  const heard: ServerMessage[] = [];
  const peer = { push: () => {}, hint: (message: ServerMessage) => Boolean(heard.push(message)) };
  const feed = stats.feed(peer);
  return () => {
    feed.second!();
    return systemStats.parse(heard.at(-1));
  };
};

describe("system_stats", () => {
  test("P109: given nothing measured yet, then every number is 0", () => {
    const nothing = { p50: 0, p95: 0, p99: 0 };
    const stats = {
      at: 1_000,
      match_latency_ms: nothing,
      time_to_first_offer_ms: nothing,
      orders_per_minute: 0,
      active_drivers: 0,
      drivers_by_status: {},
      active_orders: 0,
      conversion: 0,
      cancellation_rate: 0,
      sockets: 0,
      pings_per_second: 0,
      loop_lag_ms: 0,
      log_lag_ms: 0,
      invariant_breaks: { I1: 0 },
      quarantined: 0,
    };
    expect(told([reading(1_000)])).toEqual({ type: "system_stats", ...stats, history: [stats] });
  });

  test("P206: given two actors in quarantine, then the console is told how many", () => {
    expect(told([reading(1_000), reading(2_000, { quarantined: 2 })]).quarantined).toBe(2);
  });

  test("P109: given one request a second for two hours, then a minute's are counted and an hour's ends are shared", () => {
    const readings = Array.from({ length: 7_200 }, (_, i) =>
      // In the first hour all are cancelled, in the second three of four are completed.
      reading(i * 1_000, {
        requested: i,
        pings: i * 300,
        ended:
          i < 3_600
            ? { cancelled: i }
            : {
                cancelled: 3_600,
                completed: Math.floor((i - 3_600) * 0.75),
                no_driver_found: Math.ceil((i - 3_600) * 0.25),
              },
      }),
    );
    const stats = told(readings);
    expect(stats.orders_per_minute).toBe(60);
    expect(stats.pings_per_second).toBe(300);
    expect(stats.conversion).toBeCloseTo(0.75, 1);
    expect(stats.cancellation_rate).toBeLessThan(0.02);
  });

  test("P141: given two hours before a console listens, then its first message has the last hour, one for 15 s, and no other has", () => {
    const hear = listen(Array.from({ length: 7_200 }, (_, i) => reading(i * 1_000, { requested: i })));
    const { history } = hear();
    expect(history).toHaveLength(240);
    expect(history!.map(({ at }) => at)).toEqual(
      Array.from({ length: 240 }, (_, i) => 3_600_000 + i * 15_000),
    );
    expect(history!.at(-1)!.orders_per_minute).toBe(60);
    expect(hear().history).toBeUndefined();
  });

  test("P142: given a broken law, then the next message counts it", () => {
    expect(told([reading(0), reading(1_000, { breaks: { I1: 2 } })]).invariant_breaks).toEqual({ I1: 2 });
  });

  test("P109: given a second that took two, then pings are still by the second", () => {
    expect(told([reading(0), reading(2_000, { pings: 600 })]).pings_per_second).toBe(300);
  });

  test("P109: percentiles are of what was measured between two moments, spread evenly within a bucket", () => {
    const before = { bounds, counts: [1_000, 1_000, 1_000, 1_000] };
    const now = { bounds, counts: [1_050, 1_100, 1_100, 1_100] };
    expect(percentilesBetween(before, now)).toEqual({ p50: 10, p95: 19, p99: 19.8 });
    expect(percentilesBetween(before, { bounds, counts: [1_000, 1_000, 1_000, 1_002] })).toEqual({
      p50: 50,
      p95: 50,
      p99: 50,
    });
  });
});
