import { expect, test } from "vitest";
import { propertyTeeth } from "../simulation/property-teeth.ts";
import { teeth } from "../simulation/teeth.ts";
import { join } from "node:path";
import { readFileSync } from "node:fs";

const docs = readFileSync(join(import.meta.dirname, "../../docs/reliability.md"), "utf8");

/** The cells of the only table of a chapter, without its head. */
const tableOf = (chapter: string): string[][] => {
  const [, text = ""] = docs.split(`\n## ${chapter}\n`);
  const lines = text.split("\n## ")[0]!.split("\n");
  const rows = lines.filter((line) => line.startsWith("|")).slice(2);
  return rows.map((row) => row.split("|").slice(1, -1)).map((cells) => cells.map((cell) => cell.trim()));
};

test("E163: the table of teeth in docs/reliability.md is what is taken out: each by name, law, bound, and what else holds it", () => {
  expect(tableOf("Teeth")).toEqual([
    ...teeth.map(({ name, law, seeds, heldBy }) => [name, law, String(seeds), heldBy?.by ?? ""]),
    ...propertyTeeth.map(({ name, law }) => [name, law, "a property", ""]),
  ]);
});
