import { writeFileSync } from "node:fs";
import { compareFiles } from "./compare.ts";
import { findLimit, limitLine, stepLine, type Step } from "./find-limit.ts";
import { parseOptions, type Options } from "./options.ts";
import { failures, reportLines } from "./report.ts";
import { runCity } from "./simulation.ts";

/** Does as asked; the exit code. */
const main = async (args: readonly string[]): Promise<number> => {
  if (args[0] === "--compare") {
    for (const line of compareFiles(args.slice(1))) console.log(line);
    return 0;
  }
  const options = parseOptions(args);
  return options.findLimit ? limit(options) : run(options);
};

const run = async (options: Options): Promise<number> => {
  const report = await runCity(options);
  for (const line of reportLines(report)) console.log(line);
  write(options, report);
  const wrong = failures(report);
  for (const line of wrong) console.error(`FAILED: ${line}`);
  return wrong.length === 0 ? 0 : 1;
};

/** A failing step is what was looked for; without any good step there is no answer. */
const limit = async (options: Options): Promise<number> => {
  const steps: Step[] = [];
  for await (const step of findLimit(options, runCity)) {
    steps.push(step);
    console.log(stepLine(step));
  }
  console.log(limitLine(steps));
  write(options, { steps });
  return steps[0]?.wrong.length === 0 ? 0 : 1;
};

const write = ({ json }: Options, result: object): void => {
  if (json !== null) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
};

let exitCode = 1;
try {
  exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`city: ${error instanceof Error ? error.message : String(error)}`);
}
// Whoever is still connected or waiting is of no interest any more.
process.exit(exitCode);
