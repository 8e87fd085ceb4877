import { chownSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, existsSync, chmodSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Binaries, findBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { supervise } from "./supervise.ts";
import { systemUser, type SystemUser } from "./system-user.ts";

export interface Embedded {
  readonly url: string;
  /** Of the postmaster as of now: it changes when it had to be started again. */
  readonly pid: () => number;
  /** Fast, clean shutdown; one that another server still uses is left running. */
  stop(): Promise<void>;
}

/**
 * Starts the bundled PostgreSQL with its data in `dir`, or adopts the one that a killed server left
 * running there. It is kept running, on one port, until `stop` (E23 to E27).
 */
export const startEmbedded = async (options: {
  readonly dir: string;
  readonly log: (line: string) => void;
}): Promise<Embedded> => {
  mkdirSync(options.dir, { recursive: true });
  const user = systemUser(options.dir);
  const dir = reachable(realpathSync(options.dir), user, options.log);
  // To look for them takes a while, and whoever finds the database running needs none.
  let found: Binaries | undefined;
  const binaries = () => (found ??= findBinaries(dir, user));
  const cluster = await ensureCluster(dir, binaries, user);
  return supervise(cluster, options.log);
};

/**
 * As root the database runs as another user, who cannot enter a data folder below a private home.
 * Then the data lives in `/var/lib`, and a link in the data folder remembers where.
 */
const reachable = (dir: string, user: SystemUser | undefined, log: (line: string) => void): string => {
  if (!user) return dir;
  chownSync(dir, user.uid, user.gid);
  if (spawnSync("test", ["-w", dir], { ...user, cwd: "/" }).status === 0) return dir;
  const link = join(dir, "elsewhere");
  if (!existsSync(link)) {
    const elsewhere = mkdtempSync("/var/lib/dg-do-dispatch-");
    chmodSync(elsewhere, 0o700);
    chownSync(elsewhere, user.uid, user.gid);
    symlinkSync(elsewhere, link);
    log(`${dir} is closed to the database's user: its data is in ${elsewhere}`);
  }
  return realpathSync(link);
};
