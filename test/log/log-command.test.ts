import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";

// The commands as they are run, in processes of their own, beside a server at work.

let town: ReplayTown;
const folder = mkdtempSync(join(tmpdir(), "dg-do-archive-"));
beforeAll(async () => {
  town = await replayTown();
  await liveHalfADay(town);
  await town.say("create", 0, 4);
  await town.say("admin cancels", 0, 4);
});
afterAll(async () => {
  await town.close();
  rmSync(folder, { recursive: true, force: true });
});

const root = join(import.meta.dirname, "../..");
const run = (main: string, url: string, ...words: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const { PATH = "", HOME = "" } = process.env;
    const child = execFile(
      process.execPath,
      ["--import", "tsx", `src/${main}.ts`, ...words],
      { cwd: root, env: { PATH, HOME, DATABASE_URL: url } },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
const log = (...words: string[]) => run("log-main", town.database.url, ...words);
const replay = (...words: string[]) => run("replay-main", town.database.url, ...words);
const nowhere = "postgres://nobody:x@127.0.0.1:1/none";
const like = (text: string) => expect.stringContaining(text) as string;

test("E69: given the command, then what it was told to do is done and said, and it exits 0, 1 where something differs, 2 with one line where nothing is to be done", async () => {
  // A market at work checkpoints within a second; ten days later by its own clock.
  await expect
    .poll(() => town.sql("select 1 from market where id = 1 and checkpoint = position"))
    .toHaveLength(1);
  await town.sql("update market set alive_at = alive_at + 10 * 86400000::bigint");
  const archive = ["archive", "--older-than-days", "7", "--to", folder];
  expect(await log(...archive)).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^market town: 2 trips, \d+ rows archived: town-\d+-\d+\nmarket valley: 0 trips/,
    ) as string,
  });
  expect(await town.say("create", 0, 5)).toMatchObject({ is: "done" });
  expect(await town.say("admin cancels", 0, 4)).toMatchObject({ is: "refused" });

  expect(await replay("t1", "--verify")).toMatchObject({
    code: 2,
    err: like("trip t1 is archived, in town-"),
  });
  expect(await replay("--market", "town", "--verify")).toMatchObject({
    code: 0,
    out: like("rows are archived"),
  });
  expect(await log("verify", "--from", folder)).toMatchObject({ code: 0, out: like("2 trips") });
  expect(await log("restore", "--from", folder, "--trip", "t1")).toMatchObject({
    code: 0,
    out: like("1 trip: "),
  });
  expect(await replay("t1", "--verify")).toMatchObject({ code: 0, out: like("verified") });

  const data = join(
    folder,
    readdirSync(folder).find((file) => file.endsWith(".gz"))!,
  );
  const bytes = readFileSync(data);
  bytes[100]! ^= 1;
  writeFileSync(data, bytes);
  expect(await log("verify", "--from", folder)).toMatchObject({ code: 1, out: like("DIFFERS") });
  expect(await log("restore", "--from", folder)).toMatchObject({ code: 1, err: like("does not hold") });

  expect(await log("verify", "--from", join(folder, "none"))).toMatchObject({
    code: 2,
    err: like("no archive in"),
  });
  expect(await log("archive", "--older-than-days", "1", "--to", folder)).toMatchObject({
    code: 2,
    err: like("2 or more"),
  });
  expect(await log("drop")).toMatchObject({ code: 2, err: like("usage: ") });
});

test("E69: given the doctor, then it exits 0 for a healthy log, 1 for one that is not, 2 where it cannot tell", async () => {
  const doctor = (...words: string[]) => run("doctor-main", town.database.url, ...words);
  await town.rest();
  await town.sql("update market set alive_at = alive_at - 10 * 86400000::bigint");
  expect(await doctor()).toMatchObject({ code: 0, out: like("healthy") });
  await town.sql("delete from claim");
  const ill = await doctor();
  expect(ill).toMatchObject({ code: 1, out: like("an operator may: ") });
  expect(ill.out).toMatch(
    /^trip t2 {2}market town {2}driver d2 has no claim to it .*\nlaw I1 is broken 1 times/,
  );
  expect(JSON.parse((await doctor("--json")).out)).toMatchObject({ healthy: false, breaks: { I1: 1 } });
  expect(await run("doctor-main", nowhere)).toMatchObject({ code: 2, err: like("cannot read the database") });
  expect(await doctor("--what")).toMatchObject({ code: 2, err: like("usage: ") });
});
