import { ConfigError, readConfig } from "./config.ts";
import { explain, explainDifference, explainState } from "./replay/explain.ts";
import type { History, MarketRow } from "./log/history.ts";
import { marketNamed } from "./log/market-named.ts";
import { meaning } from "./meaning.ts";
import { openBeside } from "./log/open-beside.ts";
import { openReadOnly } from "./log/read-only.ts";
import { parseArgs } from "node:util";
import { replay } from "./replay/replay.ts";
import { shortIds } from "./replay/short-ids.ts";
import { storyJson } from "./replay/story-json.ts";
import { verifyMarket } from "./replay/verify-market.ts";

const usage = `usage: npm run replay -- TRIP_ID|DRIVER_ID [--at POSITION] [--market KEY_OR_NUMBER] [--json] [--verify]
       npm run replay -- --market KEY_OR_NUMBER --verify [--json]`;
const PROGRESS_MS = 500;

/**
 * `npm run replay`: what happened to a trip or driver, or whether a whole market holds, from the log alone.
 * Exit 0: told, and nothing differs; 1: something differs; 2: not to be had, with one clear line.
 */
const main = async (): Promise<number> => {
  const { id, at, market: named, json, verify } = readArguments();
  const config = readConfig(process.env);
  const log = await openBeside(config.databaseUrl, config.dataDir, openReadOnly);
  try {
    const market = named === null ? null : await marketNamed(log.history, named);
    if (id === null) return await wholeMarket(log.history, market!, json);
    const lives = await replay(log.history, meaning, id, { at, market, verify });
    if (lives.length === 0) throw new ConfigError(await whyNone(log.history, id, placeText(named, at)));
    if (at !== null && lives.length > 1)
      throw new ConfigError(
        `a position belongs to one market: add --market ${lives.map((life) => life.market.key).join(" or ")}`,
      );
    const differences = lives.flatMap((life) => life.differences);
    if (json) console.log(JSON.stringify(storyJson(lives, verify), null, 2));
    else {
      const parts = lives.flatMap((life) =>
        at === null ? [explain(life)] : [explain(life), explainState(life)],
      );
      console.log(shortIds(parts.join("\n\n"), id));
      for (const difference of differences) console.log(explainDifference(difference));
      if (verify && differences.length === 0)
        console.log("\nverified: every row equal, and all that is kept of it");
    }
    return differences.length === 0 ? 0 : 1;
  } finally {
    await log.close();
  }
};

const readArguments = () => {
  const { values, positionals } = parsed();
  const [id = null] = positionals;
  const at = values.at === undefined ? null : Number(values.at);
  const { market = null, json = false, verify = false } = values;
  const wrongAt = at !== null && (!Number.isSafeInteger(at) || at < 1 || id === null);
  if (positionals.length > 1 || wrongAt || (id === null && (market === null || !verify)))
    throw new ConfigError(usage);
  return { id, at, market, json, verify };
};

const parsed = () => {
  try {
    const flag = { type: "boolean" } as const;
    const text = { type: "string" } as const;
    return parseArgs({
      allowPositionals: true,
      options: { at: text, market: text, json: flag, verify: flag },
    });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${usage}`);
  }
};

const whyNone = async (history: History, id: string, place: string): Promise<string> => {
  for (const { kind, market } of await history.find(id)) {
    const volume = kind === "trip" && (await history.volumesOf(market, [id])).get(id);
    if (volume)
      return `trip ${id} is archived, in ${volume}: npm run log -- restore --from FOLDER --trip ${id}`;
  }
  return `no trip or driver ${id}${place} in this log`;
};

const placeText = (market: string | null, at: number | null): string =>
  `${market === null ? "" : ` in market ${market}`}${at === null ? "" : ` up to position ${at}`}`;

/** `--json` gives `{market, rows, archived, replaced, seconds, rows_per_s, found, differences}`: how many, and the first of them. */
const wholeMarket = async (history: History, market: MarketRow, json: boolean): Promise<number> => {
  const started = performance.now();
  const elapsedS = (): number => (performance.now() - started) / 1_000;
  const rate = (rows: number): string => Math.round(rows / elapsedS()).toLocaleString("en");
  let told = started;
  const progress = (rows: number): void => {
    if (!process.stderr.isTTY || performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    const percent = Math.min(100, Math.floor((100 * rows) / market.position));
    process.stderr.write(`\r${rows.toLocaleString("en")} rows, ${percent} %, ${rate(rows)} rows/s `);
  };

  const { rows, archived, replaced, found, first } = await verifyMarket(
    history,
    meaning,
    market.id,
    progress,
  );
  if (told > started) process.stderr.write("\r\x1b[K");
  const seconds = Number(elapsedS().toFixed(2));
  if (json) {
    const speed = { seconds, rows_per_s: Math.round(rows / elapsedS()) };
    const summary = { market: market.key, rows, archived, replaced, ...speed, found, differences: first };
    console.log(JSON.stringify(summary, null, 2));
  } else {
    for (const difference of first) console.log(explainDifference(difference));
    const verdict = found === 0 ? "verified, everything equal" : `${found} differences`;
    const away = archived === 0 ? "" : `; ${archived.toLocaleString("en")} rows are archived`;
    const mended = replaced === 0 ? "" : `; ${replaced.toLocaleString("en")} rows replaced by repairs`;
    console.log(
      `market ${market.key}: ${rows.toLocaleString("en")} rows in ${seconds} s, ${rate(rows)} rows/s: ${verdict}${away}${mended}`,
    );
  }
  return found === 0 ? 0 : 1;
};

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
