import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { unknownBurden } from "../../bench/city/server/metrics-watch.ts";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseMarkets } from "../../src/market-file.ts";
import { usualMix } from "../../bench/city/people/behaviour.ts";
import { scenarioNames } from "../../bench/city/scenario.ts";
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
    gps: null,
    drivers: 1500,
    mix: usualMix,
    speed: 600,
    minutes: 2.5,
    limit: 300,
    url: null,
    killAtS: 20,
    seed: 7,
    findLimit: false,
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
  ["--requests a.csv --find-limit --kill-at 5", /--find-limit starts a server for each step/],
  ["--requests a.csv --scenario nowhere", /--scenario: no nowhere; there are .*wednesday/],
  ["--requests a.csv --fast", /--fast/],
])("B3: '%s' is refused with one clear line", (args, line) => {
  expect(() => parseOptions(args.split(" ").filter(Boolean))).toThrow(line);
});

test("B12: a mix names chances and patience; what it does not name stays usual", () => {
  const mixOf = (mix: string) => parseOptions(["--requests", "a.csv", "--mix", mix]).mix;
  const mix = { ...usualMix, decline: 0.3, patience_s: 120 };
  expect(mixOf("decline=0.3,patience_s=120")).toEqual(mix);
  const folder = mkdtempSync(join(tmpdir(), "mix-"));
  const file = join(folder, "mix.json");
  writeFileSync(file, JSON.stringify({ decline: 0.3, patience_s: 120 }));
  expect(mixOf(file)).toEqual(mix);
  writeFileSync(file, JSON.stringify({ decline: "often" }));
  expect(() => mixOf(file)).toThrow(/decline is not a chance from 0 to 1: often/);
  rmSync(folder, { recursive: true });
});

test.each([
  ["decline=1.1", /decline is not a chance from 0 to 1: 1\.1/],
  ["ignore=", /ignore is not a chance/],
  ["patience_s=0", /patience_s is not a number of seconds/],
  ["kindness=1", /unknown name kindness; known: decline, ignore/],
  ["absent.json", /absent\.json/],
])("B3, B12: a mix of '%s' is refused with one clear line", (mix, line) => {
  expect(() => parseOptions(["--requests", "a.csv", "--mix", mix])).toThrow(line);
});

test("B13: every saved scenario is options the city takes", () => {
  expect(scenarioNames()).toEqual(
    expect.arrayContaining(["killed", "misbehaving", "rainy-evening", "wednesday"]),
  );
  for (const name of scenarioNames())
    expect(parseOptions(["--scenario", name]).requests).toMatch(/\.csv\.gz$/);
});

test("B13: what the command line says wins over the scenario", () => {
  const saved = parseOptions(["--scenario", "misbehaving"]);
  expect(saved.mix).not.toEqual(usualMix);
  expect(parseOptions(["--scenario", "misbehaving", "--drivers", "7", "--seed", "2"])).toEqual({
    ...saved,
    drivers: 7,
    seed: 2,
  });
});

test.each([1, 60, 600, 3600])(
  "B8: the market of speed %i is one the server takes, with offers and speeds to suit",
  (speed) => {
    const [market, ...others] = parseMarkets(marketsFile(speed)).markets;
    expect(others).toEqual([]);
    expect(market?.area).toBe(null);
    const { trip, location } = market!.policy;
    expect(trip.offerShownMs).toBe(Math.round(Math.max(1_000, 15_000 / speed)));
    expect(trip.receiptMs).toBeLessThan(trip.offerShownMs);
    expect(trip.offerShownMs).toBeLessThan(trip.offerMs);
    expect(location.maxSpeedMps).toBe(60 * speed);
  },
);

const quiet = { invariants: { I1: 0, I2: 0 }, lost: [], doubled: [], diverged: [], unended: 0 };
const reportOf = (more: { log?: typeof quiet; unended?: number; fault?: string } = {}) => {
  const tally = openTally();
  if (more.fault) tally.fault(more.fault);
  return makeReport({
    tally,
    arrivalsS: 1,
    tookS: 1,
    pings: 0,
    unended: more.unended ?? 0,
    log: more.log ?? quiet,
    server: unknownBurden,
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
  ["a trip twice", { log: { ...quiet, doubled: ["p1"] } }, "1 passengers got a second trip for one request"],
  [
    "an app that shows something else",
    { log: { ...quiet, diverged: ["the app of p1 …"] } },
    "1 people were told something else than the log says",
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
    arrivalsS: 1,
    tookS: 2,
    pings: 10,
    unended: 0,
    log: null,
    server: unknownBurden,
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
