import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded, type Embedded } from "../src/log/embedded/start-embedded.ts";

/** A server of our own, in a folder of its own. */
export interface ServerProcess {
  readonly url: string;
  /** What it signs tokens with (`DG_JWT_SECRET`). */
  readonly secret: string;
  /** Null while it does not run. */
  readonly pid: number | null;
  /** Rejects when the server ends although nobody asked it to. */
  readonly died: Promise<never>;
  /** SIGKILL, as a crash or the kernel would; resolves when it is gone. */
  kill(): Promise<void>;
  /** On the same port and folder; resolves when ready. */
  start(): Promise<void>;
  /** SIGTERM. Resolves with the exit code, null when it had to be killed. */
  stop(): Promise<number | null>;
  /** The log's database, after the server has stopped. */
  openDatabase(): Promise<Embedded>;
  /** Ends whatever still runs and removes the folder. */
  remove(): Promise<void>;
}

const READY_MS = 60_000;
const STOP_MS = 35_000;

/**
 * Starts `dist/src/main.js` on a free loopback port with an embedded database; resolves when ready.
 * `markets`: the content of `DG_MARKETS`; left out, the markets are the default ones.
 */
export const startServer = async (markets?: string): Promise<ServerProcess> => {
  const folder = mkdtempSync(join(tmpdir(), "dg-server-"));
  chmodSync(folder, 0o711); // the embedded database may run as another user
  const marketsFile = join(folder, "markets.json");
  if (markets !== undefined) writeFileSync(marketsFile, markets);
  const dataDir = join(folder, "data");
  const port = await freePort();
  const secret = randomBytes(32).toString("hex");
  const url = `http://127.0.0.1:${port}`;
  const outFile = join(folder, "server.log");
  let child: ChildProcess | null = null;
  let expected = false;
  let die: (error: Error) => void;
  const died = new Promise<never>((_, reject) => (die = reject));
  died.catch(() => undefined); // whoever waits hears of it

  const start = async () => {
    const out = openSync(outFile, "a");
    const started = spawn(process.execPath, [join("dist", "src", "main.js")], {
      env: {
        ...inherited(),
        HOST: "127.0.0.1",
        PORT: String(port),
        DG_DATA_DIR: dataDir,
        DG_JWT_SECRET: secret,
        ...(markets !== undefined && { DG_MARKETS: marketsFile }),
        DG_LOG_LEVEL: "warn",
      },
      stdio: ["ignore", out, out],
    });
    closeSync(out);
    child = started;
    expected = false;
    started.once("exit", (code, signal) => {
      if (child === started) child = null;
      if (!expected) die(new Error(`the server ended by itself (${signal ?? code}):\n${lastLines(outFile)}`));
    });
    const begun = performance.now();
    while (!(await isReady(url))) {
      if (performance.now() - begun > READY_MS)
        throw new Error(`the server was not ready within ${READY_MS / 1000} s:\n${lastLines(outFile)}`);
      await Promise.race([sleep(50), died]);
    }
  };

  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    const ending = child;
    if (ending === null) return null;
    expected = true;
    const exited = once(ending, "exit") as Promise<[number | null]>;
    ending.kill(signal);
    const [code] = await exited;
    return code;
  };
  const stop = async () => {
    const late = setTimeout(() => child?.kill("SIGKILL"), STOP_MS);
    const code = await end("SIGTERM");
    clearTimeout(late);
    return code;
  };

  const openDatabase = () => startEmbedded({ dir: dataDir, log: () => undefined });
  let removing: Promise<void> | null = null;
  const remove = () => (removing ??= clear());
  const clear = async () => {
    await end("SIGKILL");
    // A killed server leaves its database running.
    if (existsSync(dataDir)) await (await openDatabase()).stop();
    rmSync(folder, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, interrupted);
    process.off("exit", lastResort);
  };

  const signals = ["SIGINT", "SIGTERM"] as const;
  const interrupted = () => void remove().finally(() => process.exit(130));
  for (const signal of signals) process.once(signal, interrupted);
  // When this process ends in a way nobody planned.
  const lastResort = () => child?.kill("SIGKILL");
  process.once("exit", lastResort);
  const server = {
    url,
    secret,
    get pid() {
      return child?.pid ?? null;
    },
    died,
    kill: async () => void (await end("SIGKILL")),
    start,
    stop,
    openDatabase,
    remove,
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return server;
};

/** Our environment without what would configure another server than the one meant here. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(DG_|OTEL_)|^(DATABASE_URL|REDIS_URL|METRICS_PORT)$/.test(name),
    ),
  );

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
};

const lastLines = (file: string): string =>
  readFileSync(file, "utf8").trim().split("\n").slice(-20).join("\n");
