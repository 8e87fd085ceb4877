import type * as bodies from "../protocol/http-bodies.ts";
import type * as shown from "../protocol/chart-bodies.ts";
import type * as quarantine from "../protocol/quarantine-bodies.ts";
import type * as story from "../protocol/story-bodies.ts";
import type { ActorKind } from "../domain/row.ts";
import type { DriverWhy } from "../protocol/driver-why-bodies.ts";
import type { ServerRefusal } from "./connection.ts";
import type * as z from "zod";
import { backoffMs } from "./backoff.ts";

/** What came of a call. */
export type Result<T> =
  | { readonly is: "ok"; readonly body: T }
  | { readonly is: "refused"; readonly status: number; readonly error: ServerRefusal }
  /** No answer, also after trying again: a POST without a key may have been done. */
  | { readonly is: "unreachable"; readonly message: string };

export interface HttpOptions {
  /** `http://host:8000` */
  readonly url: string;
  /** Asked at each call; null: nobody yet, as before registering. */
  readonly token: () => string | null;
}

/** One page of a list; `cursor` is the `next_cursor` of the page before. */
interface Page {
  readonly limit?: number;
  readonly cursor?: string;
}
export interface TripFilter extends Page {
  readonly status?: NonNullable<bodies.TripsQuery["status"]>;
  readonly driver_id?: string;
  readonly passenger_id?: string;
  /** P207 */
  readonly q?: string;
}
export interface DriverFilter extends Page {
  readonly status?: NonNullable<bodies.DriversQuery["status"]>;
  /** P207 */
  readonly q?: string;
}
export interface EventFilter extends Page {
  readonly since_seq?: number;
}
export interface NearbyQuery {
  readonly lat: number;
  readonly lng: number;
  /** Kilometres. */
  readonly radius?: number;
  readonly vehicle_type?: string;
  readonly limit?: number;
}
type In<S extends z.ZodType> = z.input<S>;

/** Calls of the HTTP contract. None rejects; `busy`, `unavailable` and lost connections are tried again (B7). */
export const openHttp = (options: HttpOptions) => ({
  registerPassenger: (person: In<typeof bodies.passengerRegistration>) =>
    call<bodies.RegisteredPassenger>(options, "POST", "/passengers/register", { body: person }),
  registerDriver: (person: In<typeof bodies.driverRegistration>) =>
    call<bodies.RegisteredDriver>(options, "POST", "/drivers/register", { body: person }),
  refreshToken: () => call<bodies.RefreshedToken>(options, "POST", "/tokens/refresh", { repeatable: true }),
  /** Each call is a quote of its own, so it may be made again. */
  quote: (ride: In<typeof bodies.quoteRequest>) =>
    call<bodies.Quoted>(options, "POST", "/quotes", { body: ride, repeatable: true }),
  /** The same `key` asks for the same trip again. */
  requestTrip: (wish: In<typeof bodies.tripRequest>, key: string) =>
    call<bodies.TripBody>(options, "POST", "/trips", { body: wish, key }),
  cancelTrip: (tripId: string, key: string, reason?: string) =>
    call<shown.ShownTrip>(options, "POST", `/trips/${part(tripId)}/cancel`, { body: { reason }, key }),
  assignTrip: (tripId: string, key: string, body: In<typeof bodies.tripAssign>) =>
    call<shown.ShownTrip>(options, "POST", `/trips/${part(tripId)}/assign`, { body, key }),
  completeTrip: (tripId: string, key: string, body: In<typeof bodies.tripComplete>) =>
    call<shown.ShownTrip>(options, "POST", `/trips/${part(tripId)}/complete`, { body, key }),
  trip: (tripId: string) => call<shown.ShownTrip>(options, "GET", `/trips/${part(tripId)}`),
  trips: (filter: TripFilter = {}) =>
    call<bodies.TripsBody>(options, "GET", "/trips", { query: { ...filter } }),
  tripEvents: (tripId: string, filter: EventFilter = {}) =>
    call<story.TripEvents>(options, "GET", `/trips/${part(tripId)}/events`, { query: { ...filter } }),
  why: (tripId: string) => call<story.Why>(options, "GET", `/trips/${part(tripId)}/why`),
  track: (tripId: string) => call<shown.TrackBody>(options, "GET", `/trips/${part(tripId)}/track`),
  candidates: (tripId: string) =>
    call<shown.CandidatesBody>(options, "GET", `/trips/${part(tripId)}/candidates`),
  chart: (kind: "trip" | "driver") => call<shown.ChartBody>(options, "GET", `/charts/${kind}`),
  driver: (driverId: string) => call<bodies.DriverBody>(options, "GET", `/drivers/${part(driverId)}`),
  drivers: (filter: DriverFilter = {}) =>
    call<bodies.DriversBody>(options, "GET", "/drivers", { query: { ...filter } }),
  driverWhy: (driverId: string) => call<DriverWhy>(options, "GET", `/drivers/${part(driverId)}/why`),
  /** Newest first. */
  newestEvents: (limit: number) => call<story.NewestEvents>(options, "GET", "/events", { query: { limit } }),
  quarantine: () => call<quarantine.Listed>(options, "GET", "/quarantine"),
  quarantined: (kind: ActorKind, id: string) =>
    call<quarantine.Looked>(options, "GET", `/quarantine/${kind}/${part(id)}`),
  /** A second time there is nothing to repair. */
  retryQuarantined: (kind: ActorKind, id: string, reason: string) =>
    call<quarantine.Repaired>(options, "POST", `/quarantine/${kind}/${part(id)}/retry`, {
      body: { reason },
    }),
  releaseQuarantined: (kind: ActorKind, id: string, reason: string) =>
    call<quarantine.Repaired>(options, "POST", `/quarantine/${kind}/${part(id)}/release`, {
      body: { reason },
    }),
  nearby: (query: NearbyQuery) =>
    call<bodies.NearbyDrivers>(options, "GET", "/drivers/nearby", { query: { ...query } }),
  match: (body: In<typeof bodies.matchRequest>) =>
    call<bodies.MatchAnswer>(options, "POST", "/v1/match", { body, repeatable: true }),
});

/** An id that somebody typed stays one part of the path. */
const part = encodeURIComponent;

interface Ask {
  readonly body?: object;
  /** Idempotency-Key. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Doing it twice does no harm. */
  readonly repeatable?: boolean;
}

const TRIES = 6;
const TIMEOUT_MS = 10_000;

const call = async <T>(
  { url, token }: HttpOptions,
  method: "GET" | "POST",
  path: string,
  { body, key, query = {}, repeatable = method === "GET" || key !== undefined }: Ask = {},
): Promise<Result<T>> => {
  const target = new URL(path, url);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) target.searchParams.set(name, String(value));
  const bearer = token();
  const headers = {
    ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(key !== undefined && { "idempotency-key": key }),
  };

  for (let failures = 0; ; failures++) {
    const result = await once<T>(target, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (failures + 1 >= TRIES || !mayTryAgain(result, repeatable)) return result;
    await new Promise((resolve) => setTimeout(resolve, backoffMs(failures)));
  }
};

/** `busy` is certainly not done; after `unavailable` or silence only what is repeatable is repeated. */
const mayTryAgain = (result: Result<unknown>, repeatable: boolean): boolean =>
  result.is === "unreachable"
    ? repeatable
    : result.is === "refused" && result.status === 503 && (repeatable || result.error.code === "busy");

const once = async <T>(target: URL, init: RequestInit): Promise<Result<T>> => {
  try {
    const response = await fetch(target, init);
    const content = (await response.json()) as T | { error: ServerRefusal };
    return response.ok
      ? { is: "ok", body: content as T }
      : {
          is: "refused",
          status: response.status,
          error: (content as { error: ServerRefusal }).error,
        };
  } catch (error) {
    return { is: "unreachable", message: error instanceof Error ? error.message : String(error) };
  }
};
