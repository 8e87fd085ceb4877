import type { Actor, Turn } from "./market/ports.ts";
import type { Place } from "./session/desk.ts";
import { type MarketSpec, readMarkets } from "./market-file.ts";
import { type OpenPlace, openPlace } from "./open-place.ts";
import { countFound, countTurn } from "./count-turns.ts";
import { countsOf, openMetrics } from "./metrics.ts";
import { driverId, tripId } from "./domain/ids.ts";
import type { Config } from "./config.ts";
import type { Connection } from "./session/connection.ts";
import type { HttpPorts } from "./http/ports.ts";
import type { Logger } from "pino";
import type { Search } from "./effects/search.ts";
import type { SessionPorts } from "./session/ports.ts";
import type { Tokens } from "./session/tokens.ts";
import { act } from "./effects/act.ts";
import { createAdminSpeaker } from "./session/admin-socket.ts";
import { createDirectory } from "./session/directory.ts";
import { createDriverSpeaker } from "./session/driver-socket.ts";
import { createGrace } from "./session/grace.ts";
import { createHandlers } from "./session/socket.ts";
import { createLanes } from "./publish/lane.ts";
import { createLimit } from "./session/limits.ts";
import { createPassengerSpeaker } from "./session/passenger-socket.ts";
import { createQuotes } from "./session/quotes.ts";
import { createRegistry } from "./session/registry.ts";
import { createReload } from "./reload.ts";
import { createResumeDriver } from "./publish/resume-driver.ts";
import { createSubscribe } from "./publish/resume-trip.ts";
import { createTopics } from "./publish/topics.ts";
import { limits } from "./limits.ts";
import { logTurn } from "./log-turns.ts";
import { lookupsOf } from "./lookups.ts";
import { openAliases } from "./http/aliases.ts";
import { openLive } from "./open-live.ts";
import { openLog } from "./log/open-log.ts";
import { openTokens } from "./open-tokens.ts";
import { openTripAlarms } from "./trip-alarms.ts";
import { pickTransport } from "./socket/pick-transport.ts";
import { projectDriver } from "./effects/project-driver.ts";
import { publishTurn } from "./publish/publish-turn.ts";
import { realClock } from "./domain/time.ts";
import { routesOf } from "./http/routes.ts";
import { scrape } from "./http/health.ts";
import { transportReplies } from "./http/replies.ts";
import { startEmbedded } from "./log/embedded/start-embedded.ts";

export interface Serving {
  readonly port: number;
  readonly tokens: Tokens;
  /** Reads the markets file again (M40). Never rejects. */
  reload(): Promise<void>;
  /** Drains: no new connections, sockets told to go, turns in flight committed, the database ended last. */
  close(): Promise<void>;
}

/** What closes the log and its database. */
type Closing = (() => Promise<void>)[];
const closeAll = async (opened: Closing): Promise<void> => {
  for (const close of opened.toReversed()) await close();
};

/** Starts everything in order; `close` stops it in reverse. Rejects with one clear line where it cannot. */
export const serve = async (
  config: Config,
  logger: Logger,
  fenced: (market: string) => void,
): Promise<Serving> => {
  const opened: Closing = [];
  try {
    return await open(config, logger, fenced, opened);
  } catch (error) {
    await closeAll(opened); // no database is left running
    throw error;
  }
};

const open = async (
  config: Config,
  logger: Logger,
  fenced: (market: string) => void,
  opened: Closing,
): Promise<Serving> => {
  const clock = realClock;
  const alarm = (what: string, detail: Record<string, unknown>) => logger.error(detail, what);
  const specs = readMarkets(config.marketsFile);
  const { tokens, secret } = openTokens(config, clock);
  const transport = await pickTransport(config.transport);
  if (transport.why !== null)
    logger.warn({ reason: transport.why }, "serving through node:http and ws, which are slower");

  const embedded =
    config.databaseUrl === null
      ? await startEmbedded({ dir: config.dataDir, log: (line) => logger.info({ part: "postgres" }, line) })
      : null;
  if (embedded) opened.push(embedded.stop);
  const log = await openLog({ url: config.databaseUrl ?? embedded!.url, alarm });
  opened.push(log.close);
  const metrics = openMetrics({
    sockets: () => registry.byRole(),
    waiting: () => Object.fromEntries(places.map(({ place }) => [place.name, place.market.stats.waiting])),
    transport: transport.name,
    decisions: () => ({ ...log.decisions.counts }),
  });

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

  const owned = await log.take(specs.map(({ id, name }) => ({ key: id, name })));
  const places: OpenPlace[] = await Promise.all(
    specs.map((spec: MarketSpec, i) =>
      openPlace(spec, owned[i]!, { clock, metrics, committed, decided: log.decisions.note, fenced, alarm }),
    ),
  );
  const desk = createDirectory(
    places.map(({ place }) => place),
    lookupsOf(log),
  );
  const aliases = openAliases(secret, clock.wall);
  const sockets = () => Object.values(registry.byRole()).reduce((sum, open) => sum + open, 0);
  const live = openLive({ clock, desk, topics, metrics, aliases, sockets });
  const grace = createGrace(desk, clock, registry.hasDriver);
  for (const { place, search } of places) {
    for (const actor of [...place.market.all("driver"), ...place.market.all("trip")]) {
      desk.noticed(place, actor);
      countFound(metrics, actor);
      live.noticed(place, actor);
      project(place, search, actor);
    }
  }
  // Only now: what they commit is for all of the above.
  for (const { place } of places) place.market.start();

  const history = (id: string, sinceSeq: number) => {
    const market = desk.placeOfTrip(tripId(id))?.market.id;
    const where =
      market === undefined ? log.history.find(id).then((found) => found[0]?.market) : Promise.resolve(market);
    return where.then((of) =>
      of === undefined ? [] : log.history.ofActor({ market: of, kind: "trip", id }, sinceSeq),
    );
  };
  const quotes = createQuotes(secret);
  const session: SessionPorts = {
    desk,
    quotes,
    clock,
    tokens,
    registry,
    grace,
    pushes: {
      resumeDriver: createResumeDriver({ desk, lanes }),
      subscribe: createSubscribe({ desk, topics, clock, history }),
      followNew: (peer, id) => void topics.follow(id, peer, 0),
      unsubscribe: (peer, id) => topics.unfollow(id, peer),
      forget: (peer) => topics.forget(peer),
      ...live.pushes,
    },
    rate: log.ratings.rate,
    addressLimit: createLimit(limits.connectionsPerAddress, clock),
    userLimit: createLimit(limits.messagesPerUser, clock),
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
    history: log.history,
    decisions: log.decisions,
    counts: countsOf(metrics),
    clock,
    registrations: createLimit(limits.registrationsPerAddress, clock),
    corsOrigins: config.corsOrigins,
    transport: transport.name,
    notReady: async () => [
      ...((await log.ready()) ? [] : ["the database does not answer"]),
      ...places
        .filter(({ place }) => !place.market.healthy())
        .map(({ place }) => `market ${place.name} does not commit`),
    ],
    alarm,
  };

  const served = { host: config.host, ...transportReplies(alarm), ...limits.transport };
  const server = await transport.listen<Connection>({
    ...served,
    port: config.port,
    routes: routesOf(http, { metrics: config.metricsPort === null }),
    sockets: {
      "/ws/driver/:id": createHandlers(session, createDriverSpeaker(session)),
      "/ws/passenger/:id": createHandlers(session, createPassengerSpeaker(session)),
      "/ws/admin": createHandlers(session, createAdminSpeaker(session)),
    },
  });
  const metricsServer =
    config.metricsPort === null
      ? null
      : await transport.listen({
          ...served,
          port: config.metricsPort,
          routes: { "GET /metrics": scrape(http) },
          sockets: {},
        });
  logger.info({ port: server.port, markets: specs.map(({ id }) => id) }, "serving");

  const close = async (): Promise<void> => {
    server.stopListening();
    registry.closeAll();
    live.stop();
    for (const { search } of places) search.stop();
    await Promise.all(places.map(({ place }) => place.market.close()));
    grace.stop();
    server.close();
    metricsServer?.close();
    await closeAll(opened);
    logger.info("ended");
  };
  const reload = createReload({ file: config.marketsFile, specs, places, audit: log.audit, logger });
  return { port: server.port, tokens, reload, close };
};
