import { availableParallelism } from "node:os";
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { type Totals, add, inOneLine, noTotals, totalOf } from "./totals.ts";
import { inWords, replayCommand } from "./words.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";
import { tellStory } from "./story.ts";

// `npm run simulate -- [--seeds N] [--from SEED] [--trace]`: plays stories on all cores, exits 1 when a law was
// broken. `--trace`, of a single one: every row and every word of it.

/** So many seeds are one piece of work for a process. */
const PIECE = 25;
/** So many failing stories are shrunk and told; the others are counted. */
const TOLD = 3;

interface Piece {
  readonly from: number;
  readonly count: number;
}

const playPiece = async ({ from, count }: Piece): Promise<Totals> => {
  const total = noTotals();
  for (let seed = from; seed < from + count; seed++) {
    const story = tellStory(seed);
    add(total, totalOf(story, await simulate(story)));
  }
  return total;
};

/** Every core plays pieces until none is left. */
const playAll = async (from: number, seeds: number, told: (total: Totals) => void): Promise<Totals> => {
  const total = noTotals();
  let next = from;
  const takePiece = (): Piece | null => {
    const count = Math.min(PIECE, from + seeds - next);
    if (count <= 0) return null;
    const piece = { from: next, count };
    next += count;
    return piece;
  };
  if (seeds <= PIECE) {
    add(total, await playPiece({ from, count: seeds }));
    return total;
  }
  const core = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(import.meta.filename, { env: { ...process.env, [PLAYS_PIECES]: "1" } });
      const give = (): void => {
        const piece = takePiece();
        if (piece !== null) child.send(piece);
        else child.disconnect();
      };
      child.on("message", (played: Totals) => {
        add(total, played);
        told(total);
        give();
      });
      child.on("error", reject);
      child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a player ended with ${code}`))));
      give();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, core));
  return total;
};
const PLAYS_PIECES = "DG_SIMULATION_PLAYER";

/** The shortest story that still breaks that law, in words. */
const tellFailure = async (seed: number, law: string): Promise<string> => {
  const { story, ending } = await shrink(tellStory(seed), law, (smaller) => simulate(smaller));
  return `${inWords(story, ending.findings)}\n${replayCommand(seed)}`;
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
  for (const { seed, law } of total.failed.slice(0, TOLD)) console.log(`${await tellFailure(seed, law)}\n`);
  for (const { seed, law } of total.failed.slice(TOLD)) console.log(`BROKEN ${law}: ${replayCommand(seed)}`);
  console.log(inOneLine(total, tookMs));
  if (total.failed.length > 0) process.exitCode = 1;
};

if (process.env[PLAYS_PIECES] === undefined)
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
else process.on("message", (piece: Piece) => void playPiece(piece).then((played) => process.send!(played)));
