import { expect, test } from "vitest";
import { parseMarkets } from "../../src/market-file.ts";
import { marketsFile } from "../../bench/city/server/market-file.ts";
import { parseOptions } from "../../bench/city/options.ts";
import { failures, makeReport } from "../../bench/city/report.ts";
import { openTally } from "../../bench/city/tally.ts";

test("B3: options as the contract writes them", () => {
  const args = "--requests day.csv.gz --from 2014-04-02T08:00 --drivers 1500 --speed 600 --minutes 2.5";
  const more = "--kill-at 20 --seed 7 --limit 300 --json out.json";
  expect(parseOptions(`${args} ${more}`.split(" "))).toEqual({
    requests: "day.csv.gz",
    from: "2014-04-02T08:00",
    drivers: 1500,
    speed: 600,
    minutes: 2.5,
    limit: 300,
    url: null,
    killAtS: 20,
    seed: 7,
    json: "out.json",
  });
});

test.each([
  ["", /--requests is missing/],
  ["--requests a.csv --drivers none", /--drivers is not a number above 0: none/],
  ["--requests a.csv --drivers 1.5", /--drivers is not a whole number: 1\.5/],
  ["--requests a.csv --speed 0", /--speed is not a number above 0: 0/],
  ["--requests a.csv --from noon", /--from is not a time: noon/],
  ["--requests a.csv --url nowhere", /--url is not a URL: nowhere/],
  ["--requests a.csv --url http://h:1 --kill-at 5", /--kill-at kills the server this command starts/],
  ["--requests a.csv --gps b.csv", /--gps is not supported/],
  ["--requests a.csv --fast", /--fast/],
])("B3: '%s' is refused with one clear line", (args, line) => {
  expect(() => parseOptions(args.split(" ").filter(Boolean))).toThrow(line);
});

test.each([1, 60, 600, 3600])(
  "B8: the market of speed %i is one the server takes, with offers and speeds to suit",
  (speed) => {
    const [market, ...others] = parseMarkets(marketsFile(speed));
    expect(others).toEqual([]);
    expect(market?.area).toBe(null);
    const { trip, location } = market!.policy;
    expect(trip.offerShownMs).toBe(Math.round(Math.max(1_000, 15_000 / speed)));
    expect(trip.receiptMs).toBeLessThan(trip.offerShownMs);
    expect(trip.offerShownMs).toBeLessThan(trip.offerMs);
    expect(location.maxSpeedMps).toBe(60 * speed);
  },
);

const quiet = { invariants: { I1: 0, I2: 0 }, lost: [], unended: 0 };
const reportOf = (more: { log?: typeof quiet; unended?: number; fault?: string } = {}) => {
  const tally = openTally();
  if (more.fault) tally.fault(more.fault);
  return makeReport({
    tally,
    tookS: 1,
    pings: 0,
    unended: more.unended ?? 0,
    log: more.log ?? quiet,
    server: { rss_mb: null, loop_lag_ms_p99: null },
    loopLagMsP99: 0,
  });
};

test("B9: a run without trouble is no failure", () => {
  expect(failures(reportOf())).toEqual([]);
});

test.each([
  ["a broken invariant", { log: { ...quiet, invariants: { I1: 2, I2: 0 } } }, "I1 is broken 2 times"],
  [
    "a lost command",
    { log: { ...quiet, lost: ["driver:d:k"] } },
    "1 acknowledged commands are not in the log",
  ],
  ["a passenger whose trip goes on", { unended: 1 }, "1 trips did not end"],
  ["a trip the log has open", { log: { ...quiet, unended: 3 } }, "3 trips did not end"],
  ["a protocol error", { fault: "malformed: x" }, "malformed: x (1 times)"],
])("B9: %s fails the run", (_, more, line) => {
  expect(failures(reportOf(more as Parameters<typeof reportOf>[0]))).toEqual([line]);
});

test("B9: every request is matched or not, and ends in exactly one way", () => {
  const tally = openTally();
  tally.counts.requests = 4;
  tally.offered("t1");
  tally.ended("t1", { is: "completed" }, 0, 5);
  tally.ended("t2", { is: "cancelled", by: "passenger" }, 0, null);
  tally.ended("t3", { is: "cancelled", by: "admin" }, 0, null);
  tally.ended("t4", { is: "no_driver_found" }, 0, null);
  const report = makeReport({
    tally,
    tookS: 2,
    pings: 10,
    unended: 0,
    log: null,
    server: { rss_mb: null, loop_lag_ms_p99: null },
    loopLagMsP99: 0,
  });
  expect(report).toMatchObject({
    requests: 4,
    matched: 1,
    unmatched: 3,
    completed: 1,
    cancelled: { passenger: 1, driver: 0, system: 2 },
    pings_per_s: 5,
    invariants: null,
  });
  expect(report.time_to_acceptance_ms.p50).toBeCloseTo(5, 1);
});
