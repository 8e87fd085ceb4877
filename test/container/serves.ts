import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import assert from "node:assert/strict";
import { freePort } from "../fixtures/server-process.ts";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { tmpdir } from "node:os";

// `.ci/container` runs this with the image's tree, or with `--image` and the root folder of a built image: it is
// started by the Dockerfile's own words, as a user who can write to the data folder alone, beside a real
// PostgreSQL, and must be well by its own health check.

const image = process.argv[2] === "--image" ? process.argv[3]! : undefined;
const dockerfile = readFileSync(join(import.meta.dirname, "../../Dockerfile"), "utf8").replaceAll(
  /\\\n\s*/g,
  "",
);
const commands = [...dockerfile.matchAll(/^(?:HEALTHCHECK .*)?CMD (\[.*\])$/gm)].map(
  ([, json]) => JSON.parse(json!) as string[],
);
const [healthCheck, start] = commands as [string[], string[]];
const [, told] = /^ENV (.*)$/m.exec(dockerfile)!;
const [, user] = /^USER (.*)$/m.exec(dockerfile)!;

const dir = mkdtempSync(join(tmpdir(), "dg-container-"));
chmodSync(dir, 0o755);

interface Place {
  /** The words of a command as this machine runs it. */
  readonly words: (command: readonly string[]) => [string, ...string[]];
  readonly options: { readonly cwd?: string; readonly uid?: number; readonly gid?: number };
  /** The data folder as the server knows it, and as we do. */
  readonly dataDir: string;
  readonly data: string;
}

/** With the Node of the image, as its user, and nothing of this machine's to be seen. */
const inImage = (root: string): Place => ({
  words: (command) => ["chroot", `--userspec=${user}`, root, "env", "--chdir=/app", ...command],
  options: {},
  dataDir: "/data",
  data: join(root, "data"),
});

/** With this machine's Node, as nobody. */
const inTree = (tree: string): Place => {
  const nobody = process.getuid!() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const data = join(dir, "data");
  mkdirSync(data);
  if (nobody.uid) chownSync(data, nobody.uid, nobody.gid);
  return {
    words: ([program, ...rest]) => [program === "node" ? process.execPath : program!, ...rest],
    options: { cwd: tree, ...nobody },
    dataDir: data,
    data,
  };
};

const place = image === undefined ? inTree(process.argv[2]!) : inImage(image);
const postgres = await startEmbedded({ dir: join(dir, "postgres"), log: () => {} });
try {
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...Object.fromEntries(told!.split(" ").map((pair) => pair.split("="))),
    HOST: "127.0.0.1",
    PORT: String(await freePort()),
    DG_DATA_DIR: place.dataDir,
    DATABASE_URL: postgres.url,
  };
  const options = { ...place.options, env };
  const run = (command: readonly string[]) => {
    const [program, ...rest] = place.words(command);
    return spawnSync(program, rest, options);
  };
  const [program, ...rest] = place.words(start);
  const server = spawn(program, rest, { ...options, stdio: "inherit" });
  const ended = once(server, "exit");
  const well = (): boolean => run(healthCheck).status === 0;
  const until = Date.now() + 30_000;
  while (!well()) {
    assert.equal(server.exitCode, null, "the server ended");
    assert.ok(Date.now() < until, "the health check is not content after 30 s");
    await sleep(100);
  }
  console.log("healthy, as", run(["id", "-u"]).stdout.toString().trim());
  assert.deepEqual(
    readdirSync(place.data),
    ["jwt-secret"],
    "the data folder holds the secret and no database",
  );
  assert.equal(run(["touch", "dist/written"]).status, 1, "its user does not write to the image");

  await postgres.stop();
  while (well()) await sleep(100);
  console.log("without its database it says that it is not well");

  server.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null], "SIGTERM ends it with 0");
} finally {
  await postgres.stop().catch(() => {});
  rmSync(dir, { recursive: true, force: true });
}
