import { describe, expect, test } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const rules = [...readFileSync(join(root, "SPEC.md"), "utf8").matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(
  (found) => found[1]!,
);
const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(root, "test", file), "utf8"));
/** Titles begin with the rules they show: `test("E1: …` or `"E1, I4: …`. */
const cited = new Set(
  tests.flatMap((text) =>
    [...text.matchAll(/["'`](?:[A-Z]\d+(?:, | and )?)+:/g)].flatMap(([ids]) => ids.match(/[A-Z]\d+/g) ?? []),
  ),
);

describe("SPEC.md", () => {
  test("M3: each rule has a number of its own", () => {
    expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
    expect(rules.length).toBeGreaterThan(100);
  });
  test("M3: each rule is shown by a test", () => {
    expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
  });
  test("M3: each rule that a test cites exists", () => {
    expect([...cited].filter((rule) => !rule.startsWith("I") && !rules.includes(rule))).toEqual([]);
  });
});
