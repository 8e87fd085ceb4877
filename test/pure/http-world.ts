import type { Place } from "../../src/session/desk.ts";
import { type FakeClock, fakeClock } from "../fixtures/fake-clock.ts";
import type { HttpReply, HttpRequest } from "../../src/socket/port.ts";
import { IDLE } from "../../src/location/port.ts";
import type { TripId } from "../../src/domain/ids.ts";
import type { Role } from "../../src/domain/status.ts";
import type { TripListRow } from "../../src/domain/row.ts";
import { ask } from "../fixtures/story.ts";
import { countAppend, countTurn } from "../../src/count-turns.ts";
import { countsOf, openMetrics } from "../../src/metrics.ts";
import { createDirectory } from "../../src/session/directory.ts";
import { createLimit } from "../../src/session/limits.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { createQuotes } from "../../src/session/quotes.ts";
import { createTokens } from "../../src/session/tokens.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { legalFor, meaning } from "../../src/meaning.ts";
import { memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { openAliases } from "../../src/http/aliases.ts";
import { openMarket } from "../../src/market/market.ts";
import { routesOf } from "../../src/http/routes.ts";
import { uuidv7 } from "uuidv7";

export const pickup = { lat: 38.56, lng: 68.78 };
export const dropoff = { lat: 38.58, lng: 68.8 };
const secret = "s".repeat(32);

export interface Call {
  readonly as?: readonly [sub: string, role: Role];
  readonly body?: unknown;
  readonly id?: string;
  readonly kind?: string;
  readonly key?: string;
  readonly query?: string;
  readonly address?: string;
}
export type As = NonNullable<Call["as"]>;

export interface World {
  readonly place: Place;
  readonly clock: FakeClock;
  /** Names of all there are. */
  readonly routes: readonly string[];
  /** What `GET /ready` finds missing. */
  readonly reasons: string[];
  call(
    name: string,
    options?: Call,
  ): Promise<{ status: number; headers: Record<string, string>; text: string }>;
  /** The same, with the body read as JSON. */
  told(name: string, options?: Call): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Status and error code. */
  codeOf(name: string, options?: Call): Promise<[number, string | undefined]>;
  /** A driver who is online and stands so many degrees north of the pickup. */
  drive(id: string, north: number): Promise<void>;
  /** Requests a trip, and gives its id. */
  request(as: As, key?: string): Promise<string>;
}

/** Every route on a real market, statecharts, tokens and location index; only the database is absent, and says so. */
export const openWorld = async (): Promise<World> => {
  const clock = fakeClock();
  const reasons: string[] = [];
  const metrics = openMetrics({
    sockets: () => ({ driver: 2 }),
    waiting: () => ({ City: 0 }),
    decisions: () => ({}),
    tracks: () => ({}),
    quarantined: () => ({}),
    laws: { breaks: () => ({}), unread: () => ({}), lookedAtS: () => 0 },
    stuck: () => ({}),
    stuckDrivers: () => ({}),
    brokenBonds: () => ({}),
    transport: "uws",
  });
  const rows = new Map<TripId, TripListRow>();
  const market = await openMarket({
    log: memoryLog(memoryTables()),
    clock,
    meaning,
    committed: (turn) => {
      countTurn(metrics, turn);
      for (const { after } of turn.steps) {
        desk.noticed(place, after);
        const row = meaning.listRow(after);
        if (row.table === "trip") rows.set(row.id as TripId, row);
      }
    },
    appended: (count, tookMs) => countAppend(metrics, count, tookMs),
    fenced: () => {},
    alarm: () => {},
  });
  market.start();
  const place: Place = {
    name: "City",
    currency: "TJS",
    timeZone: "Asia/Dushanbe",
    policy: defaultPolicy,
    market,
    locations: createLocationIndex(defaultPolicy.location),
    contains: ({ lat }) => lat > 0,
  };
  const driver = { firstName: "Ali", lastName: "K", vehicleType: "standard", licensePlate: "01A" };
  const desk = createDirectory([place], {
    driverRecord: (id) => Promise.resolve(id === "nobody" ? undefined : { driverId: id, ...driver }),
    passengerRecord: () => Promise.resolve(undefined),
    // As Postgres does.
    trip: (id) =>
      id.includes("\0") ? Promise.reject(new Error("invalid byte sequence")) : Promise.resolve(rows.get(id)),
  });
  const tokens = createTokens({ secret }, () => clock.wall());
  const gone = () => Promise.reject(new Error("connect ECONNREFUSED"));
  const routes = routesOf(
    {
      desk,
      tokens,
      accounts: { registerPassenger: gone, registerDriver: gone, passenger: gone, driver: gone },
      aliases: openAliases(secret, () => clock.wall()),
      quotes: createQuotes(secret),
      lists: { trips: gone, drivers: () => Promise.resolve([]), offers: gone },
      history: { find: gone, newest: gone, ofActor: gone, volumesOf: gone },
      decisions: { ofTrip: gone, thatSaw: gone },
      tracks: { ofTrip: gone },
      legalFor,
      audit: gone,
      counts: countsOf(metrics),
      clock,
      newId: uuidv7,
      userLimit: createLimit({ perS: 0.5, burst: 3 }, clock),
      registrations: createLimit({ perS: 0.1, burst: 2 }, clock),
      corsOrigins: [],
      transport: "uws",
      webConfig: { markets: [], map: { tiles: null, roads: null } },
      notReady: () => reasons,
      alarm: () => {},
    },
    { metrics: true },
  );

  const call: World["call"] = async (
    name,
    { as, body, id = "", kind = "", key = "", query = "", address = "::1" } = {},
  ) => {
    const headers: Record<string, string> = { "idempotency-key": key };
    if (as) headers["authorization"] = `Bearer ${await tokens.sign(...as, 60)}`;
    const request: HttpRequest = {
      method: name.split(" ")[0]!,
      path: "",
      params: { id, kind },
      query: new URLSearchParams(query),
      header: (header) => headers[header] ?? "",
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
      address,
    };
    const { status, headers: answered, body: text }: HttpReply = await routes[name]!(request);
    return { status, headers: answered ?? {}, text: String(text) };
  };
  const told: World["told"] = async (name, options) => {
    const { status, text } = await call(name, options);
    return { status, body: JSON.parse(text) as Record<string, unknown> };
  };
  const codeOf: World["codeOf"] = async (name, options) => {
    const { status, body } = await told(name, options);
    return [status, (body["error"] as { code: string } | undefined)?.code];
  };

  const drive: World["drive"] = async (id, north) => {
    const policy = defaultPolicy.driver;
    await ask(place.market, {
      to: { kind: "driver", id },
      birth: { type: "create", driverId: id, vehicleType: "standard", policy },
      event: { type: "go_online", vehicleType: "standard", policy },
      by: "driver",
      key: null,
      hash: 0,
    });
    const slot = place.locations.enter(id, "standard");
    place.locations.setStatus(id, IDLE);
    const nan = Number.NaN;
    place.locations.fix(slot, pickup.lat + north, pickup.lng, nan, nan, nan, nan, place.market.now());
  };
  const request: World["request"] = async (as, key = "") =>
    (await told("POST /trips", { as, body: { pickup, dropoff }, key })).body["trip_id"] as string;
  return { place, clock, routes: Object.keys(routes), reasons, call, told, codeOf, drive, request };
};
