import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import assert from "node:assert/strict";
import { freePort } from "../fixtures/server-process.ts";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { tmpdir } from "node:os";

// `.ci/container` runs this with the image's tree: it is started by the Dockerfile's own words, as a user who
// can write to the data folder alone, beside a real PostgreSQL, and must be well by its own health check.

const tree = process.argv[2]!;
const dockerfile = readFileSync(join(import.meta.dirname, "../../Dockerfile"), "utf8").replaceAll(
  /\\\n\s*/g,
  "",
);
const commands = [...dockerfile.matchAll(/^(?:HEALTHCHECK .*)?CMD (\[.*\])$/gm)].map(
  ([, json]) => (JSON.parse(json!) as string[]).slice(1), // without `node`
);
const [healthCheck, start] = commands as [string[], string[]];

const nobody = process.getuid!() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const dir = mkdtempSync(join(tmpdir(), "dg-container-"));
chmodSync(dir, 0o755);
const data = join(dir, "data");
mkdirSync(data);
if (nobody.uid) chownSync(data, nobody.uid, nobody.gid);

const postgres = await startEmbedded({ dir: join(dir, "postgres"), log: () => {} });
try {
  const told = /^ENV (.*)$/m
    .exec(dockerfile)![1]!
    .split(" ")
    .map((pair) => pair.split("="));
  const env = {
    ...Object.fromEntries(told),
    HOST: "127.0.0.1",
    PORT: String(await freePort()),
    DG_DATA_DIR: data,
    DATABASE_URL: postgres.url,
  };
  const server = spawn(process.execPath, start, { cwd: tree, env, ...nobody, stdio: "inherit" });
  const ended = once(server, "exit");
  const well = (): boolean => spawnSync(process.execPath, healthCheck, { env, ...nobody }).status === 0;
  const until = Date.now() + 30_000;
  while (!well()) {
    assert.equal(server.exitCode, null, "the server ended");
    assert.ok(Date.now() < until, "the health check is not content after 30 s");
    await sleep(100);
  }
  console.log("healthy, as", execFileSync("id", ["-u"], nobody).toString().trim());
  assert.deepEqual(readdirSync(data), ["jwt-secret"], "the data folder holds the secret and no database");
  const touch = spawnSync("touch", [join(tree, "dist/written")], { ...nobody });
  assert.notEqual(touch.status, 0, "nobody writes to the image");

  await postgres.stop();
  while (well()) await sleep(100);
  console.log("without its database it says that it is not well");

  server.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null], "SIGTERM ends it with 0");
} finally {
  await postgres.stop().catch(() => {});
  rmSync(dir, { recursive: true, force: true });
}
