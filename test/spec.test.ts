import { describe, expect, test } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const spec = readFileSync(join(root, "SPEC.md"), "utf8");
const rules = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map((found) => found[1]!);
const invariants = [...spec.matchAll(/\*\*(I\d+)\*\* /g)].map((found) => found[1]!);
const known = new Set([...rules, ...invariants]);
const textsOf = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(join(root, folder, file), "utf8"));
const tests = textsOf("test", ".test.ts");
/** Titles begin with the rules they show: `test("E1: …` or `"E1, I4: …`. */
const cited = new Set(
  tests.flatMap((text) =>
    [...text.matchAll(/["'`](?:[A-Z]\d+(?:, | and )?)+:/g)].flatMap(([ids]) => ids.match(/[A-Z]\d+/g) ?? []),
  ),
);

/** Comments cite in brackets, `(E10 to E14)`, or begin with the rule, `E4: …`. */
const citation = /(?:\(|^\/\/ |^\/\*\* |^ *\* )(?:[A-Z]\d+(?:, | and | to |-|\b))+(?=[:).]| \*\/|$)/gm;
const citedInComments = new Set(
  [...textsOf("src", ".ts"), ...textsOf("machines", ".ts")]
    .flatMap((text) => text.match(/\/\/.*|\/\*[^]*?\*\//g) ?? [])
    .flatMap((comment) => comment.match(citation) ?? [])
    .flatMap((cites) => cites.match(/[A-Z]\d+/g) ?? []),
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
    expect([...cited].filter((rule) => !known.has(rule))).toEqual([]);
  });
  test("M3: each rule that a comment cites exists", () => {
    expect(citedInComments.size).toBeGreaterThan(100);
    expect([...citedInComments].filter((rule) => !known.has(rule))).toEqual([]);
  });
});
