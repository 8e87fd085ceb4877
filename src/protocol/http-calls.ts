import type * as z from "zod";
import * as bodies from "./http-bodies.ts";
import * as shown from "./chart-bodies.ts";
import * as driverWhy from "./driver-why-bodies.ts";
import * as health from "./health-bodies.ts";
import * as story from "./story-bodies.ts";
import { examples } from "./http-examples.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { Role } from "../domain/status.ts";
import { pageCalls } from "./page-calls.ts";
import { quarantineCalls } from "./quarantine-calls.ts";
import { webConfig } from "./web-config.ts";

/** One call of the HTTP contract, as the documents tell it. */
export interface Call {
  readonly summary: string;
  /** Where it stands in the documents; without one under the first part of its path. */
  readonly tag?: string;
  /** Null: anyone, without a token. */
  readonly roles: readonly Role[] | null;
  readonly query?: z.ZodObject | z.ZodPipe<z.ZodObject>;
  readonly body?: z.ZodType;
  /** Takes an `Idempotency-Key`. */
  readonly keyed?: true;
  readonly status: number;
  /** Of the answer; a media type where it is not JSON. */
  readonly answer: z.ZodType | string;
  /** The same of a 503, where it is not an error like any other. */
  readonly unavailable?: z.ZodType | string;
  /** Besides those of every call with a token, a body or parameters. */
  readonly refusals: readonly ErrorCode[];
  readonly example: { readonly query?: object; readonly body?: object; readonly answer?: unknown };
}

const anyRole = ["passenger", "driver", "admin", "service"] as const;
const people = ["passenger", "driver", "admin"] as const;
const tripRefusals = ["not_found", "illegal_now", "key_reused", "busy"] as const;

/** By method and path, as the routes are named. */
export const httpCalls: Readonly<Record<string, Call>> = {
  "POST /passengers/register": {
    summary: "Register a passenger. Limited by address.",
    roles: null,
    body: bodies.passengerRegistration,
    status: 201,
    answer: bodies.registeredPassenger,
    refusals: ["already_exists", "rate_limited"],
    example: examples.registerPassenger,
  },
  "POST /drivers/register": {
    summary: "Register a driver. Limited by address.",
    roles: null,
    body: bodies.driverRegistration,
    status: 201,
    answer: bodies.registeredDriver,
    refusals: ["already_exists", "rate_limited"],
    example: examples.registerDriver,
  },
  "POST /tokens/refresh": {
    summary:
      "A new token for the same user, valid for 30 days. One that was made elsewhere is renewed there.",
    roles: anyRole,
    status: 200,
    answer: bodies.refreshedToken,
    refusals: ["forbidden"],
    example: examples.refresh,
  },
  "POST /quotes": {
    summary: "What a ride costs. The fare stands for five minutes.",
    roles: ["passenger"],
    body: bodies.quoteRequest,
    status: 201,
    answer: bodies.quoted,
    refusals: ["outside_area"],
    example: examples.quote,
  },
  "POST /trips": {
    summary: "Request a trip. Answered once it is durable; a repeat with the same key gets the same answer.",
    roles: ["passenger"],
    body: bodies.tripRequest,
    keyed: true,
    status: 201,
    answer: bodies.trip,
    refusals: ["trip_live", "quote_expired", "outside_area", "key_reused", "busy"],
    example: examples.requestTrip,
  },
  "GET /trips": {
    summary: "Trips, newest first. Passengers and drivers get their own only.",
    roles: people,
    query: bodies.tripsQuery,
    status: 200,
    answer: bodies.trips,
    refusals: [],
    example: examples.trips,
  },
  "GET /trips/:id": {
    summary: "A trip, and what its reader may send now; for its passenger, its driver and operators.",
    roles: people,
    status: 200,
    answer: shown.shownTrip,
    refusals: ["not_found"],
    example: examples.trip,
  },
  "POST /trips/:id/cancel": {
    summary: "Cancel a trip. A driver's cancel before the start gives it to others.",
    roles: people,
    body: bodies.tripCancel,
    keyed: true,
    status: 200,
    answer: shown.shownTrip,
    refusals: tripRefusals,
    example: examples.cancelTrip,
  },
  "POST /trips/:id/assign": {
    summary: "Assign a driver by hand; on an accepted trip this is a reassignment.",
    roles: ["admin"],
    body: bodies.tripAssign,
    keyed: true,
    status: 200,
    answer: shown.shownTrip,
    refusals: [...tripRefusals, "driver_unavailable"],
    example: examples.assignTrip,
  },
  "POST /trips/:id/complete": {
    summary: "Complete a ride whose driver cannot: their phone stays lost.",
    roles: ["admin"],
    body: bodies.tripComplete,
    keyed: true,
    status: 200,
    answer: shown.shownTrip,
    refusals: tripRefusals,
    example: examples.completeTrip,
  },
  "GET /trips/:id/events": {
    summary: "The trip's part of the event log, in order.",
    roles: ["admin"],
    query: story.eventsQuery,
    status: 200,
    answer: story.tripEvents,
    refusals: ["not_found"],
    example: examples.events,
  },
  "GET /trips/:id/why": {
    summary:
      "Each dispatch attempt: who was considered, by which gates, who was asked and what they answered.",
    roles: ["admin"],
    status: 200,
    answer: story.why,
    refusals: ["not_found"],
    example: examples.why,
  },
  "GET /trips/:id/track": {
    summary: "Where the trip's driver was, every five seconds at most; kept for a week.",
    roles: ["admin"],
    status: 200,
    answer: shown.track,
    refusals: ["not_found"],
    example: shown.examples.track,
  },
  "GET /trips/:id/candidates": {
    summary:
      "Who could be given the trip by hand: up to 20 drivers near the pickup, each with the gates of dispatch. None for a trip that has ended.",
    roles: ["admin"],
    status: 200,
    answer: shown.candidates,
    refusals: ["not_found"],
    example: shown.examples.candidates,
  },
  "GET /charts/:kind": {
    summary:
      "The statechart of a `trip` or a `driver`, as it runs: states, and who may cause which transition.",
    roles: ["admin"],
    status: 200,
    answer: shown.chart,
    refusals: ["not_found"],
    example: shown.examples.chart,
  },
  "GET /drivers/nearby": {
    summary: "Free drivers around a point, nearest first. A passenger sees aliases that change daily.",
    roles: ["passenger", "admin"],
    query: bodies.nearbyQuery,
    status: 200,
    answer: bodies.nearbyDrivers,
    refusals: ["outside_area"],
    example: examples.nearby,
  },
  "GET /drivers": {
    summary: "Drivers, newest change of status first.",
    roles: ["admin"],
    query: bodies.driversQuery,
    status: 200,
    answer: bodies.drivers,
    refusals: [],
    example: examples.drivers,
  },
  "GET /drivers/:id": {
    summary: "A driver, for themselves and operators.",
    roles: ["driver", "admin"],
    status: 200,
    answer: bodies.driver,
    refusals: ["not_found"],
    example: examples.driver,
  },
  "GET /drivers/:id/why": {
    summary: "Why a driver was or was not asked: of the newest looks those that saw them, newest first.",
    roles: ["admin"],
    status: 200,
    answer: driverWhy.driverWhy,
    refusals: ["not_found"],
    example: driverWhy.example,
  },
  "POST /v1/match": {
    summary: "Who could take a trip from here, within 5 km. Reads only, assigns nothing.",
    tag: "match",
    roles: ["admin", "service"],
    body: bodies.matchRequest,
    status: 200,
    answer: bodies.matchAnswer,
    refusals: ["outside_area"],
    example: examples.match,
  },
  "GET /events": {
    summary:
      "The newest rows of the event log, of all markets, newest first. The `log` topic pushes what follows.",
    roles: ["admin"],
    query: story.newestQuery,
    status: 200,
    answer: story.newestEvents,
    refusals: [],
    example: examples.newestEvents,
  },
  ...quarantineCalls,
  "GET /health": {
    summary: "200 while the process lives.",
    roles: null,
    status: 200,
    answer: health.healthy,
    refusals: [],
    example: health.examples.health,
  },
  "GET /ready": {
    summary: "200 while the server can serve, else 503 with the reasons.",
    roles: null,
    status: 200,
    answer: health.serving,
    unavailable: health.notServing,
    refusals: [],
    example: health.examples.ready,
  },
  "GET /config.json": {
    summary: "What web pages need before anybody signs in: the markets, and what to draw maps with.",
    tag: "pages",
    roles: null,
    status: 200,
    answer: webConfig,
    refusals: [],
    example: examples.config,
  },
  "GET /metrics": {
    summary: "Prometheus text, unless the metrics have a port of their own.",
    roles: null,
    status: 200,
    answer: "text/plain",
    refusals: [],
    example: {},
  },
  ...pageCalls,
};
