import { monitorEventLoopDelay } from "node:perf_hooks";
import { startServer, type ServerProcess } from "../start-server.ts";
import { carsFor } from "./cars.ts";
import type { City } from "./city.ts";
import { openClock } from "./clock.ts";
import { startFleet } from "./fleet.ts";
import type { Options } from "./options.ts";
import { seeded } from "./random.ts";
import { readRequests, requestsFrom, type Request } from "./recordings/requests.ts";
import { replay, type Replay } from "./replay.ts";
import { makeReport, progressLine, type Report } from "./report.ts";
import { checkLog } from "./server/log-check.ts";
import { marketsFile } from "./server/market-file.ts";
import { watchMetrics } from "./server/metrics-watch.ts";
import { tokenSigner } from "./server/token.ts";
import { openTally, type Tally } from "./tally.ts";

/** The histogram counts the timer's own interval in. */
const LAG_RESOLUTION_MS = 10;

/** A city from its first request to the end of its last trip; without `url`, on a server of its own. */
export const runCity = async (options: Options): Promise<Report> => {
  const all = await readRequests(options.requests, options.seed);
  const requests = requestsFrom(all, options.from).slice(0, options.limit ?? all.length);
  if (requests.length === 0) throw new Error(`no requests from ${options.from} on`);
  const server = options.url === null ? await startServer(marketsFile(options.speed)) : null;
  try {
    const simulated = simulate(options, requests, all, server);
    return await (server === null ? simulated : Promise.race([simulated, server.died]));
  } finally {
    await server?.remove();
  }
};

const simulate = async (
  options: Options,
  requests: readonly Request[],
  all: readonly Request[],
  server: ServerProcess | null,
): Promise<Report> => {
  const city = openCity(options, server);
  const { tally } = city;
  const clock = openClock(requests[0]!.atMs, options.speed);
  const places = all.map((request) => request.pickup);
  const cars = await carsFor(options, city, clock, places);
  const free = cars.filter((car) => car.isFree()).length;
  console.log(`${requests.length} requests, ${cars.length} drivers, ${options.speed} times as fast`);
  const fleet = await startFleet(city, cars);
  console.log(`${free} drivers are available`);

  const metrics = watchMetrics(city.url);
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const pingsBefore = tally.counts.pings;
  clock.start();
  const run = replay(city, requests, (options.minutes ?? Infinity) * 60_000);
  const progress = showProgress(tally, run);
  await Promise.all([run.done, server && options.killAtS !== null && killAt(server, options.killAtS)]);
  const tookS = (performance.now() - run.startedMs) / 1000;
  const pings = tally.counts.pings - pingsBefore;
  clearInterval(progress);
  lag.disable();
  const burden = await metrics.stop();
  fleet.close();
  return makeReport({
    tally,
    arrivalsS: run.newestMs / 1000,
    tookS,
    pings,
    unended: run.live,
    log: server && (await stopAndCheck(server, tally)),
    server: burden,
    loopLagMsP99: Math.max(0, lag.percentile(99) / 1e6 - LAG_RESOLUTION_MS),
  });
};

const openCity = (options: Options, server: ServerProcess | null): City => {
  const url = server?.url ?? options.url ?? "";
  const secret = server?.secret ?? process.env["DG_JWT_SECRET"];
  if (!secret) throw new Error("DG_JWT_SECRET of that server is needed to sign tokens");
  const run = seeded(Date.now(), process.pid)().toString(36).slice(2, 10);
  return {
    url,
    socketUrl: url.replace(/^http/, "ws").replace(/\/$/, ""),
    token: tokenSigner(secret, Math.floor(Date.now() / 1000) + 7 * 86_400),
    seed: options.seed,
    run,
    speed: options.speed,
    mix: options.mix,
    tally: openTally(),
  };
};

const showProgress = (tally: Tally, run: Replay): NodeJS.Timeout => {
  let last = { ...tally.counts };
  return setInterval(() => {
    const { counts } = tally;
    const sinceLast = { requests: counts.requests - last.requests, pings: counts.pings - last.pings };
    console.log(progressLine(tally, run.live, (performance.now() - run.startedMs) / 1000, sinceLast));
    last = { ...counts };
  }, 1_000);
};

const killAt = async (server: ServerProcess, afterS: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, afterS * 1000));
  await server.kill();
  const killedMs = performance.now();
  console.log("killed the server");
  await server.start();
  console.log(`the server is back after ${Math.round(performance.now() - killedMs)} ms`);
};

const stopAndCheck = async (server: ServerProcess, tally: Tally) => {
  const code = await server.stop();
  if (code !== 0) tally.fault(`the server ended with ${code} on SIGTERM`);
  const database = await server.openDatabase();
  return checkLog(database.url, tally.history);
};
