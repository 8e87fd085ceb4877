import { ConfigError, readConfig } from "./config.ts";
import { LEAST_DAYS, archiveMarket } from "./archive/archive-market.ts";
import { Differs } from "./log/differs.ts";
import { explainDifference } from "./replay/explain.ts";
import { marketNamed } from "./log/market-named.ts";
import { meaning } from "./meaning.ts";
import { type Archivist, openArchivist } from "./log/archivist.ts";
import { openBeside } from "./log/open-beside.ts";
import { parseArgs } from "node:util";
import { restore } from "./archive/restore.ts";
import { verifyVolume } from "./archive/verify-volume.ts";
import { volumesIn } from "./archive/volume.ts";

const usage = `usage: npm run log -- archive --older-than-days N --to FOLDER [--market KEY_OR_NUMBER]
       npm run log -- verify --from FOLDER [--market KEY]
       npm run log -- restore --from FOLDER [--market KEY] [--trip TRIP_ID]`;

/**
 * `npm run log`: old trips go from the log to files and come back. Exit 0: done, all holds; 1: something differs, or
 * is refused as different; 2: not to be done, with one clear line.
 */
const main = async (): Promise<number> => {
  const { verb, folder, days, market, trip } = readArguments();
  switch (verb) {
    case "archive":
      return onDatabase((archivist) => archive(archivist, folder, days, market));
    case "verify":
      return verify(folder, market);
    case "restore":
      return onDatabase((archivist) => bringBack(archivist, folder, market, trip));
    default:
      return verb satisfies never;
  }
};

const readArguments = () => {
  const { values, positionals } = parsed();
  const { market = null, trip = null } = values;
  const [verb] = positionals;
  const days = Number(values["older-than-days"]);
  const folder = verb === "archive" ? values.to : values.from;
  const known = verb === "archive" || verb === "verify" || verb === "restore";
  if (!known || positionals.length > 1 || folder === undefined) throw new ConfigError(usage);
  if (verb === "archive" && !(Number.isInteger(days) && days >= LEAST_DAYS))
    throw new ConfigError(
      `--older-than-days must be a whole number, ${LEAST_DAYS} or more: commands are remembered for two days`,
    );
  return { verb, folder, days, market, trip } as const;
};

const parsed = () => {
  try {
    const text = { type: "string" } as const;
    return parseArgs({
      allowPositionals: true,
      options: { "older-than-days": text, to: text, from: text, market: text, trip: text },
    });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${usage}`);
  }
};

const onDatabase = async (work: (archivist: Archivist) => Promise<number>): Promise<number> => {
  const config = readConfig(process.env);
  const archivist = await openBeside(config.databaseUrl, config.dataDir, openArchivist);
  try {
    return await work(archivist);
  } finally {
    await archivist.close();
  }
};

const archive = async (
  archivist: Archivist,
  folder: string,
  olderThanDays: number,
  named: string | null,
): Promise<number> => {
  const markets =
    named === null ? await archivist.history.markets() : [await marketNamed(archivist.history, named)];
  let code = 0;
  for (const market of markets) {
    const { volumes, trips, rows, differences } = await archiveMarket(archivist, meaning, market, {
      olderThanDays,
      folder,
    });
    for (const difference of differences) console.log(explainDifference(difference));
    if (differences.length > 0) code = 1;
    const into = volumes.length === 0 ? "no new volume" : volumes.join(", ");
    const left = differences.length > 0 ? "; trips that differ stay in the log" : "";
    console.log(
      `market ${market.key}: ${many(trips, "trip")}, ${many(rows, "row")} archived: ${into}${left}`,
    );
  }
  return code;
};

const verify = async (folder: string, market: string | null): Promise<number> => {
  const volumes = await volumesIn(folder, market);
  if (volumes.length === 0) throw new ConfigError(`there is no archive in ${folder}`);
  let code = 0;
  for (const volume of volumes) {
    const { trips, rows, differences } = await verifyVolume(meaning, folder, volume);
    for (const difference of differences) console.log(explainDifference(difference));
    if (differences.length > 0) code = 1;
    const verdict = differences.length === 0 ? "verified" : many(differences.length, "difference");
    console.log(`${volume}: ${many(trips, "trip")}, ${many(rows, "row")}: ${verdict}`);
  }
  return code;
};

const bringBack = async (
  archivist: Archivist,
  folder: string,
  market: string | null,
  tripId: string | null,
): Promise<number> => {
  const { trips, rows } = await restore(archivist, meaning, folder, { market, tripId });
  if (trips === 0)
    throw new ConfigError(`there is no archived trip${tripId ? ` ${tripId}` : ""} in ${folder}`);
  console.log(`${many(trips, "trip")}: ${many(rows, "row")} restored, the others were there`);
  return 0;
};

const many = (count: number, what: string): string =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof Differs ? 1 : 2;
  },
);
