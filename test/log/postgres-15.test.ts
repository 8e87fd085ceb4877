import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, chownSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openLog, type Log } from "../../src/log/open-log.ts";
import { systemUser } from "../../src/log/embedded/system-user.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { actorRow, AT, batchOf, eventRow, tripRow } from "../fixtures/rows.ts";

const BIN = "/usr/lib/postgresql/15/bin";
const title = existsSync(BIN)
  ? "on PostgreSQL 15 of the system, with another collation"
  : "on PostgreSQL 15 (skipped: apt-get install postgresql-15)";

describe.skipIf(!existsSync(BIN))(title, () => {
  let dir: string;
  let postgres: ChildProcess;
  let server: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "dg-do-pg15-"));
    const user = systemUser(dir);
    if (user) chownSync(dir, user.uid, user.gid);
    const init = [
      "-D",
      join(dir, "cluster"),
      "-U",
      "dispatch",
      "--auth",
      "trust",
      "--encoding",
      "UTF8",
      "--locale",
      "C.UTF-8",
      "--no-sync",
    ];
    expect(spawnSync(join(BIN, "initdb"), init, { ...user, cwd: dir }).status).toBe(0);
    const port = await freePort();
    const options = [
      "-D",
      join(dir, "cluster"),
      "-p",
      String(port),
      "-c",
      "unix_socket_directories=",
      "-c",
      "listen_addresses=127.0.0.1",
    ];
    postgres = spawn(join(BIN, "postgres"), options, { ...user, cwd: dir, stdio: "ignore" });
    server = `postgres://dispatch@127.0.0.1:${port}/postgres`;
    await vi.waitFor(async () => (await openLog({ url: server })).close(), { timeout: 20_000 });
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => postgres.once("exit", resolve));
    postgres.kill("SIGINT");
    await ended;
    rmSync(dir, { recursive: true });
  });

  test("E20: given an empty database there, when a market lives through append, checkpoint, refusal and recovery, then all of it holds", async () => {
    const database = await freshDatabase(server);
    const log: Log = await openLog({ url: database.url });
    const [market] = await log.take([{ key: "m", name: "M" }]);
    if (!market) throw new Error("no market");
    const rows = ["20000:B", "20000:a"].map((commandId, i) =>
      eventRow(market, { position: i + 1, turn: i + 1, actorId: `t${i}`, commandId, commandHash: i }),
    );
    const claimed = [{ driverId: "d", tripId: "t0" }];
    const lists = [tripRow({ id: "t0", status: "accepted", driverId: "d" })];
    expect(await market.append(batchOf(rows, { claimed, lists }))).toEqual({ is: "committed" });
    expect(await market.append(batchOf([eventRow(market, { position: 3, actorId: "t0" })]))).toMatchObject({
      is: "refused",
      sqlstate: "23505",
    });
    expect((await market.remembered("20000:A", 9)).map((row) => row.commandId)).toEqual([
      "20000:B",
      "20000:a",
    ]);
    const actors = [actorRow(market, { id: "t0" })];
    expect(await market.checkpoint({ position: 1, aliveAt: AT, actors })).toBe(true);
    expect(await market.recover()).toEqual({ checkpoint: 1, actors, tail: [rows[1]] });
    expect(await log.history.invariants()).toEqual({ I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 });
    await log.close();
    await database.drop();
  });

  test("E68: given a dump of a database in use, when it is restored elsewhere, then a server takes its markets with a new epoch and recovers the same", async () => {
    const [from, to] = [await freshDatabase(server), await freshDatabase(server)];
    const log = await openLog({ url: from.url });
    const [market] = await log.take([{ key: "m", name: "M" }]);
    const rows = [eventRow(market!, { commandId: "20000:a", commandHash: 1 })];
    await market!.append(batchOf(rows, { lists: [tripRow()] }));
    const file = join(dir, "dispatch.dump");
    expect(spawnSync(join(BIN, "pg_dump"), ["-Fc", "-f", file, from.url], { cwd: "/" }).status).toBe(0);
    // What comes after the dump is not in it.
    await market!.append(batchOf([eventRow(market!, { position: 2, turn: 2, actorId: "trip-2" })]));
    const restored = spawnSync(join(BIN, "pg_restore"), ["--no-owner", "-d", to.url, file], { cwd: "/" });
    expect(restored.status, String(restored.stderr)).toBe(0);

    const copy = await openLog({ url: to.url });
    const [taken] = await copy.take([{ key: "m", name: "M" }]);
    expect(taken!.taken).toMatchObject({ epoch: market!.taken.epoch + 1, position: 1 });
    expect(await taken!.recover()).toEqual({ checkpoint: 0, actors: [], tail: rows });
    expect(await copy.history.invariants()).toEqual({ I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 });
    await copy.close();
    await log.close();
    await Promise.all([from.drop(), to.drop()]);
  });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
