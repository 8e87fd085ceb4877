import { readFileSync } from "node:fs";

/** Two results of `--json` side by side: every number, its difference and its ratio. */
export const compareFiles = (files: readonly string[]): readonly string[] => {
  const [before, after] = files;
  if (before === undefined || after === undefined || files.length > 2)
    throw new Error("--compare takes two files: --compare A.json B.json");
  return compareLines(numbersIn(before), numbersIn(after), [before, after]);
};

/** A name a number, inner ones as `time_to_first_offer_ms.p95`. */
export type Numbers = ReadonlyMap<string, number>;

/** A table of five columns; what only one side knows has no difference (B14). */
export const compareLines = (
  a: Numbers,
  b: Numbers,
  titles: readonly [string, string],
): readonly string[] => {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const rows = names.map((name) => {
    const [x, y] = [a.get(name), b.get(name)];
    const both = x !== undefined && y !== undefined;
    const difference = both ? (y < x ? "" : "+") + inDigits(y - x) : "";
    return [name, inDigits(x), inDigits(y), difference, both && x !== 0 ? (y / x).toFixed(3) : ""];
  });
  const table = [["", ...titles, "difference", "ratio"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
};

const numbersIn = (file: string): Numbers => {
  try {
    return new Map(flat(JSON.parse(readFileSync(file, "utf8"))));
  } catch (error) {
    throw new Error(`--compare: ${file} is no result of --json: ${(error as Error).message}`, {
      cause: error,
    });
  }
};

function* flat(value: unknown, name = ""): Generator<[string, number]> {
  if (typeof value === "number") yield [name, value];
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value))
      yield* flat(inner, name === "" ? key : `${name}.${key}`);
}

const inDigits = (value: number | undefined): string =>
  value === undefined ? "" : String(Math.round(value * 1000) / 1000);
