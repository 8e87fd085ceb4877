import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A server process of PostgreSQL, as its pid file tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The live PostgreSQL of this cluster, whoever started it; it may still be starting or stopping. */
export const runningPostmaster = (data: string): Postmaster | undefined => {
  const found = pidFile(data);
  return found && isPostgresOf(found.pid, data) ? found : undefined;
};

/** Cheap enough to be asked many times a second. */
export const stillRuns = (pid: number, data: string): boolean =>
  process.platform === "linux" ? isPostgresOf(pid, data) : isAlive(pid);

/**
 * Forgets a pid file whose number another program has now: PostgreSQL would refuse to start for ever.
 * One whose process is gone is left to PostgreSQL, which also looks for backends that remained.
 */
export const dropForeignPidFile = (data: string): void => {
  const found = pidFile(data);
  if (found && isAlive(found.pid) && !isPostgresOf(found.pid, data)) rmSync(join(data, "postmaster.pid"));
};

/** Lines of the file: pid, data directory, start time, port. */
const pidFile = (data: string): Postmaster | undefined => {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
};

const isPostgresOf = (pid: number, data: string): boolean => {
  if (!isAlive(pid)) return false;
  if (process.platform === "win32") return true;
  if (process.platform === "linux") {
    try {
      // PostgreSQL works in its data directory; a dead one that nobody waited for works nowhere.
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    } catch {
      return false;
    }
  }
  return spawnSync("ps", ["-o", "comm=", "-p", String(pid)]).stdout.includes("postgres");
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
