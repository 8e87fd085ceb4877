import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "scenarios");

export const scenarioNames = (): readonly string[] =>
  readdirSync(folder)
    .map((file) => file.replace(/\.json$/, ""))
    .sort();

/** A saved scenario as the options it stands for. Its `about` is for readers. */
export const scenarioArgs = (name: string): readonly string[] => {
  if (!scenarioNames().includes(name))
    throw new Error(`--scenario: no ${name}; there are ${scenarioNames().join(", ")}`);
  const { about: _, ...options } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Readonly<
    Record<string, unknown>
  >;
  return Object.entries(options).map(([option, value]) => `--${option}=${inWords(value)}`);
};

const inWords = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => `${name}=${String(inner)}`)
        .join(",")
    : String(value);
