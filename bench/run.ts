import { cpus, release, totalmem } from "node:os";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Bench } from "./row.ts";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pickTransport } from "../src/socket/pick-transport.ts";

const names = ["turn", "append", "match-inside", "match", "ping", "recovery"] as const;

/** `npm run bench [-- NAME …] [--json DIR]`: prints a table each, with its control rows; writes one file each. */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
const wanted = positionals.length > 0 ? positionals : names;
const unknown = wanted.find((name) => !(names as readonly string[]).includes(name));
if (unknown !== undefined) {
  console.error(`no benchmark "${unknown}"; there are: ${names.join(", ")}`);
  process.exit(2);
}

// P95: the numbers of another transport would be taken for ours.
const { why } = await pickTransport("auto");
if (why !== null) {
  console.error(`benchmarks are of the native transport: ${why}`);
  process.exit(1);
}

const commit = (() => {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return "unknown";
  }
})();
const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;

console.log(machine);
for (const name of wanted) {
  const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
  const rows = await bench.run();
  console.log(`\n${name}`);
  for (const { label, kind, value, unit, p50_ms, p99_ms, failed } of rows) {
    const tail = p50_ms === undefined ? "" : `   p50 ${p50_ms.toFixed(2)} ms  p99 ${p99_ms?.toFixed(2)} ms`;
    if (failed !== undefined) process.exitCode = 1;
    const verdict = failed === undefined ? "" : `   FAILED: ${failed}`;
    console.log(
      `  ${kind.padEnd(8)}${label.padEnd(58)}${Math.round(value).toLocaleString("en").padStart(12)} ${unit}${tail}${verdict}`,
    );
  }
  if (values.json !== undefined) {
    mkdirSync(values.json, { recursive: true });
    writeFileSync(
      join(values.json, `${name}.json`),
      `${JSON.stringify({ name, commit, machine, rows }, null, 2)}\n`,
    );
  }
}
