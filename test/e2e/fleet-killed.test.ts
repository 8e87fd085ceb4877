import { afterAll, expect, test } from "vitest";
import { between, seeded } from "../../bench/city/random.ts";
import { type Tally, openTally } from "../../bench/city/tally.ts";
import type { City } from "../../bench/city/city.ts";
import type { Reply } from "../../src/client/connection.ts";
import { judgeLog } from "./judge-log.ts";
import { marketsFile } from "../../bench/city/server/market-file.ts";
import { newServer } from "../fixtures/server-process.ts";
import { parkedCar } from "../../bench/city/people/car.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { startFleet } from "../../bench/city/fleet.ts";
import { travel } from "../../bench/city/people/passenger.ts";
import { usualMix } from "../../bench/city/people/behaviour.ts";

// The people of the city simulation, at work while their server is killed again and again. Real time
// decides what a kill hits; the seed only makes two runs alike.
const SEED = 30;
const SPEED = 600;
const ROUNDS = 5;
const DRIVERS = 12;
const PASSENGERS = 16;

const server = await newServer({}, JSON.parse(marketsFile(SPEED)) as object);
afterAll(() => server.remove());

type Acked = Extract<Reply, { is: "ack" }>;
/** Counts as the city does, and keeps every acknowledgement that promises a row, by `role:user:key`. */
const listening = (acked: Map<string, Acked>): Tally => {
  const tally = openTally();
  return {
    ...tally,
    answered(user, reply, logged) {
      if (reply.is === "ack" && logged) acked.set(`${user}:${reply.id}`, reply);
      tally.answered(user, reply, logged);
    },
  };
};

test("E30, I8: given a fleet at work, when the server is killed again and again, then all it acknowledged is in the log once, every trip ends and the log is sound", async () => {
  const chance = seeded(SEED, "kills");
  const random = seeded(SEED, "places");
  const acked = new Map<string, Acked>();
  const tally = listening(acked);
  const { url, socketUrl, token } = server;
  const city: City = { url, socketUrl, token, seed: SEED, run: "killed", speed: SPEED, mix: usualMix, tally };
  const somewhere = () => ({ lat: between(random, 40.7, 40.71), lng: between(random, -74, -73.99) });
  await server.start();
  const cars = Array.from({ length: DRIVERS }, () => parkedCar(city, somewhere()));
  const fleet = await startFleet(city, cars);

  const over = new AbortController();
  let asked = 0;
  const goOnAsking = async () => {
    while (!over.signal.aborted)
      await travel(city, {
        id: String(++asked),
        atMs: 0,
        local: "",
        pickup: somewhere(),
        dropoff: somewhere(),
      });
  };
  const passengers = Array.from({ length: PASSENGERS }, goOnAsking);

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
  over.abort();
  await Promise.all(passengers);
  fleet.close();
  expect(await server.end("SIGTERM")).toMatchObject({ code: 0, signal: null });

  expect([...tally.faults]).toEqual([]);
  expect(tally.counts.completed).toBeGreaterThan(ROUNDS);

  const database = await startEmbedded({ dir: server.dataDir, log: () => undefined });
  const log = await judgeLog(database.url);
  await database.stop();
  expect(log.epoch).toBeGreaterThanOrEqual(starts);
  expect(log.unendedTrips).toEqual([]);
  expect(Object.entries(log.invariants).filter(([, breaks]) => breaks > 0)).toEqual([]);
  expect(log.differences).toEqual([]);
  expect(log.unlike).toEqual([]);
  // Each passenger asked once, maybe many times with one key.
  expect(log.doubled).toEqual([]);
  const lost = [...acked].filter(([key, { orderId, seq }]) => {
    const row = log.commands.get(key);
    return row?.actorId !== orderId || row.seq !== seq;
  });
  expect(lost).toEqual([]);
});
