import { failures, reportLines } from "./report.ts";
import { faults } from "./faults.ts";
import { parseArgs } from "node:util";
import { runChaos } from "./run.ts";
import { writeFileSync } from "node:fs";

const usage = "npm run chaos -- --minutes M [--seed S] [--only KIND] [--json OUT] [--strict]";

/** Breaks what can break under a real server for a while, and holds it to its promises; the exit code. */
const main = async (): Promise<number> => {
  const text = { type: "string" } as const;
  const strict = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ options: { minutes: text, seed: text, only: text, json: text, strict } });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed ?? 1)];
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error(usage);
  const { only = "" } = values;
  if (!faults.some(({ kind }) => kind.includes(only)))
    throw new Error(`no fault is called ${only}: ${faults.map(({ kind }) => kind).join(", ")}`);
  const report = await runChaos({ minutes, seed, only, tell: (line) => console.log(line) });
  for (const line of reportLines(report)) console.log(line);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const wrong = failures(report, values.strict);
  for (const line of wrong) console.error(`FAILED: ${line}`);
  return wrong.length === 0 ? 0 : 1;
};

let exitCode = 1;
try {
  exitCode = await main();
} catch (error) {
  console.error(`chaos: ${error instanceof Error ? error.message : String(error)}`);
}
// Whoever is still connected or waiting is of no interest any more.
process.exit(exitCode);
