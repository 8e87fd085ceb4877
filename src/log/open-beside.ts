import { existsSync } from "node:fs";
import { join } from "node:path";
import { startEmbedded } from "./embedded/start-embedded.ts";

/** What stands beside a server on its database. */
interface Beside {
  /** True when nobody else uses this database. */
  alone(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens what the server uses, whether the server runs or not: the database at `url`, or the embedded one in `dir`.
 * That is started when it does not run, and stopped again unless somebody uses it by then (E49).
 */
export const openBeside = async <T extends Beside>(
  url: string | null,
  dir: string,
  open: (url: string) => Promise<T>,
): Promise<T> => {
  if (url !== null) return open(url);
  if (!existsSync(join(dir, "cluster")) && !existsSync(join(dir, "elsewhere", "cluster")))
    throw new Error(`there is no database in ${dir}: set DG_DATA_DIR or DATABASE_URL`);
  const embedded = await startEmbedded({ dir, log: () => {} });
  try {
    const opened = await open(embedded.url);
    const close = async (): Promise<void> => {
      const alone = await opened.alone();
      await opened.close();
      if (alone) await embedded.stop();
    };
    return { ...opened, close };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
};
