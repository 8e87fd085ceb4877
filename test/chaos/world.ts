import { type Disk, openDisk } from "./disk.ts";
import { type Embedded, startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { type Proxy, openProxy } from "../fixtures/proxy.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { alarmsIn } from "./alarms.ts";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { townMarkets } from "./town.ts";

/** Everything that can fail: a disk, PostgreSQL on it, a network to it, and a server. */
export interface World {
  readonly disk: Disk;
  /** Started again by itself when it is gone. */
  readonly postgres: Embedded;
  readonly proxy: Proxy;
  readonly server: ServerProcess;
  /** Holds a number of milliseconds for `stall.mjs`. */
  readonly stallFile: string;
  /** The server's last words whenever it ended and nobody had asked it to. */
  readonly crashes: readonly string[];
  /** What servers that have ended alarmed of their own making. */
  readonly alarms: readonly string[];
  /** What the server said when it last could not start. */
  lastWords(): string;
  /** Starts the server, again when it gives up, as whoever keeps a service running does; resolves when ready. */
  start(): Promise<void>;
  /** SIGKILL; resolves when it is gone, with whether it lived until then. */
  kill(): Promise<boolean>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  remove(): Promise<void>;
}

const AGAIN_MS = 200;
const STACK = /^ +at .+:\d+:\d+/m;
const LAST_WORDS = 2_000;

export const openWorld = async (): Promise<World> => {
  const disk = openDisk();
  const postgres = await startEmbedded({ dir: join(disk.dir, "data"), log: () => undefined });
  const proxy = await openProxy(postgres.url);
  const stallFile = join(disk.dir, "stall-ms");
  const server = await newServer({ DATABASE_URL: proxy.url, CHAOS_STALL_FILE: stallFile }, townMarkets);
  const crashes: string[] = [];
  const alarms: string[] = [];
  /** The start that counts; null while the server is meant to be down. */
  let current: symbol | null = null;
  let lastWords = "";

  const start = async (mine = Symbol("start")): Promise<void> => {
    current = mine;
    server.launch([process.execPath, "--import", "./test/chaos/stall.mjs", "dist/src/main.js"]);
    const ended = server.ended();
    void ended.then(({ stdout, stderr }) => {
      alarms.push(...alarmsIn(stdout));
      // What it cannot help it says in one line (M31): a stack is a mistake of ours, also before it was ready.
      if (STACK.test(stderr)) crashes.push(`the server threw: ${stderr.slice(-LAST_WORDS)}`);
    });
    try {
      await server.ready();
      void ended.then(({ code, signal, stdout, stderr }) => {
        if (current !== mine) return;
        const said = `${stdout}${stderr}`.slice(-LAST_WORDS);
        crashes.push(`the server ended by itself (${signal ?? code}): ${said}`);
        void start();
      });
    } catch (error) {
      // Killed, or it cannot start without its database: it says so and ends.
      lastWords = (error as Error).message;
      await sleep(AGAIN_MS);
      if (current === mine) await start(mine);
    }
  };
  return {
    disk,
    postgres,
    proxy,
    server,
    stallFile,
    crashes,
    alarms,
    lastWords: () => lastWords,
    start: () => start(),
    kill: async () => {
      current = null;
      return (await server.end("SIGKILL")).signal === "SIGKILL";
    },
    stop: async () => {
      current = null;
      return (await server.end("SIGTERM")).code;
    },
    remove: async () => {
      current = null;
      await server.remove();
      await proxy.close();
      await postgres.stop();
      disk.remove();
    },
  };
};
