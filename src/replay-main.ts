import { ConfigError, readConfig } from "./config.ts";
import { charts } from "./meaning.ts";
import { explain } from "./replay/explain.ts";
import { openLog } from "./log/open-log.ts";
import { parseArgs } from "node:util";
import { replay } from "./replay/replay.ts";
import { startEmbedded } from "./log/embedded/start-embedded.ts";

const usage = "usage: npm run replay -- TRIP_ID|DRIVER_ID [--at POSITION] [--json] [--verify]";

/** `npm run replay`: what happened to a trip or driver, from the log alone. Exit 1: it differs, 2: not to be had. */
const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { at: { type: "string" }, json: { type: "boolean" }, verify: { type: "boolean" } },
  });
  const id = positionals[0];
  const at = values.at === undefined ? null : Number(values.at);
  if (id === undefined || positionals.length > 1 || Number.isNaN(at)) throw new ConfigError(usage);

  const config = readConfig(process.env);
  const embedded =
    config.databaseUrl === null ? await startEmbedded({ dir: config.dataDir, log: () => {} }) : null;
  const log = await openLog({ url: config.databaseUrl ?? embedded!.url });
  try {
    const story = await replay(log.history, charts, id, { at, verify: values.verify ?? false });
    if (story === undefined) throw new ConfigError(`no trip or driver ${id} in this log`);
    if (values.json) console.log(JSON.stringify(story, null, 2));
    else {
      for (const step of story.steps) console.log(explain(step));
      console.log(`${story.steps.length} rows; now ${story.last?.state ?? "nothing"}`);
      if (values.verify)
        console.log(
          story.differences === 0 ? "verified: every row equal" : `${story.differences} differences`,
        );
    }
    return story.differences === 0 ? 0 : 1;
  } finally {
    await log.close();
    await embedded?.stop();
  }
};

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
