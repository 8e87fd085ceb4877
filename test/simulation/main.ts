import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Totals, add, inOneLine, noTotals, totalOf, whyTooSlow } from "./totals.ts";
import { openPlayer } from "./player.ts";
import { inWords, replayCommand } from "./words.ts";
import { simulate } from "./simulate.ts";
import { tellFailure } from "./tell-failure.ts";
import { tellStory } from "./story.ts";

// `npm run simulate -- [--seeds N] [--from SEED] [--trace]`: plays stories on all cores, exits 1 when a law was
// broken, or simulated time was too slow. `--trace`, of a single one: every row and every word of it.

/** So many failing stories are shrunk and told; of the others only the commands. */
const TOLD = 3;
/** After so many nobody needs more. */
const ENOUGH = 20;

/** Every core plays stories until none is left. */
const playAll = async (from: number, seeds: number, told: (total: Totals) => void): Promise<Totals> => {
  const total = noTotals();
  let next = from;
  const core = async (): Promise<void> => {
    const player = openPlayer();
    while (next < from + seeds && total.failed.length < ENOUGH) {
      const story = tellStory(next++);
      add(total, totalOf(story, await player.play(story)));
      told(total);
    }
    player.close();
  };
  await Promise.all(Array.from({ length: Math.min(seeds, availableParallelism()) }, core));
  return total;
};

const tellFailures = async ({ failed }: Totals): Promise<void> => {
  const player = openPlayer();
  for (const { seed, first } of failed.slice(0, TOLD))
    console.log(`${await tellFailure(tellStory(seed), first, player)}\n`);
  player.close();
  for (const { seed, first } of failed.slice(TOLD))
    console.log(`BROKEN ${first.law}: ${replayCommand(seed)}`);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { seeds: { type: "string" }, from: { type: "string" }, trace: { type: "boolean" } },
  });
  const [seeds, from] = [Number(values.seeds ?? 1_000), Number(values.from ?? 1)];
  if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(from) || from < 0)
    throw new Error("--seeds and --from are whole numbers");
  if (values.trace) await simulate(tellStory(from), { trace: console.log });
  const started = performance.now();
  const isTerminal = process.stderr.isTTY;
  const total = await playAll(from, seeds, ({ seeds: done, failed }) => {
    if (isTerminal) process.stderr.write(`\r${done} of ${seeds} seeds, ${failed.length} findings `);
  });
  const tookMs = performance.now() - started;
  if (isTerminal) process.stderr.write("\r");
  if (seeds === 1 && total.failed.length === 0) console.log(inWords(tellStory(from), []));
  if (total.failed.length > 0) await tellFailures(total);
  const tooSlow = whyTooSlow(total);
  if (tooSlow !== null) console.log(tooSlow);
  console.log(inOneLine(total, tookMs));
  if (total.failed.length > 0 || tooSlow !== null) process.exitCode = 1;
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
