import type { Ms } from "../domain/time.ts";

const FLUSH_MS = 1_000;
const CLEAN_EVERY_MS = 60_000;

interface Ports<Row> {
  /** All that waits, and from then on waits no more. */
  take(): readonly Row[];
  write(rows: readonly Row[]): Promise<unknown>;
  readonly rowsAStatement: number;
  /** Forgets some of what is older. */
  forget(before: number): Promise<unknown>;
  readonly keptMs: number;
}

/** Writes what is kept beside the log: in batches, never waited for, and dropped where it would be. */
export const writeBehind = <Row extends { readonly at: Ms }>(ports: Ports<Row>) => {
  const { take, rowsAStatement, keptMs } = ports;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let cleanedAt = 0;
  const counts = { kept: 0, dropped: 0 };

  const write = async (all: readonly Row[]): Promise<void> => {
    for (let i = 0; i < all.length; i += rowsAStatement) {
      const rows = all.slice(i, i + rowsAStatement);
      const written = await ports.write(rows).then(
        () => true,
        () => false, // nothing rests on them
      );
      counts[written ? "kept" : "dropped"] += rows.length;
    }
    const newest = all.at(-1)?.at ?? 0;
    if (newest - cleanedAt < CLEAN_EVERY_MS) return;
    cleanedAt = newest;
    await ports.forget(newest - keptMs).catch(() => undefined);
  };
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const rows = take();
    return (writing = writing.then(() => write(rows)));
  };
  return {
    counts,
    /** Something waits. The next batch waits for the last one: a slow database fills the buffer, not the memory. */
    soon(): void {
      timer ??= setTimeout(() => void writing.then(flush), FLUSH_MS);
    },
    flush,
  };
};
