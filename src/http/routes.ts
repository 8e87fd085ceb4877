import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import type { Clock } from "../domain/time.ts";
import { assignTrip, cancelTrip, completeTrip, createTrip, readTrip } from "./trips.ts";
import { chart } from "./charts.ts";
import { driver, nearbyDrivers } from "./drivers.ts";
import { docs } from "./docs.ts";
import { driverWhy } from "./driver-why.ts";
import { giveQuote } from "./quotes.ts";
import { configOf, health, ready, scrape } from "./health.ts";
import { refreshToken, registerDriver, registerPassenger } from "./register.ts";
import { listDrivers, listTrips } from "./lists.ts";
import type { HttpPorts } from "./ports.ts";
import { LogSilent } from "./read-actor.ts";
import { listQuarantine, lookAtQuarantined, releaseQuarantined, retryQuarantined } from "./quarantine.ts";
import { match } from "./match.ts";
import { newestEvents } from "./newest-events.ts";
import { openCors } from "./cors.ts";
import { tripCandidates } from "./trip-candidates.ts";
import { tripEvents } from "./trip-events.ts";
import { tripTrack } from "./trip-track.ts";
import { tripWhy } from "./trip-why.ts";
import { unavailable } from "./replies.ts";

/** M66: an answer is given after so long at the latest. */
const ANSWER_WITHIN_MS = 1_900;

/** Every route by method and path. `metrics`: false when they have a port of their own. */
export const routesOf = (
  ports: HttpPorts,
  { metrics }: { metrics: boolean },
): Readonly<Record<string, Route>> => {
  const routes: Record<string, Route> = {
    "POST /passengers/register": registerPassenger(ports),
    "POST /drivers/register": registerDriver(ports),
    "POST /tokens/refresh": refreshToken(ports),
    "POST /quotes": giveQuote(ports),
    "POST /trips": createTrip(ports),
    "GET /trips": listTrips(ports),
    "GET /trips/:id": readTrip(ports),
    "POST /trips/:id/cancel": cancelTrip(ports),
    "POST /trips/:id/assign": assignTrip(ports),
    "POST /trips/:id/complete": completeTrip(ports),
    "GET /trips/:id/events": tripEvents(ports),
    "GET /trips/:id/why": tripWhy(ports),
    "GET /trips/:id/track": tripTrack(ports),
    "GET /trips/:id/candidates": tripCandidates(ports),
    "GET /charts/:kind": chart(ports),
    "GET /drivers/nearby": nearbyDrivers(ports),
    "GET /drivers/:id": driver(ports),
    "GET /drivers/:id/why": driverWhy(ports),
    "GET /drivers": listDrivers(ports),
    "POST /v1/match": match(ports),
    "GET /events": newestEvents(ports),
    "GET /quarantine": listQuarantine(ports),
    "GET /quarantine/:kind/:id": lookAtQuarantined(ports),
    "POST /quarantine/:kind/:id/retry": retryQuarantined(ports),
    "POST /quarantine/:kind/:id/release": releaseQuarantined(ports),
    "GET /health": health(),
    "GET /ready": ready(ports),
    "GET /config.json": configOf(ports),
    ...docs(),
    ...(metrics && { "GET /metrics": scrape(ports) }),
  };
  const counted = Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [name, observed(ports, name, route)]),
  );
  return ports.corsOrigins.length === 0 ? counted : withCors(ports.corsOrigins, counted);
};

/** Counts each answer by its route. */
const observed = ({ counts, clock, alarm }: HttpPorts, name: string, route: Route): Route => {
  const count = (reply: HttpReply): HttpReply => {
    counts.answered(name, reply.status);
    return reply;
  };
  // P59: what waits for something waits for the database. How far it came is not known.
  const failed = (error: unknown): HttpReply => {
    if (!(error instanceof LogSilent))
      alarm("a request failed midway", { route: name, error: String(error), stack: (error as Error).stack });
    return unavailable;
  };
  return (request) => {
    const reply = route(request);
    return reply instanceof Promise ? inTime(clock, reply.catch(failed)).then(count) : count(reply);
  };
};

/** A log that does not answer keeps nobody waiting: what is done all the same, a repeat will tell. */
const inTime = (clock: Clock, reply: Promise<HttpReply>): Promise<HttpReply> =>
  new Promise((resolve) => {
    const cancel = clock.after(ANSWER_WITHIN_MS, () => resolve(unavailable));
    void reply.then((told) => {
      cancel();
      resolve(told);
    });
  });

const withCors = (
  origins: readonly string[],
  routes: Readonly<Record<string, Route>>,
): Record<string, Route> => {
  const cors = openCors(origins);
  const opened: Record<string, Route> = {};
  const methods = new Map<string, string[]>();
  for (const [name, route] of Object.entries(routes)) {
    const [method = "", path = ""] = name.split(" ");
    methods.set(path, [...(methods.get(path) ?? []), method]);
    opened[name] = (request: HttpRequest) => {
      const reply = route(request);
      return reply instanceof Promise
        ? reply.then((later) => cors.open(request, later))
        : cors.open(request, reply);
    };
  }
  for (const [path, allowed] of methods) opened[`OPTIONS ${path}`] = cors.preflight(allowed);
  opened["OPTIONS /*"] = cors.preflight(["GET", "POST"]); // S56: so that a page may read the 404
  return opened;
};
