import { expect, test } from "vitest";
import { failures, reportLines } from "../chaos/report.ts";
import type { Report } from "../chaos/run.ts";
import { nothing } from "../chaos/judge.ts";

const fault = (kind: string, recovery_ms: number | null) => ({ kind, at_s: 1, detail: "", recovery_ms });
const sound: Report = {
  minutes: 2,
  seed: 1,
  faults: [fault("a", 30), fault("a", 10), fault("a", 20), fault("b", null)],
  skipped: { c: "not root" },
  acknowledged: 1_000,
  refused: 0,
  trips: 100,
  server_rss_mb: null,
  ...nothing,
};

test("E81: given enough faults and acknowledged commands and no finding, then the run is no failure", () => {
  expect(failures(sound)).toEqual([]);
});

test.each(["lost", "doubled", "gaps", "diverged", "stuck", "broken"] as const)(
  "E81: given something %s, then the run fails and says what",
  (kind) => expect(failures({ ...sound, [kind]: ["x"] })).toEqual([`${kind}: x`]),
);

test.each([
  [{ acknowledged: 999 }, "empty: only 999 commands were acknowledged"],
  [{ faults: sound.faults.slice(1) }, "empty: there were only 3 faults"],
])("E81: given an empty history, %o, then the run fails", (more, line) => {
  expect(failures({ ...sound, ...more })).toEqual([line]);
});

test("E81: faults are told by kind, with the shortest, median and longest recovery, and what was skipped", () => {
  const lines = reportLines(sound).map((line) => line.trim().split(/\s+/).join(" "));
  expect(lines).toContain("3 a 10 20 30");
  expect(lines).toContain("1 b never never never");
  expect(lines).toContain("skipped c: not root");
});
