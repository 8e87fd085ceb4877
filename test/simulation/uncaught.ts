import { relative } from "node:path";

/** Rejects with the first thing that was thrown and caught by nobody, until it is released. */
export interface Uncaught {
  readonly thrown: Promise<never>;
  release(): void;
}

export const watchUncaught = (): Uncaught => {
  let notice = (_error: unknown): void => {};
  const thrown = new Promise<never>((_, reject) => (notice = reject));
  const kinds = ["uncaughtException", "unhandledRejection"] as const;
  for (const kind of kinds) process.on(kind, notice);
  return {
    thrown,
    release() {
      for (const kind of kinds) process.off(kind, notice);
    },
  };
};

/** An error, and the line of ours that threw it: `TypeError: … (test/simulation/beliefs.ts:52)`. */
export const whereThrown = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? "").matchAll(/(\/[^\s():]+):(\d+):\d+/g);
  for (const [, path, line] of lines)
    if (!path!.includes("node_modules")) return `${String(error)} (${relative(ROOT, path!)}:${line})`;
  return String(error);
};
const ROOT = `${import.meta.dirname}/../..`;
