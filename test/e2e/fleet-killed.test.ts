import { afterAll, expect, test } from "vitest";
import { between, seeded } from "../../bench/city/random.ts";
import { judge, nothing } from "../chaos/judge.ts";
import { openTown, townMarkets } from "../chaos/town.ts";
import { newServer } from "../fixtures/server-process.ts";
import { openReadOnly } from "../../src/log/read-only.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";

// People at work while their server, with the database it brings along, is killed again and again. Real
// time decides what a kill hits; the seed only makes two runs alike.
const SEED = 30;
const ROUNDS = 3;

const server = await newServer({}, townMarkets);
afterAll(() => server.remove());

test("E30, I8, I11: given a fleet at work, when the server is killed again and again, then all it acknowledged is in the log once, every trip ends, the log is sound and every app ends at its state", async () => {
  const chance = seeded(SEED, "kills");
  await server.start();
  const town = await openTown(server, SEED, { drivers: 12, passengers: 16 });

  let starts = 1;
  for (let round = 1; round <= ROUNDS; round++) {
    await sleep(between(chance, 800, 4_000));
    // Every other time the database goes first: what is acknowledged then was never written.
    if (round % 2 === 1) {
      process.kill(server.postgresPid()!, "SIGKILL");
      await sleep(between(chance, 0, 300));
    }
    await server.end("SIGKILL");
    // And every other time the next one does not live to serve.
    if (round % 2 === 0) {
      server.launch();
      await sleep(between(chance, 300, 1_200));
      await server.end("SIGKILL");
    }
    await server.start();
    starts += 1;
  }
  await sleep(1_000);
  await town.rest();
  await sleep(1_000);
  const beliefs = town.fleet.beliefs();
  town.fleet.close();
  expect(await server.end("SIGTERM")).toMatchObject({ code: 0, signal: null });
  expect(town.tally.counts.completed).toBeGreaterThan(ROUNDS);

  const database = await startEmbedded({ dir: server.dataDir, log: () => undefined });
  const findings = await judge(database.url, town.tally, beliefs);
  const log = await openReadOnly(database.url);
  const [market] = await log.history.markets();
  await log.close();
  await database.stop();
  expect(findings).toEqual(nothing);
  expect(market!.epoch).toBeGreaterThanOrEqual(starts);
});
