import type { Actor, Turn } from "./market/ports.ts";
import { type OpenPlace, openPlace } from "./open-place.ts";
import { countBrokenBonds } from "./doctor/bonds.ts";
import { countStuck } from "./doctor/stuck.ts";
import { countFound, countTurn } from "./count-turns.ts";
import { countsOf, openMetrics } from "./metrics.ts";
import { driverId, tripId } from "./domain/ids.ts";
import type { Admission } from "./admission.ts";
import type { Clock } from "./domain/time.ts";
import type { Connection } from "./session/connection.ts";
import type { HttpPorts } from "./http/ports.ts";
import type { Laws } from "./watch-laws.ts";
import type { Log } from "./log/open-log.ts";
import type { Logger } from "pino";
import type { MarketSpec } from "./market-file.ts";
import type { Metrics } from "./metrics.ts";
import type { Place } from "./session/desk.ts";
import type { Search } from "./effects/search.ts";
import type { SessionPorts } from "./session/ports.ts";
import type { SocketHandlers } from "./socket/port.ts";
import type { Tokens } from "./session/tokens.ts";
import type { TransportName } from "./socket/pick-transport.ts";
import type { WebConfig } from "./protocol/web-config.ts";
import { centreOf } from "./location/area.ts";
import { act } from "./effects/act.ts";
import { afterRepair } from "./session/after-repair.ts";
import { createAdminSpeaker } from "./session/admin-socket.ts";
import { createDirectory } from "./session/directory.ts";
import { createDriverSpeaker } from "./session/driver-socket.ts";
import { createGrace } from "./session/grace.ts";
import { createHandlers } from "./session/socket.ts";
import { createLanes } from "./publish/lane.ts";
import { createPassengerSpeaker } from "./session/passenger-socket.ts";
import { createQuotes } from "./session/quotes.ts";
import { createRegistry } from "./session/registry.ts";
import { createResumeDriver } from "./publish/resume-driver.ts";
import { createSubscribe } from "./publish/resume-trip.ts";
import { createTopics } from "./publish/topics.ts";
import { meaning } from "./meaning.ts";
import { legalFor } from "./meaning.ts";
import { holdUnread } from "./session/hold-unread.ts";
import { logTurn } from "./log-turns.ts";
import { lookupsOf } from "./lookups.ts";
import { openAliases } from "./http/aliases.ts";
import { openLive } from "./open-live.ts";
import { openTripAlarms } from "./trip-alarms.ts";
import { projectDriver } from "./effects/project-driver.ts";
import { publishTurn } from "./publish/publish-turn.ts";
import { upcast } from "./market/versions.ts";

/** All of the world that the server touches: what is real in production, and simulated in simulations. */
export interface World {
  readonly clock: Clock;
  /** A UUIDv7. */
  readonly newId: () => string;
  readonly log: Log;
  readonly logger: Logger;
  readonly loopLagMs: () => number;
  readonly laws: Laws;
  readonly transport: TransportName;
}
interface Settings {
  readonly markets: readonly MarketSpec[];
  readonly admission: Admission;
  readonly tokens: Tokens;
  readonly secret: string;
  readonly corsOrigins: readonly string[];
  readonly map: WebConfig["map"];
  /** Another server has taken this market: what is in memory is worth nothing (M32). */
  readonly fenced: (market: string) => void;
}

/** The server between its log and its transport. */
export interface Assembled {
  readonly places: readonly OpenPlace[];
  readonly metrics: Metrics;
  readonly http: HttpPorts;
  /** By path, `/ws/driver/:id`. */
  readonly sockets: Readonly<Record<string, SocketHandlers<Connection>>>;
  /** Tells the sockets to go and nobody anything more; resolves once the turns in flight are committed. */
  close(): Promise<void>;
}

/** Takes the markets, recovers them, and wires everything that stands around them. */
export const assemble = async (world: World, settings: Settings): Promise<Assembled> => {
  const { clock, newId, log, logger } = world;
  const { markets, admission, tokens, fenced } = settings;
  const alarm = (what: string, detail: Record<string, unknown>) => logger.error(detail, what);
  const metrics = openMetrics({
    sockets: () => registry.byRole(),
    waiting: () => Object.fromEntries(places.map(({ place }) => [place.name, place.market.stats.waiting])),
    transport: world.transport,
    decisions: () => ({ ...log.decisions.counts }),
    tracks: () => ({ ...log.tracks.counts }),
    laws: world.laws,
    stuck: () => countStuck(meaning, running(), "trip"),
    stuckDrivers: () => countStuck(meaning, running(), "driver"),
    brokenBonds: () => countBrokenBonds(meaning, running()),
    quarantined: () =>
      Object.fromEntries(places.map(({ place }) => [place.name, place.market.quarantine.list().length])),
  });
  const running = () => places.map(({ place }) => place.market);
  const lanes = createLanes();
  const topics = createTopics();
  const registry = createRegistry();
  const driverPeer = registry.driverPeer;
  const alarmed = openTripAlarms(metrics, logger);

  /** What a commit means to the world: where things are, who may be found, who hears, what is sent. */
  const committed = (place: Place, search: Search, turn: Turn): void => {
    for (const { after } of turn.steps) desk.noticed(place, after);
    const touched = new Map(turn.steps.map(({ after }) => [`${after.kind}:${after.id}`, after]));
    // Drivers first: a trip that looks again at once sees whom this turn freed.
    for (const kind of ["driver", "trip"] as const)
      for (const actor of touched.values()) if (actor.kind === kind) project(place, search, actor);
    publishTurn({ desk, lanes, topics, driverPeer }, place, turn);
    live.committed(place, turn);
    act({ desk, lanes, driverPeer, alarmed }, place, turn);
    afterRepair(registry, turn);
    countTurn(metrics, turn);
    logTurn(logger, place.name, turn);
  };
  const project = (place: Place, search: Search, actor: Actor): void => {
    if (actor.kind === "trip") search.changed(actor);
    else {
      projectDriver(place, actor, registry.seat);
      grace.noticed(driverId(actor.id));
    }
  };

  const owned = await log.take(markets.map(({ id, name }) => ({ key: id, name })));
  const places: OpenPlace[] = await Promise.all(
    markets.map((spec, i) =>
      openPlace(spec, owned[i]!, { clock, metrics, committed, decided: log.decisions.note, fenced, alarm }),
    ),
  );
  const desk = createDirectory(
    places.map(({ place }) => place),
    lookupsOf(log),
  );
  const aliases = openAliases(settings.secret, clock.wall);
  const open = () => Object.values(registry.byRole()).reduce((sum, count) => sum + count, 0);
  const track = log.tracks.note;
  const { loopLagMs } = world;
  const { breaks } = world.laws;
  const live = openLive({ clock, desk, topics, metrics, aliases, track, sockets: open, loopLagMs, breaks });
  const grace = createGrace(desk, clock, registry.hasDriver);
  for (const { place, search } of places) {
    for (const actor of [...place.market.all("driver"), ...place.market.all("trip")]) {
      desk.noticed(place, actor);
      countFound(metrics, actor);
      live.noticed(place, actor);
      project(place, search, actor);
    }
  }
  for (const { place } of places) await holdUnread(desk, place);
  // Only now: what they commit is for all of the above.
  for (const { place } of places) place.market.start();

  // E132: people are told rows in today's words.
  const history: HttpPorts["history"] = {
    ...log.history,
    ofActor: async (...which) => (await log.history.ofActor(...which)).map((row) => upcast(meaning, row)),
  };
  const ofTrip = (id: string, sinceSeq: number) => {
    const market = desk.placeOfTrip(tripId(id))?.market.id;
    const where =
      market === undefined ? history.find(id).then((found) => found[0]?.market) : Promise.resolve(market);
    return where.then((of) =>
      of === undefined ? [] : history.ofActor({ market: of, kind: "trip", id }, sinceSeq),
    );
  };
  const quotes = createQuotes(settings.secret);
  const session: SessionPorts = {
    desk,
    quotes,
    clock,
    newId,
    tokens,
    registry,
    grace,
    pushes: {
      resumeDriver: createResumeDriver({ desk, lanes }),
      subscribe: createSubscribe({ desk, topics, clock, history: ofTrip }),
      followNew: (peer, id) => void topics.follow(id, peer, 0),
      unsubscribe: (peer, id) => topics.unfollow(id, peer),
      follows: (peer, id) => topics.follows(id, peer),
      forget: (peer) => topics.forget(peer),
      ...live.pushes,
    },
    rate: log.ratings.rate,
    addressLimit: admission.connections,
    userLimit: admission.messages,
    pings: metrics.pings,
    refusals: metrics.refusals,
  };
  const http: HttpPorts = {
    desk,
    tokens,
    accounts: log.accounts,
    aliases,
    quotes,
    lists: log.lists,
    history,
    decisions: log.decisions,
    tracks: log.tracks,
    legalFor,
    audit: log.audit,
    counts: countsOf(metrics),
    clock,
    newId,
    userLimit: admission.messages,
    registrations: admission.registrations,
    corsOrigins: settings.corsOrigins,
    transport: world.transport,
    webConfig: {
      markets: markets.map(({ id, name, currency, timeZone, area }) => ({
        id,
        name,
        currency,
        time_zone: timeZone,
        centre: centreOf(area),
      })),
      map: settings.map,
    },
    notReady: async () => [
      ...((await log.ready()) ? [] : ["the database does not answer"]),
      ...places
        .filter(({ place }) => !place.market.healthy())
        .map(({ place }) => `market ${place.name} does not commit`),
    ],
    alarm,
  };
  return {
    places,
    metrics,
    http,
    sockets: {
      "/ws/driver/:id": createHandlers(session, createDriverSpeaker(session)),
      "/ws/passenger/:id": createHandlers(session, createPassengerSpeaker(session)),
      "/ws/admin": createHandlers(session, createAdminSpeaker(session)),
    },
    async close() {
      registry.closeAll();
      live.stop();
      for (const { search } of places) search.stop();
      await Promise.all(places.map(({ place }) => place.market.close()));
      grace.stop();
    },
  };
};
