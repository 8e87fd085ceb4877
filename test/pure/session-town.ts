import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import type { DriverId, TripId } from "../../src/domain/ids.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import type { Desk, DriverRecord, Place } from "../../src/session/desk.ts";
import { encodeFrame } from "../../src/protocol/frame.ts";
import { driverId, tripId } from "../../src/domain/ids.ts";
import type { Connection } from "../../src/session/connection.ts";
import type { MarketPolicy } from "../../src/domain/policy.ts";
import type { Position } from "../../src/domain/geo.ts";
import type { Role } from "../../src/domain/status.ts";
import type { SessionPorts } from "../../src/session/ports.ts";
import type { Socket, SocketHandlers, Upgrade } from "../../src/socket/port.ts";
import type { TripListRow } from "../../src/domain/row.ts";
import { unpack } from "msgpackr";
import { act } from "../../src/effects/act.ts";
import { afterRepair } from "../../src/session/after-repair.ts";
import { asDriver, meaning } from "../../src/meaning.ts";
import { createAdminSpeaker } from "../../src/session/admin-socket.ts";
import { type Directory, type Lookups, createDirectory } from "../../src/session/directory.ts";
import { createDriverSpeaker } from "../../src/session/driver-socket.ts";
import { createGrace } from "../../src/session/grace.ts";
import { createHandlers } from "../../src/session/socket.ts";
import { createLanes } from "../../src/publish/lane.ts";
import { createLimit } from "../../src/session/limits.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { createPassengerSpeaker } from "../../src/session/passenger-socket.ts";
import { createQuotes } from "../../src/session/quotes.ts";
import { createRegistry } from "../../src/session/registry.ts";
import { createResumeDriver } from "../../src/publish/resume-driver.ts";
import { type Search, createSearch } from "../../src/effects/search.ts";
import { openTownLive, rateInMemory } from "./town-live.ts";
import { createSubscribe } from "../../src/publish/resume-trip.ts";
import { createTokens } from "../../src/session/tokens.ts";
import { createTopics } from "../../src/publish/topics.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { nearestWave } from "../../src/dispatch/propose.ts";
import { openMarket } from "../../src/market/market.ts";
import { projectDriver } from "../../src/effects/project-driver.ts";
import { publishTurn } from "../../src/publish/publish-turn.ts";
import { uuidv7 } from "uuidv7";

// The whole server without a network and a database: real markets, statecharts, index, sessions, publishing.

export const centre: Position = { lat: 38.56, lng: 68.78 };
export const dropoff: Position = { lat: 38.58, lng: 68.8 };
/** In the other market. */
export const farAway: Position = { lat: 41, lng: 69 };

export type Message = { type: string } & Record<string, any>;

/** One user's end of a socket. */
export interface Client {
  readonly heard: Message[];
  closed: number | null;
  /** Frames the peer does not read. */
  slow: boolean;
  say(message: object): Promise<void>;
  sayBytes(bytes: Uint8Array, binary: boolean): Promise<void>;
  hangUp(): Promise<void>;
  /** Waits for nothing: what has come of this type. */
  all(type: string): Message[];
  last(type: string): Message;
}

export interface Town {
  readonly clock: FakeClock;
  readonly desk: Desk;
  readonly city: Place;
  readonly country: Place;
  readonly tables: MemoryTables;
  /** Raised for operators: `driver_lost TRIP_ID`. */
  readonly alarms: string[];
  readonly session: SessionPorts;
  /** Of the city. */
  readonly search: Search;
  /** How long a look at a driver's or passenger's record takes. */
  lookupMs: number;
  upgrade(role: Role, path: string, headers: Record<string, string>): Promise<Upgrade<Connection>>;
  /** Admitted; the socket opens when the result is called. */
  admit(role: "driver" | "passenger" | "admin", id: string, expiresInS?: number): Promise<() => Client>;
  connect(role: "driver" | "passenger" | "admin", id: string, expiresInS?: number): Promise<Client>;
  /** Online, with a fix there. */
  driverAt(id: string, position: Position): Promise<Client>;
}

export const openTown = async (policy: Partial<MarketPolicy> = {}): Promise<Town> => {
  const clock = fakeClock();
  const places: Place[] = [];
  const ended = new Map<TripId, TripListRow>();
  const town = { lookupMs: 0 };
  const looked = <T>(found: T): Promise<T> =>
    town.lookupMs === 0
      ? Promise.resolve(found)
      : new Promise((resolve) => void clock.after(town.lookupMs, () => resolve(found)));
  const registry = createRegistry();
  const topics = createTopics();
  const lanes = createLanes();
  const alarms: string[] = [];
  const alarmed = (alarm: string, id: TripId) => void alarms.push(`${alarm} ${id}`);

  const searches: Search[] = [];
  const open = async (name: string, contains: Place["contains"], tables: MemoryTables): Promise<Place> => {
    let search: Search | null = null;
    const place: { -readonly [K in keyof Place]: Place[K] } = {
      name,
      currency: "TJS",
      timeZone: "Asia/Dushanbe",
      policy: { ...defaultPolicy, ...policy },
      market: null as never,
      locations: createLocationIndex(defaultPolicy.location),
      contains,
    };
    place.market = await openMarket({
      log: memoryLog(tables),
      clock,
      meaning,
      appended: () => {},
      fenced: () => {},
      alarm: () => {},
      committed(turn) {
        for (const { after } of turn.steps) {
          desk.noticed(place, after);
          if (after.kind === "driver") {
            projectDriver(place, after, registry.seat);
            grace.noticed(driverId(after.id));
          } else if (!meaning.live(after)) {
            ended.set(tripId(after.id), meaning.listRow(after) as TripListRow);
          }
        }
        publishTurn(ports, place, turn);
        live.committed(place, turn);
        act(ports, place, turn);
        afterRepair(registry, turn);
        for (const { after } of turn.steps) if (after.kind === "trip") search?.changed(after);
      },
    });
    const deaf = { matched: () => {}, decided: () => {} };
    search = createSearch({ place, propose: nearestWave, clock, ...deaf });
    searches.push(search);
    place.market.start();
    return place;
  };
  const tables = memoryTables();
  places.push(
    await open("city", ({ lat }) => lat < 39, tables),
    await open("country", () => true, memoryTables()),
  );
  const lookups: Lookups = {
    driverRecord: (id) => looked(id.startsWith("d") ? recordOf(id) : undefined),
    passengerRecord: (id) => looked({ passengerId: id, firstName: `Passenger ${id}` }),
    trip: (id) => Promise.resolve(ended.get(id)),
  };
  const directory = createDirectory(places, lookups);
  /** While lookups take long, nothing is remembered. */
  const records = () => (town.lookupMs === 0 ? directory : lookups);
  const desk: Directory = {
    ...directory,
    driverRecord: (id) => records().driverRecord(id),
    passengerRecord: (id) => records().passengerRecord(id),
  };
  const grace = createGrace(desk, clock, registry.hasDriver);
  const live = openTownLive(clock, desk, topics);
  const ports = { desk, lanes, topics, clock, driverPeer: registry.driverPeer, alarmed };

  const tokens = createTokens({ secret: "s".repeat(32) }, () => clock.wall());
  const session: SessionPorts = {
    desk,
    clock,
    newId: uuidv7,
    tokens,
    quotes: createQuotes("s".repeat(32)),
    registry,
    grace,
    addressLimit: createLimit({ perS: 1, burst: 5 }, clock),
    userLimit: createLimit({ perS: 10, burst: 20 }, clock),
    pings: {},
    refusals: {},
    pushes: {
      resumeDriver: createResumeDriver(ports),
      subscribe: createSubscribe({
        ...ports,
        history: (id, since) => looked(tables.rows.filter((row) => row.actorId === id && row.seq > since)),
      }),
      followNew: (peer, id) => void topics.follow(id, peer, 0),
      unsubscribe: (peer, id) => topics.unfollow(id, peer),
      follows: (peer, id) => topics.follows(id, peer),
      forget: topics.forget,
      ...live.pushes,
    },
    rate: rateInMemory(),
  };
  const handlers: Record<string, SocketHandlers<Connection>> = {
    driver: createHandlers(session, createDriverSpeaker(session)),
    passenger: createHandlers(session, createPassengerSpeaker(session)),
    admin: createHandlers(session, createAdminSpeaker(session)),
  };
  const upgrade: Town["upgrade"] = async (path, id, headers) =>
    handlers[path]!.upgrade({
      method: "GET",
      path: "",
      params: { id },
      query: new URLSearchParams("format=json"),
      header: (name) => headers[name] ?? "",
      body: new Uint8Array(),
      address: headers["x-address"] ?? "127.0.0.1",
    });

  const admit: Town["admit"] = async (role, id, expiresInS = 3_600) => {
    const token = await tokens.sign(id, role, expiresInS);
    const verdict = await upgrade(role, id, { authorization: `Bearer ${token}` });
    if (verdict.is === "refuse") throw new Error(String(verdict.reply.body));
    return () => clientOf(handlers[role]!, verdict.state);
  };
  const connect: Town["connect"] = async (...who) => {
    const client = (await admit(...who))();
    await settle();
    return client;
  };

  return Object.assign(town, {
    clock,
    desk,
    city: places[0]!,
    country: places[1]!,
    tables,
    alarms,
    session,
    search: searches[0]!,
    upgrade,
    admit,
    connect,
    async driverAt(id: string, position: Position) {
      const client = await connect("driver", id);
      await client.say({ type: "driver_location", ...position });
      await client.say({ type: "driver_status", status: "available" });
      await client.say({ type: "driver_location", ...position });
      return client;
    },
  });
};

const recordOf = (id: DriverId): DriverRecord => ({
  driverId: id,
  firstName: `Driver ${id}`,
  lastName: null,
  vehicleType: "standard",
  licensePlate: `0${id}`,
});

const clientOf = (handlers: SocketHandlers<Connection>, state: Connection): Client => {
  const client = { heard: [] as Message[], closed: null as number | null, slow: false };
  let open = true;
  const socket: Socket<Connection> = {
    state,
    get open() {
      return open;
    },
    send(frame) {
      if (!open) return "sent";
      if (client.slow) return "slow";
      client.heard.push((typeof frame === "string" ? JSON.parse(frame) : unpack(frame)) as Message);
      return "sent";
    },
    buffered: () => 0,
    close(code) {
      if (!open) return;
      open = false;
      client.closed = code;
      handlers.closed(socket, code);
    },
  };
  handlers.opened(socket);
  const sayBytes = async (bytes: Uint8Array, binary: boolean) => {
    if (open) handlers.message(socket, bytes, binary);
    await settle();
  };
  return Object.assign(client, {
    sayBytes,
    say: (message: object) =>
      sayBytes(new TextEncoder().encode(encodeFrame(message, "json") as string), false),
    async hangUp() {
      socket.close(1005, "");
      await settle();
    },
    all: (type: string) => client.heard.filter((message) => message.type === type),
    last(type: string) {
      const found = client.heard.findLast((message) => message.type === type);
      if (!found) throw new Error(`no ${type} in ${JSON.stringify(client.heard)}`);
      return found;
    },
  });
};

export const stateOf = (place: Place, kind: "trip" | "driver", id: string): string | undefined =>
  place.market.peek({ kind, id })?.state;
export const lostAt = (place: Place, id: string): number | null =>
  asDriver(place.market.peek({ kind: "driver", id })!).context.lostAt;
