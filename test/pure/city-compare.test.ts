import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { slopeOf, unknownBurden } from "../../bench/city/server/metrics-watch.ts";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compareFiles } from "../../bench/city/compare.ts";
import { findLimit, limitLine, type Step } from "../../bench/city/find-limit.ts";
import { parseOptions } from "../../bench/city/options.ts";
import { makeReport } from "../../bench/city/report.ts";
import { openTally, record } from "../../bench/city/tally.ts";

const folder = mkdtempSync(join(tmpdir(), "compare-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: string) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const result = (name: string, content: object) => fileOf(name, JSON.stringify(content));

test("B14: every number of both results stands beside its difference and ratio", () => {
  const a = result("a.json", { matched: 100, time: { p95: 20, p99: null }, errors: 0, only_a: 1 });
  const b = result("b.json", { matched: 80, time: { p95: 25.5, p99: 3 }, errors: 2 });
  const [titles, ...rows] = compareFiles([a, b]).map((line) => line.split(/\s{2,}/));
  expect(titles).toEqual(["", a, b, "difference", "ratio"]);
  expect(rows).toEqual([
    ["matched", "100", "80", "-20", "0.800"],
    ["time.p95", "20", "25.5", "+5.5", "1.275"],
    ["errors", "0", "2", "+2"],
    ["only_a", "1"],
    ["time.p99", "3"],
  ]);
});

test("B3, B14: one file, three files or a file that is no result are refused with one clear line", () => {
  const a = result("a.json", {});
  expect(() => compareFiles([a])).toThrow(/--compare takes two files/);
  expect(() => compareFiles([a, a, a])).toThrow(/--compare takes two files/);
  expect(() => compareFiles([a, join(folder, "absent.json")])).toThrow(/absent\.json is no result of --json/);
  expect(() => compareFiles([a, fileOf("text.json", "matched")])).toThrow(
    /text\.json is no result of --json/,
  );
});

/** A city whose first offers take `offerMs(speed)`; its recording lasts `recordedS` at speed 1. */
const cityOf =
  (offerMs: (speed: number) => number, recordedS = Infinity, fault?: string) =>
  ({ speed, minutes }: { readonly speed: number; readonly minutes: number | null }) => {
    const tally = openTally();
    const arrivalsS = Math.min((minutes ?? 0) * 60, recordedS / speed);
    tally.counts.requests = Math.round(arrivalsS * speed);
    record(tally.firstOfferMs, offerMs(speed));
    if (fault !== undefined && speed > 20) tally.fault(fault);
    return Promise.resolve(
      makeReport({
        tally,
        arrivalsS,
        tookS: arrivalsS,
        pings: 0,
        unended: 0,
        log: null,
        server: unknownBurden,
        loopLagMsP99: 0,
      }),
    );
  };
const options = parseOptions("--requests a.csv --speed 10 --minutes 1 --find-limit".split(" "));

const stepsOf = async (run: ReturnType<typeof cityOf>) => {
  const steps: Step[] = [];
  for await (const step of findLimit(options, run)) steps.push(step);
  return steps;
};

test("B15: the city goes faster until first offers come too late, and the last good rate is named", async () => {
  const steps = await stepsOf(cityOf((speed) => speed * 10));
  expect(steps.map(({ speed, wrong }) => [speed, wrong.length])).toEqual([
    [10, 0],
    [15, 0],
    [22.5, 0],
    [33.8, 1],
  ]);
  expect(limitLine(steps)).toMatch(
    /^last good rate: speed 22\.5 {3}22\.5 requests\/s {3}first offer p95 225/,
  );
});

test("B15: an error is too much as well", async () => {
  const steps = await stepsOf(cityOf(() => 1, Infinity, "internal: x"));
  expect(steps.map(({ speed }) => speed)).toEqual([10, 15, 22.5]);
  expect(steps.at(-1)?.wrong).toEqual(["internal: x (1 times)"]);
});

test("B15: it ends after ten steps, or when the recording cannot fill a step", async () => {
  const endless = await stepsOf(cityOf(() => 1));
  expect(endless).toHaveLength(10);
  expect(limitLine(endless)).toMatch(/the limit lies above it$/);
  const short = await stepsOf(cityOf(() => 1, 1_000));
  expect(short.map(({ speed }) => speed)).toEqual([10, 15]);
});

test("B15: a first step that is too much, or no step at all, is no rate", async () => {
  const steps = await stepsOf(cityOf(() => 300));
  expect(steps).toHaveLength(1);
  expect(limitLine(steps)).toMatch(/^no good rate/);
  expect(limitLine([])).toMatch(/^no good rate/);
});

test("B110: how memory grew is a straight line through what was seen", () => {
  const noisy = [3, 1, 4, 1, 5, 9, 2, 6].map((noise, x) => [x, 100 + 2 * x + (noise % 2)] as const);
  expect(slopeOf(noisy)).toBeCloseTo(2, 0);
  expect(
    slopeOf([
      [0, 5],
      [1, 5],
      [2, 5],
    ]),
  ).toBe(0);
});
