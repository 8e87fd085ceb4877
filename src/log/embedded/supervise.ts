import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, realpathSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../connect.ts";
import { dropForeignPidFile, runningPostmaster, stillRuns } from "./postmaster.ts";
import { settings } from "./settings.ts";
import { ms } from "../../domain/time.ts";
import type { Cluster } from "./cluster.ts";

/** After a crash PostgreSQL replays its own log first. */
const UP_MS = 120_000;
/** A start may fail for so long: a killed predecessor's backends hold the shared memory until they notice. */
const RETRY_MS = 10_000;
const STOP_MS = 20_000;
const LOOK_MS = 100;
const LOG_FILE_BYTES = 10_000_000;
const PROBE_MS = ms(1_000);

/** Brings PostgreSQL up and keeps it up until `stop`. */
export const supervise = async (cluster: Cluster, log: (line: string) => void) => {
  let { pid, ours } = await bringUp(cluster);
  if (!ours) log(`adopted the PostgreSQL that was running on ${cluster.data}`);
  let restart: Promise<void> | undefined;
  const watch = setInterval(() => {
    if (restart || stillRuns(pid, cluster.data)) return;
    log("PostgreSQL is gone: starting it again");
    restart = bringUp(cluster)
      .then((up) => void ({ pid, ours } = up))
      .catch((error: unknown) => log(String(error)))
      .finally(() => (restart = undefined));
  }, LOOK_MS).unref();

  return {
    url: cluster.urlAt(cluster.port),
    pid: () => pid,
    stop: async (): Promise<void> => {
      clearInterval(watch);
      await restart;
      if (!ours && (await usedByOthers(cluster))) return;
      await shutDown(cluster, pid);
    },
  };
};

const bringUp = async (cluster: Cluster): Promise<{ pid: number; ours: boolean }> => {
  const begun = performance.now();
  for (;;) {
    const found = runningPostmaster(cluster.data);
    const waitedMs = performance.now() - begun;
    if (found && (await answers(cluster))) return { pid: found.pid, ours: false };
    if (found && waitedMs > UP_MS) throw new Error(`PostgreSQL on ${cluster.data} does not answer`);
    if (!found) {
      dropForeignPidFile(cluster.data);
      const pid = await start(cluster);
      if (pid !== undefined) return { pid, ours: true };
      if (waitedMs > RETRY_MS) throw new Error(`PostgreSQL does not start: ${lastLine(cluster)}`);
    }
    await sleep(LOOK_MS);
  }
};

/** Undefined when it ended before it answered. */
const start = async (cluster: Cluster): Promise<number | undefined> => {
  // A file, not a pipe: it must be able to write when we are gone.
  const out = openLogFile(join(cluster.dir, "postgres.log"));
  const child = spawn(cluster.binaries().postgres, ["-D", cluster.data, ...settings(cluster.port)], {
    ...cluster.user,
    cwd: cluster.dir,
    // Its own process group: Ctrl-C in a terminal is for the server, which ends the database last.
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  child.unref();
  const gone = new Promise<true>((resolve) => {
    child.once("exit", () => resolve(true));
    child.once("error", () => resolve(true));
  });
  const begun = performance.now();
  while (performance.now() - begun < UP_MS) {
    if (await answers(cluster)) return child.pid;
    if (await Promise.race([gone, sleep(LOOK_MS / 2)])) return undefined;
  }
  return undefined;
};

/** True when a PostgreSQL answers on our port, takes our password and serves our data. */
const answers = (cluster: Cluster): Promise<boolean> =>
  ask<{ dataDirectory: string }>(cluster, `select current_setting('data_directory') as data_directory`)
    .then((row) => row !== undefined && realpathSync(row.dataDirectory) === realpathSync(cluster.data))
    .catch(() => false);

const usedByOthers = (cluster: Cluster): Promise<boolean> =>
  ask(
    cluster,
    `select from pg_stat_activity where application_name = 'dg-do-dispatch' and pid <> pg_backend_pid()`,
  ).then(
    (row) => row !== undefined,
    () => false,
  );

const ask = async <Row>(cluster: Cluster, query: string): Promise<Row | undefined> => {
  const client = connect(cluster.urlAt(cluster.port), { max: 1 });
  try {
    const rows = await client.run((sql) => sql.unsafe(query), PROBE_MS);
    return rows[0] as Row | undefined;
  } finally {
    void client.close();
  }
};

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT the one that needs recovery at the next start. */
const shutDown = async ({ data }: Cluster, pid: number): Promise<void> => {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    const begun = performance.now();
    if (stillRuns(pid, data)) process.kill(pid, signal);
    while (performance.now() - begun < STOP_MS) {
      if (!stillRuns(pid, data)) return;
      await sleep(LOOK_MS / 4);
    }
  }
};

const openLogFile = (path: string): number => {
  if (existsSync(path) && statSync(path).size > LOG_FILE_BYTES) renameSync(path, `${path}.old`);
  return openSync(path, "a");
};

const lastLine = (cluster: Cluster): string =>
  readFileSync(join(cluster.dir, "postgres.log"), "utf8").trim().split("\n").at(-1) ?? "";
