import type { FaultReport, Report } from "../chaos/run.ts";
import { describe, expect, test } from "vitest";
import { alarmsIn } from "../chaos/alarms.ts";
import { failures, reportLines } from "../chaos/report.ts";
import { nothing } from "../chaos/judge.ts";

const fault = (kind: string, recovery_ms: number | null, felt = true): FaultReport => ({
  kind,
  at_s: 1,
  detail: "",
  felt,
  recovery_ms,
});
const sound: Report = {
  minutes: 2,
  seed: 1,
  only: "",
  faults: [fault("a", 30), fault("a", 10), fault("a", 20), fault("b", null), fault("b", 1), fault("b", 2)],
  skipped: {},
  acknowledged: 4_000,
  refused: 0,
  unknown: 7,
  trips: 100,
  server_rss_mb: null,
  ...nothing,
};
const unfelt = { ...sound, faults: [...sound.faults, fault("c", 1, false), fault("c", 1, false)] };
const logged = (level: number, msg: string, more: object = {}): string =>
  JSON.stringify({ level, time: 1, ...more, msg });
const told = (report: Report): string[] =>
  reportLines(report).map((line) => line.trim().split(/\s+/).join(" "));

describe("a run of chaos", () => {
  test("E81: given enough faults and acknowledged commands and no finding, then it is no failure", () => {
    expect(failures(sound, true)).toEqual([]);
  });

  test.each(["lost", "doubled", "gaps", "diverged", "stuck", "broken"] as const)(
    "E81: given something %s, then it fails and says what",
    (kind) => expect(failures({ ...sound, [kind]: ["x"] }, false)).toEqual([`${kind}: x`]),
  );

  test.each([
    [{ acknowledged: 3_999 }, "3999 commands were acknowledged, not 4000"],
    [{ faults: sound.faults.slice(1) }, "5 faults, not 6"],
    [{ only: "disk", acknowledged: 0 }, "0 commands were acknowledged, not 1"],
    [{ only: "disk", faults: [] }, "0 faults, not 1"],
  ])("E81: given too little, %o, then it fails", (more, line) => {
    expect(failures({ ...sound, ...more }, false)).toEqual([`too little was done to show anything: ${line}`]);
  });

  test("E164: given a kind of fault that the machine could not have, or not whole, then it is told, and fails where it is strict", () => {
    const report = { ...sound, skipped: { "disk full": "not root" } };
    expect(told(report)).toContain("SKIPPED disk full: not root");
    expect(failures(report, false)).toEqual([]);
    expect(failures(report, true)).toEqual(["skipped: disk full: not root"]);
  });

  test("E165: given a kind of fault that came again and again and hit nothing, then it is told, and fails in a long run", () => {
    expect(told(unfelt)).toContain("2 c 1 1 1 2 not felt");
    expect(failures(unfelt, true)).toEqual([]);
    const long = { ...unfelt, minutes: 10, acknowledged: 20_000 };
    const many = [...long.faults, ...Array.from({ length: 30 }, () => fault("a", 1))];
    expect(failures({ ...long, faults: many }, true)).toEqual(["never felt: c"]);
    expect(failures({ ...long, faults: [...many, fault("c", 1)] }, true)).toEqual([]);
  });

  test("E166: given what a server said, then what it alarmed of its own making is found, each once, and nothing else", () => {
    const quarantined = logged(50, "an actor is in quarantine", { actor: "trip:1" });
    const mistaken = logged(50, "a request failed midway", { error: "TypeError: x is not a function" });
    const said = [
      logged(40, "slow"),
      logged(50, "append is tried again", { error: 'relation "x" is gone' }),
      logged(50, "a request failed midway", { error: "write CONNECTION_CLOSED" }),
      mistaken,
      quarantined,
      logged(50, "an actor is in quarantine", { actor: "trip:2" }),
      "not a line of its log",
    ];
    expect(alarmsIn(said.join("\n"))).toEqual([mistaken, quarantined]);
  });

  test("E81: faults are told by kind, with the shortest, median and longest recovery, and what nobody ever learned", () => {
    const lines = told(sound);
    expect(lines).toContain("3 a 10 20 30");
    expect(lines).toContain("3 b 1 2 2");
    expect(told({ ...sound, faults: [fault("b", null)] })).toContain("1 b never never never");
    expect(lines.join()).toContain("unknown 7");
  });
});
