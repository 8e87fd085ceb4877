import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { parseMarkets, readMarkets } from "../../src/market-file.ts";
import { snake } from "../../src/written-policy.ts";
import { join } from "node:path";
import { readFileSync } from "node:fs";

const page = readFileSync(join(import.meta.dirname, "../../docs/markets.md"), "utf8");
const rows = [...page.matchAll(/^\| `([a-z_.]+)` *\| `([^`]+)` *\| ([^|]*?) *\|/gm)].map(
  ([, name, value, unit]) => ({ name: name!, value: JSON.parse(value!) as unknown, unit: unit! }),
);

/** Each number by its path in the file; a list is one. */
const inFile = (value: unknown, path = ""): [string, unknown][] =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? [[path, Array.isArray(value) ? value.map(asWritten) : value]]
    : Object.entries(value).flatMap(([key, inner]) => inFile(inner, path + (path && ".") + snake(key)));
const asWritten = (item: unknown): unknown =>
  typeof item === "object" ? Object.fromEntries(inFile(item)) : item;

describe("docs/markets.md", () => {
  test("P184: it names each number of a policy with its default, and no other", () => {
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual(
      Object.fromEntries(inFile(defaultPolicy)),
    );
    expect(rows.length).toBe(inFile(defaultPolicy).length);
  });

  test("P184: the unit of a number is the one its name ends in", () => {
    const units: Readonly<Record<string, string>> = { ms: "ms", m: "m", s: "s", mps: "m/s" };
    for (const { name, unit } of rows) {
      const end = units[name.split("_").at(-1)!];
      if (end !== undefined) expect([name, unit]).toEqual([name, end]);
    }
    expect(rows.filter(({ name }) => name.startsWith("fare.")).map(({ unit }) => unit)).toEqual(
      Array.from({ length: 5 }, () => "minor units"),
    );
  });

  test("P184: its example is a file that says what the server does without one", () => {
    const example = /```json\n([^]*?)```/.exec(page)![1]!;
    expect(parseMarkets(example)).toEqual({ markets: readMarkets(null).markets, limits: defaultLimits });
  });
});
