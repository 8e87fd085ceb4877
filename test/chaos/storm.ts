import { type Random, between } from "../../bench/city/random.ts";
import type { Crowd } from "./crowd.ts";
import type { Struck } from "./faults.ts";
import type { World } from "./world.ts";
import { fork } from "node:child_process";
import { join } from "node:path";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const CROWD = 10_000;
/** Files the server needs for all else. */
const OTHER_FILES = 2_000;

/** A crowd of connected passengers loses its server, and all come back at once. */
export const storm = async (world: World, random: Random): Promise<Struck> => {
  const size = crowdSize();
  const { port, token } = world.server;
  const tokens = Array.from({ length: size }, (_, seat) => token(`crowd-${seat}`, "passenger"));
  const crowd = fork(join(import.meta.dirname, "crowd.ts"), { execArgv: ["--import", "tsx"] });
  const allThere = () => once(crowd, "message");
  crowd.send({ port, tokens } satisfies Crowd);
  await allThere();
  const felt = await world.kill();
  await sleep(between(random, 0, 1_000));
  const begun = performance.now();
  const back = allThere().then(() => performance.now() - begun);
  const settled = Promise.all([back, world.start()])
    .then(([tookMs]) => `all back after ${Math.round(tookMs)} ms`)
    .finally(() => crowd.kill());
  return { detail: `${size.toLocaleString("en")} sockets`, felt, settled };
};

/** Why the crowd is no larger; null: it is as large as it ought to be. */
export const whySmaller = (): string | null =>
  crowdSize() < CROWD ? `only ${crowdSize()} sockets of ${CROWD}: the limit of open files` : null;

const crowdSize = (): number => Math.min(CROWD, openFiles() - OTHER_FILES);

/** Node has raised it as far as it may. */
const openFiles = (): number => {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined ? Infinity : Number(limit);
};
