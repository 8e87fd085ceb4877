import { ConfigError, readConfig } from "./config.ts";
import { type Diagnosis, examine } from "./doctor/examine.ts";
import { meaning } from "./meaning.ts";
import { openBeside } from "./log/open-beside.ts";
import { openReadOnly } from "./log/read-only.ts";
import { parseArgs } from "node:util";

const usage = "usage: npm run doctor [-- --json]";

/**
 * `npm run doctor`: what is ill in the log, whether the server runs or not; it writes nothing. Exit 0: healthy, 1:
 * something was found, 2: it cannot tell, with one clear line. `--json` gives `{healthy, live: {trips, drivers},
 * breaks: {I1, I2, I3, I4, I7}, findings: [{market, kind, id, gauge, cause, legal}]}`.
 */
const main = async (): Promise<number> => {
  const json = readArguments();
  const config = readConfig(process.env);
  const log = await openBeside(config.databaseUrl, config.dataDir, openReadOnly);
  try {
    const diagnosis = await examine(log.history, meaning);
    const healthy = diagnosis.findings.length === 0 && Object.values(diagnosis.breaks).every((n) => n === 0);
    console.log(json ? JSON.stringify({ healthy, ...diagnosis }, null, 2) : inWords(diagnosis, healthy));
    return healthy ? 0 : 1;
  } finally {
    await log.close();
  }
};

const readArguments = (): boolean => {
  try {
    return parseArgs({ options: { json: { type: "boolean" } } }).values.json ?? false;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${usage}`);
  }
};

const inWords = ({ breaks, findings, live }: Diagnosis, healthy: boolean): string => {
  const rows = findings.map(({ market, kind, id, cause, legal }) => [
    `${kind} ${id}`,
    `market ${market}`,
    cause,
    legal.length === 0 ? "" : `an operator may: ${legal.join(", ")}`,
  ]);
  const broken = Object.entries(breaks).filter(([, count]) => count > 0);
  return [
    ...table(rows),
    ...broken.map(
      ([law, count]) =>
        `law ${law} is broken ${count} times: npm run replay -- --market KEY --verify names the rows`,
    ),
    `live trips: ${live.trips}, drivers online: ${live.drivers}; ${healthy ? "healthy" : `${rows.length} findings, ${broken.length} broken laws`}`,
  ].join("\n");
};

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
};

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
