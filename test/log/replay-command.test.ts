import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { marketId } from "../../src/domain/ids.ts";
import { meaning } from "../../src/meaning.ts";
import { runningPostmaster } from "../../src/log/embedded/postmaster.ts";
import { tmpdir } from "node:os";
import { verifyMarket } from "../../src/replay/verify-market.ts";

// The command as it is run, in a process of its own.

let town: ReplayTown;
beforeAll(async () => {
  town = await replayTown();
  await liveHalfADay(town);
});
afterAll(() => town.close());

const root = join(import.meta.dirname, "../..");
const command = (env: Record<string, string>, ...words: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const { PATH = "", HOME = "" } = process.env;
    const options = { cwd: root, env: { PATH, HOME, ...env } };
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "src/replay-main.ts", ...words],
      options,
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
const onTown = (...words: string[]) => command({ DATABASE_URL: town.database.url }, ...words);

test("E47: given a server at work, when a market is verified meanwhile, then nothing differs", async () => {
  const stop = new AbortController();
  const working = (async () => {
    for (let trip = 10; !stop.signal.aborted; trip++) {
      await town.say("create", 0, trip);
      await town.say("admin cancels", 0, trip);
    }
  })();
  for (let i = 0; i < 3; i++)
    expect(await verifyMarket(town.reader.history, meaning, marketId(1))).toMatchObject({ found: 0 });
  stop.abort();
  await working;
});

test("E48: given the command, then it exits 0 where all is equal, 1 where something differs, 2 with one line where there is nothing to tell", async () => {
  expect(await onTown("t1", "--verify")).toMatchObject({
    code: 0,
    out: expect.stringContaining("verified") as string,
  });
  expect(await onTown("--market", "town", "--verify", "--json")).toMatchObject({ code: 0 });
  expect(await onTown("nobody")).toMatchObject({ code: 2, err: "no trip or driver nobody in this log\n" });
  expect(await onTown("--market", "city", "--verify")).toMatchObject({
    code: 2,
    err: "no market city in this log, only town, valley\n",
  });
  expect((await onTown("t1", "--at", "x")).err).toMatch(/^usage: /);
  await town.sql("update event set changes = '{}' where actor_id = 't1' and type = 'driver.arrived'");
  const one = await onTown("t1", "--verify");
  expect(one).toMatchObject({
    code: 1,
    out: expect.stringMatching(/DIFFERS {2}event \d+ {2}changes\.arrivedAt/) as string,
  });
  const whole = await onTown("--market", "1", "--verify");
  expect(whole).toMatchObject({ code: 1, out: expect.stringMatching(/rows\/s: \d+ differences/) as string });
});

test("E49: given an embedded database, then it is read while its server runs, which goes on, and started for reading when not, and stopped again", async () => {
  const dir = mkdtempSync(join(tmpdir(), "dg-do-replay-"));
  const missing = await command({ DG_DATA_DIR: dir }, "--market", "m", "--verify");
  expect(missing).toMatchObject({
    code: 2,
    err: expect.stringContaining("there is no database in") as string,
  });

  const fixture = join(root, "test/fixtures/embedded-server.ts");
  const server = spawn(process.execPath, ["--import", "tsx", fixture, dir], { cwd: root });
  try {
    await once(server.stdout, "data");
    const cluster = join(dir, "cluster");
    const pid = runningPostmaster(cluster)!.pid;
    expect(await command({ DG_DATA_DIR: dir }, "--market", "m", "--verify")).toMatchObject({ code: 0 });
    expect(runningPostmaster(cluster)).toMatchObject({ pid });
    expect(server.exitCode).toBeNull();

    server.kill("SIGTERM");
    await once(server, "exit");
    expect(runningPostmaster(cluster)).toBeUndefined();
    expect(await command({ DG_DATA_DIR: dir }, "--market", "m", "--verify")).toMatchObject({ code: 0 });
    expect(runningPostmaster(cluster)).toBeUndefined();
  } finally {
    server.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  }
});
