import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { runningPostmaster } from "./postmaster.ts";
import type { Binaries } from "./binaries.ts";
import type { SystemUser } from "./system-user.ts";

/** A data folder that PostgreSQL can be started on. */
export interface Cluster {
  readonly dir: string;
  /** What PostgreSQL calls its data directory. */
  readonly data: string;
  readonly binaries: () => Binaries;
  readonly user: SystemUser | undefined;
  readonly port: number;
  urlAt(port: number): string;
}

/** Makes the cluster where there is none yet, with a password of its own. */
export const ensureCluster = async (
  dir: string,
  binaries: () => Binaries,
  user: SystemUser | undefined,
): Promise<Cluster> => {
  const data = join(dir, "cluster");
  const passwordFile = join(dir, "password");
  if (!existsSync(data)) await initialize(data, passwordFile, binaries(), user);
  const password = readFileSync(passwordFile, "utf8").trim();
  return {
    dir,
    data,
    binaries,
    user,
    port: await portOf(dir, data),
    urlAt: (port) => `postgres://dispatch:${password}@127.0.0.1:${port}/postgres`,
  };
};

/** Beside, then renamed: a start that is killed half way leaves nothing that looks complete. */
const initialize = async (
  data: string,
  passwordFile: string,
  binaries: Binaries,
  user: SystemUser | undefined,
): Promise<void> => {
  const half = `${data}.new`;
  rmSync(half, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const where = ["--pgdata", half, "--username", "dispatch", "--pwfile", passwordFile];
  const how = ["--auth", "scram-sha-256", "--locale", "C", "--encoding", "UTF8"];
  await promisify(execFile)(binaries.initdb, [...where, ...how], { ...user, cwd: join(data, "..") });
  renameSync(half, data);
};

/** The port is kept, so that a restarted database is where its clients look for it, unless a stranger has it now. */
const portOf = async (dir: string, data: string): Promise<number> => {
  const path = join(dir, "port");
  const kept = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  if (kept > 0 && (runningPostmaster(data) || (await freePort(kept)))) return kept;
  const port = (await freePort(0)) ?? 0;
  writeFileSync(path, String(port));
  return port;
};

/** The port if it is free; 0 asks for any. */
const freePort = (wanted: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(wanted, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
