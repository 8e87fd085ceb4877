import type * as z from "zod";
import * as bodies from "./http-bodies.ts";
import { examples } from "./http-examples.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { Role } from "../domain/status.ts";

/** One call of the HTTP contract, as the documents tell it. */
export interface Call {
  readonly summary: string;
  /** Null: anyone, without a token. */
  readonly roles: readonly Role[] | null;
  readonly query?: z.ZodObject | z.ZodPipe<z.ZodObject>;
  readonly body?: z.ZodType;
  /** Takes an `Idempotency-Key`. */
  readonly keyed?: true;
  readonly status: number;
  /** Of the answer; a media type where it is not JSON. */
  readonly answer: z.ZodType | string;
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
    summary: "A new token for the same user, valid for 30 days.",
    roles: anyRole,
    status: 200,
    answer: bodies.refreshedToken,
    refusals: [],
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
    summary: "A trip, for its passenger, its driver and operators.",
    roles: people,
    status: 200,
    answer: bodies.trip,
    refusals: ["not_found"],
    example: examples.trip,
  },
  "POST /trips/:id/cancel": {
    summary: "Cancel a trip. A driver's cancel before the start gives it to others.",
    roles: people,
    body: bodies.tripCancel,
    keyed: true,
    status: 200,
    answer: bodies.trip,
    refusals: tripRefusals,
    example: examples.cancelTrip,
  },
  "POST /trips/:id/assign": {
    summary: "Assign a driver by hand; on an accepted trip this is a reassignment.",
    roles: ["admin"],
    body: bodies.tripAssign,
    keyed: true,
    status: 200,
    answer: bodies.trip,
    refusals: [...tripRefusals, "driver_unavailable"],
    example: examples.assignTrip,
  },
  "GET /trips/:id/events": {
    summary: "The trip's part of the event log, in order.",
    roles: ["admin"],
    query: bodies.eventsQuery,
    status: 200,
    answer: bodies.tripEvents,
    refusals: ["not_found"],
    example: examples.events,
  },
  "GET /trips/:id/why": {
    summary:
      "Each dispatch attempt: who was considered, by which gates, who was asked and what they answered.",
    roles: ["admin"],
    status: 200,
    answer: bodies.why,
    refusals: ["not_found"],
    example: examples.why,
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
  "POST /v1/match": {
    summary: "Who could take a trip from here, within 5 km. Reads only, assigns nothing.",
    roles: ["admin", "service"],
    body: bodies.matchRequest,
    status: 200,
    answer: bodies.matchAnswer,
    refusals: ["outside_area"],
    example: examples.match,
  },
  "GET /health": {
    summary: "200 while the process lives.",
    roles: null,
    status: 200,
    answer: bodies.healthy,
    refusals: [],
    example: examples.health,
  },
  "GET /ready": {
    summary: "200 while the server can serve, else 503 with the reasons.",
    roles: null,
    status: 200,
    answer: bodies.healthy,
    refusals: [],
    example: examples.ready,
  },
  "GET /metrics": {
    summary: "Prometheus text, unless the metrics have a port of their own.",
    roles: null,
    status: 200,
    answer: "text/plain",
    refusals: [],
    example: {},
  },
};
