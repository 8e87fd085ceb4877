import { existsSync } from "node:fs";
import { join } from "node:path";
import { openReadOnly, type ReadOnlyLog } from "../log/read-only.ts";
import { startEmbedded } from "../log/embedded/start-embedded.ts";

/**
 * The log that the server uses, for reading, whether the server runs or not: the database at `url`, or the embedded
 * one in `dir`. That is started when it does not run, and stopped again unless somebody uses it by then.
 */
export const openForReading = async (url: string | null, dir: string): Promise<ReadOnlyLog> => {
  if (url !== null) return openReadOnly(url);
  if (!existsSync(join(dir, "cluster")) && !existsSync(join(dir, "elsewhere", "cluster")))
    throw new Error(`there is no database in ${dir}: set DG_DATA_DIR or DATABASE_URL`);
  const embedded = await startEmbedded({ dir, log: () => {} });
  try {
    const log = await openReadOnly(embedded.url);
    const close = async (): Promise<void> => {
      const alone = await log.alone();
      await log.close();
      if (alone) await embedded.stop();
    };
    return { ...log, close };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
};
