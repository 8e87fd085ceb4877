import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Position } from "../../src/domain/geo.ts";
import type { City } from "./city.ts";
import { startFleet } from "./fleet.ts";
import { checkLog } from "./server/log-check.ts";
import { marketsFile } from "./server/market-file.ts";
import { watchMetrics } from "./server/metrics-watch.ts";
import { parseOptions, type Options } from "./options.ts";
import { seeded } from "./random.ts";
import { replay, type Replay } from "./replay.ts";
import { failures, makeReport, progressLine, reportLines, type Report } from "./report.ts";
import { readRequests, requestsFrom, type Request } from "./requests.ts";
import { startServer, type ServerProcess } from "../start-server.ts";
import { openTally, type Tally } from "./tally.ts";
import { tokenSigner } from "./server/token.ts";

/** The histogram counts the timer's own interval in. */
const LAG_RESOLUTION_MS = 10;

/** Runs the city as asked; the exit code. */
const main = async (options: Options): Promise<number> => {
  const all = await readRequests(options.requests, options.seed);
  const requests = requestsFrom(all, options.from).slice(0, options.limit ?? all.length);
  if (requests.length === 0) throw new Error(`no requests from ${options.from} on`);
  const server = options.url === null ? await startServer(marketsFile(options.speed)) : null;
  try {
    const places = all.map((request) => request.pickup);
    const simulated = simulate(options, requests, places, server);
    const report = await (server === null ? simulated : Promise.race([simulated, server.died]));
    for (const line of reportLines(report)) console.log(line);
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    const wrong = failures(report);
    for (const line of wrong) console.error(`FAILED: ${line}`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await server?.remove();
  }
};

const simulate = async (
  options: Options,
  requests: readonly Request[],
  places: readonly Position[],
  server: ServerProcess | null,
): Promise<Report> => {
  const city = openCity(options, server);
  const { tally } = city;
  console.log(`${requests.length} requests, ${options.drivers} drivers, ${options.speed} times as fast`);
  const fleet = await startFleet(city, options.drivers, places);
  console.log("all drivers are available");

  const metrics = watchMetrics(city.url);
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const pingsBefore = tally.counts.pings;
  const run = replay(city, requests, (options.minutes ?? Infinity) * 60_000);
  const progress = showProgress(tally, run);
  await Promise.all([run.done, server && options.killAtS !== null && killAt(server, options.killAtS)]);
  const tookS = (performance.now() - run.startedMs) / 1000;
  const pings = tally.counts.pings - pingsBefore;
  clearInterval(progress);
  lag.disable();
  await metrics.stop();
  fleet.close();
  return makeReport({
    tally,
    tookS,
    pings,
    unended: run.live,
    log: server && (await stopAndCheck(server, tally)),
    server: metrics.worst,
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
  return checkLog(database.url, tally.acknowledged);
};

let exitCode = 1;
try {
  exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`city: ${error instanceof Error ? error.message : String(error)}`);
}
// Whoever is still connected or waiting is of no interest any more.
process.exit(exitCode);
