import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Whom PostgreSQL runs as: ourselves (undefined), but never root, which it refuses. */
export const systemUser = (dir: string): SystemUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  return ownerOf(join(dir, "cluster")) ?? named("postgres") ?? named("nobody") ?? noUser();
};

/** A cluster that a plain user began stays theirs. */
const ownerOf = (cluster: string): SystemUser | undefined => {
  if (!existsSync(cluster)) return undefined;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? undefined : { uid, gid };
};

const named = (name: string): SystemUser | undefined => {
  const id = (flag: string): number =>
    Number.parseInt(spawnSync("id", [flag, name]).stdout?.toString() ?? "", 10);
  const [uid, gid] = [id("-u"), id("-g")];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
};

const noUser = (): never => {
  throw new Error(
    "PostgreSQL cannot run as root, and there is no user postgres or nobody: start as a plain user or set DATABASE_URL",
  );
};
