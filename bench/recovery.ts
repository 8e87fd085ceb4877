import { type Fed, type Owed, readFed, readOwed, readPosition } from "./recovery/owed.ts";
import { type ServerProcess, newServer } from "../test/fixtures/server-process.ts";
import { type Bench, type Row, quantile } from "./row.ts";
import type { Filling } from "./recovery/fill.ts";
import { connect } from "../src/log/connect.ts";
import { join } from "node:path";
import { ms } from "../src/domain/time.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "node:child_process";
import { stillRuns } from "../src/log/embedded/postmaster.ts";

// A process lives a market's life through the real runtime into a real log and is killed (SIGKILL). Then the
// server is started as an operator would: from the start of the process to its first `/ready`, to the first
// deadline that was overdue, to the last; against live actors, rows of the log, and rows after the checkpoint. Each
// case is filled once and recovered three times, each time from a copy; what is told are medians. It fails when they
// are not what docs/reliability.md promises.

interface Case extends Omit<Filling, "url" | "market"> {
  readonly label: string;
  readonly postgres: "left running" | "killed too";
}

const RUNS = Number(process.env["RECOVERY_RUNS"] ?? 3);
/** A city is ready after so long at most, where Postgres went on; the first deadline that is overdue is fed so long after. */
const READY_MS = 2_000;
const FIRST_FED_MS = 1_000;

const city = { liveTrips: 10_000, drivers: 20_000 };
const usual = { endedRows: 0, checkpoints: true, postgres: "left running" } as const;
const cases: readonly Case[] = [
  { ...usual, label: "an empty market", liveTrips: 0, drivers: 0 },
  { ...usual, label: "a town", liveTrips: 1_000, drivers: 2_000 },
  { ...usual, label: "a city", ...city },
  { ...usual, label: "a city, its checkpoint missing", ...city, checkpoints: false },
  { ...usual, label: "a city, Postgres killed too", ...city, postgres: "killed too" },
  { ...usual, label: "a city after a long day", ...city, endedRows: 1_000_000 },
];

const MARKET = "city";
const markets = {
  markets: [{ id: MARKET, name: "City", currency: "TJS", time_zone: "Asia/Dushanbe", area: null }],
};
const server = [process.execPath, join("dist", "src", "main.js")] as const;
const LOOK_MS = 5;
/** All deadlines of the filling come within 10 s; the server is away until those of rides have come. */
const AWAY_MS = 10_500;
const ALL_FED_MS = 60_000;

export const bench: Bench = {
  name: "recovery",
  run: async () => {
    const rows: Row[] = [];
    for (const one of cases) rows.push(...(await measured(one)));
    return rows;
  },
};

const measured = async (one: Case): Promise<Row[]> => {
  const process = await newServer({ DG_LOG_LEVEL: "error" }, markets);
  try {
    process.launch(server);
    await process.ready();
    await process.end("SIGKILL");
    const url = process.databaseUrl();
    // Nobody is told of what is filled in, so it need not wait for the disk.
    await fill({ ...one, url: `${url}?synchronous_commit=off`, market: MARKET });
    await sleep(AWAY_MS);
    const client = connect(url, { max: 1 });
    const owed = await readOwed(client);
    await client.close();
    await setAside(url);
    const times: Times[] = [];
    while (times.length < RUNS) {
      await beginAnew(url);
      if (one.postgres === "killed too") await killPostgres(process);
      times.push(await recovered(process, owed));
      await process.end("SIGKILL");
    }
    return rowsOf(one, owed, times);
  } finally {
    await process.remove();
  }
};

/** Fills in a process of its own and kills that in the middle of its life. */
const fill = async (filling: Filling): Promise<void> => {
  const path = join(import.meta.dirname, "recovery", "fill.ts");
  const child = spawn(process.execPath, ["--import", "tsx", path, JSON.stringify(filling)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) => child.once("close", resolve));
  const filled = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
  await Promise.race([
    filled,
    gone.then(() => {
      throw new Error("the filling ended by itself");
    }),
  ]);
  child.kill("SIGKILL");
  await gone;
};

const killPostgres = async (process: ServerProcess): Promise<void> => {
  const pid = process.postgresPid()!;
  globalThis.process.kill(pid, "SIGKILL");
  while (stillRuns(pid, join(process.dataDir, "cluster"))) await sleep(LOOK_MS);
};

const SCRATCH_MS = ms(120_000);

/** What was filled is kept as a database of its own, and each recovery gets a copy. */
const setAside = (url: string): Promise<void> => beside(url, ["alter database postgres rename to filled"]);
/**
 * A Postgres that goes on has in memory what it was at work with; one that is killed replays the writing of the
 * copy: about as much as the filling wrote.
 */
const beginAnew = async (url: string): Promise<void> => {
  await beside(url, [
    "drop database if exists postgres with (force)",
    "checkpoint",
    "create database postgres template filled",
  ]);
  await told(url, ["select count(*) from actor", "select count(*) from event"]);
};
const beside = (url: string, statements: readonly string[]): Promise<void> =>
  told(url.replace(/postgres$/, "template1"), statements);
const told = async (url: string, statements: readonly string[]): Promise<void> => {
  const client = connect(url, {
    max: 1,
    settings: { statement_timeout: String(SCRATCH_MS) },
  });
  for (const statement of statements) await client.run((sql) => sql.unsafe(statement), SCRATCH_MS);
  await client.close();
};

interface Times {
  readonly readyMs: number;
  /** Since ready; null when nothing was overdue. */
  readonly firstFedMs: number | null;
  readonly lastFedMs: number | null;
  readonly fed: Fed;
}

const recovered = async (process: ServerProcess, owed: Owed): Promise<Times> => {
  const begun = performance.now();
  const since = () => performance.now() - begun;
  process.launch(server);
  const client = connect(process.databaseUrl(), { max: 1 });
  try {
    const ready = untilReady(process.url).then(since);
    if (owed.rides + owed.searches === 0)
      return { readyMs: await ready, firstFedMs: null, lastFedMs: null, fed: await readFed(client, 0) };
    const firstFedMs = await until(async () => (await readPosition(client)) > owed.position).then(since);
    let fed = await readFed(client, owed.position);
    const overdue = (): boolean =>
      fed.rides === owed.rides && fed.extended === owed.searches && fed.lapsed === owed.offers;
    const look = async (done: () => boolean): Promise<boolean> => {
      fed = await readFed(client, owed.position);
      return done() || since() > ALL_FED_MS;
    };
    const lastFedMs = await until(() => look(overdue)).then(since);
    await until(() => look(() => fed.searches === owed.searches));
    return { readyMs: await ready, firstFedMs, lastFedMs, fed };
  } finally {
    await client.close();
  }
};

const until = async (done: () => Promise<boolean>): Promise<void> => {
  while (!(await done().catch(() => false))) await sleep(LOOK_MS);
};
const untilReady = (url: string): Promise<void> => until(async () => (await fetch(`${url}/ready`)).ok);

const rowsOf = ({ label, postgres, liveTrips }: Case, owed: Owed, times: readonly Times[]): Row[] => {
  const row = (what: string, value: number, unit: string, failed?: string): Row => ({
    label: `${label}: ${what}`,
    kind: "ours",
    value,
    unit,
    failed,
  });
  const overdue = (what: string, of: (one: Times) => number | null, limitMs: number): Row[] => {
    const since = times.map((one) => (of(one) ?? Number.NaN) - one.readyMs);
    const atMs = quantile(since, 0.5);
    if (Number.isNaN(atMs)) return [];
    return [row(what, atMs, "ms after it was ready", over(atMs, limitMs))];
  };
  const found = `${owed.liveTrips} trips, ${owed.onlineDrivers} drivers, ${owed.position} rows, ${owed.tail} of them after the checkpoint, ${owed.keys} with a key`;
  const readyMs = quantile(
    times.map((one) => one.readyMs),
    0.5,
  );
  const limited = liveTrips > 0 && postgres === "left running";
  const fed = times.map(({ fed: { rides, lapsed, searches } }) => rides + lapsed + searches);
  const all = owed.rides + owed.offers + owed.searches;
  return [
    row("ready", readyMs, `ms with ${found}`, limited ? over(readyMs, READY_MS) : undefined),
    ...overdue("first overdue deadline", (one) => one.firstFedMs, FIRST_FED_MS),
    ...overdue("last overdue deadline", (one) => one.lastFedMs, Infinity),
    row(
      "deadlines fed, each once",
      Math.min(...fed),
      `of ${all}`,
      fed.every((count) => count === all) ? undefined : `${fed.join(", ")} were fed`,
    ),
  ];
};

const over = (value: number, limitMs: number): string | undefined =>
  value > limitMs ? `over ${limitMs} ms` : undefined;
