import { type Random, between } from "../../bench/city/random.ts";
import type { World } from "./world.ts";
import { openDeaf } from "./deaf.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { storm, whySmaller } from "./storm.ts";
import { readFileSync, writeFileSync } from "node:fs";

/** Something that goes wrong, for a while. */
export interface Fault {
  readonly kind: string;
  /** Why it cannot be done here. */
  readonly impossible?: (world: World) => string | null;
  /** Why it is less here than it ought to be. */
  readonly lesser?: () => string | null;
  /** Resolves when it is healed: from then on recovery is measured. */
  readonly strike: (world: World, random: Random) => Promise<Struck>;
}
export interface Struck {
  /** How hard, in words. */
  readonly detail: string;
  /** False: what it breaks was not in use just then. */
  readonly felt: boolean;
  /** What goes on beside the recovery; resolves with what came of it, in words. */
  readonly settled?: Promise<string | void>;
}

/** By then an answer that was on its way has arrived, and cannot be taken for a recovery. */
const ARRIVED_MS = 100;
const FELT_MS = 15_000;
const ANSWER_MS = 400;

export const faults: readonly Fault[] = [
  {
    kind: "server killed",
    strike: async (world, random) => {
      const felt = await world.kill();
      return { ...(await startLater(world, random)), felt };
    },
  },
  {
    kind: "server killed while it starts",
    strike: async (world, random) => {
      await world.kill();
      void world.start();
      const livedMs = await lasting(random, 200, 1_500);
      const felt = await world.kill();
      const { settled } = await startLater(world, random);
      return { detail: `lived ${inS(livedMs)}`, felt, settled };
    },
  },
  {
    kind: "server frozen",
    strike: async ({ server }, random) => {
      server.signal("SIGSTOP");
      const answers = answersIn(server.url, ANSWER_MS);
      const forMs = await lasting(random, 500, 6_000);
      server.signal("SIGCONT");
      return { detail: inS(forMs), felt: !(await answers) };
    },
  },
  {
    kind: "event loop stalled",
    strike: async ({ server, stallFile }, random) => {
      const forMs = between(random, 100, 5_000);
      writeFileSync(stallFile, String(forMs));
      server.signal("SIGUSR2");
      await sleep(forMs);
      return { detail: inS(forMs), felt: readFileSync(stallFile, "utf8") === "" };
    },
  },
  {
    kind: "Postgres killed",
    strike: (world) => endPostgres(world, "SIGKILL"),
  },
  {
    kind: "Postgres stopped at once",
    strike: (world) => endPostgres(world, "SIGQUIT"),
  },
  {
    kind: "Postgres and server killed",
    strike: async (world, random) => {
      const database = endPostgres(world, "SIGKILL");
      const apartMs = await lasting(random, 0, 300);
      const felt = await world.kill();
      const { settled } = await startLater(world, random);
      await database;
      return { detail: `${Math.round(apartMs)} ms apart`, felt, settled };
    },
  },
  {
    kind: "network slow",
    strike: ({ proxy }, random) => {
      const latencyMs = between(random, 20, 400);
      return paced(proxy, random, latencyMs, Infinity, `${Math.round(latencyMs)} ms each way`);
    },
  },
  {
    kind: "network narrow",
    strike: ({ proxy }, random) => {
      const bytesPerS = between(random, 4_000, 60_000);
      return paced(proxy, random, 0, bytesPerS, `${Math.round(bytesPerS / 1_000)} kB/s`);
    },
  },
  {
    kind: "network a black hole",
    strike: async ({ proxy }, random) => {
      proxy.blackhole();
      const before = proxy.came();
      const forMs = await lasting(random, 500, 6_000);
      proxy.forward();
      return { detail: inS(forMs), felt: proxy.came() > before };
    },
  },
  {
    kind: "connections reset",
    strike: async ({ proxy }) => {
      const count = proxy.reset();
      await sleep(ARRIVED_MS);
      return { detail: `${count}`, felt: count > 0 };
    },
  },
  {
    kind: "connections half open",
    strike: async ({ proxy }) => {
      const count = proxy.halfOpen();
      await sleep(ARRIVED_MS);
      return { detail: `${count}`, felt: count > 0 };
    },
  },
  {
    kind: "answer of Postgres lost",
    strike: async ({ proxy }) => {
      await proxy.cutNextAnswer();
      return { detail: "one", felt: true };
    },
  },
  {
    kind: "disk full",
    impossible: ({ disk }) => disk.fixed,
    strike: async ({ disk, server }, random) => {
      disk.fill();
      // Pages and files that PostgreSQL has already are used up first.
      const feltMs = await untilNotReady(server.url);
      const forMs = await lasting(random, 500, 4_000);
      disk.free();
      const felt = feltMs !== null;
      return { detail: `${felt ? `after ${inS(feltMs)}, ` : ""}for ${inS(forMs)}`, felt };
    },
  },
  {
    kind: "clients that never read",
    strike: async ({ server }, random) => {
      const deaf = await openDeaf(server);
      const forMs = await lasting(random, 3_000, 6_000);
      const cut = await deaf.leave();
      return { detail: `${deaf.size} for ${inS(forMs)}, the server let go of ${cut}`, felt: cut > 0 };
    },
  },
  { kind: "reconnect storm", lesser: whySmaller, strike: storm },
];

/** Down for a moment, then started; healed when the process starts. */
const startLater = async (world: World, random: Random) => {
  const downMs = await lasting(random, 0, 2_000);
  return { detail: `down for ${inS(downMs)}`, settled: world.start() };
};

/** Healed when it answers again. */
const endPostgres = async ({ postgres }: World, signal: "SIGKILL" | "SIGQUIT"): Promise<Struck> => {
  const begun = performance.now();
  const pid = postgres.pid();
  process.kill(pid, signal);
  while (postgres.pid() === pid) await sleep(20);
  return { detail: `away for ${inS(performance.now() - begun)}`, felt: true };
};

/** How long it took the server to say so; null: it never did. */
const untilNotReady = async (url: string): Promise<number | null> => {
  const begun = performance.now();
  while (performance.now() - begun < FELT_MS) {
    if (!(await isReady(url))) return performance.now() - begun;
    await sleep(50);
  }
  return null;
};
const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
const answersIn = (url: string, withinMs: number): Promise<boolean> =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(withinMs) }).then(
    () => true,
    () => false,
  );

const paced = async (
  proxy: World["proxy"],
  random: Random,
  latencyMs: number,
  bytesPerS: number,
  what: string,
): Promise<Struck> => {
  proxy.slow(latencyMs, bytesPerS);
  const before = proxy.came();
  const forMs = await lasting(random, 2_000, 5_000);
  proxy.slow(0, Infinity);
  return { detail: `${what} for ${inS(forMs)}`, felt: proxy.came() > before };
};

const lasting = async (random: Random, leastMs: number, mostMs: number): Promise<number> => {
  const forMs = between(random, leastMs, mostMs);
  await sleep(forMs);
  return forMs;
};

const inS = (forMs: number): string => `${(forMs / 1_000).toFixed(1)} s`;
