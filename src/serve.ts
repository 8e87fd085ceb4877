import type { Config } from "./config.ts";
import type { Connection } from "./session/connection.ts";
import type { Logger } from "pino";
import type { Tokens } from "./session/tokens.ts";
import { assemble } from "./assemble.ts";
import { createReload } from "./reload.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openAdmission } from "./admission.ts";
import { openLog } from "./log/open-log.ts";
import { openPages } from "./http/pages.ts";
import { openTokens } from "./open-tokens.ts";
import { pickTransport } from "./socket/pick-transport.ts";
import { readMarkets } from "./market-file.ts";
import { readRoads } from "./map-roads.ts";
import { realClock } from "./domain/time.ts";
import { routesOf } from "./http/routes.ts";
import { scrape } from "./http/health.ts";
import { startEmbedded } from "./log/embedded/start-embedded.ts";
import { transportLimits } from "./limits.ts";
import { transportReplies } from "./http/replies.ts";
import { uuidv7 } from "uuidv7";
import { watchProcess } from "./metrics.ts";
import { watchLoop } from "./loop-lag.ts";

/** The web pages as built, beside package.json: from `src`, and from `dist/src`. */
const webFolders = ["..", "../.."].map((up) => join(import.meta.dirname, up, "web/dist"));
import { watchLaws } from "./watch-laws.ts";

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
  const alarm = (what: string, detail: Record<string, unknown>) => logger.error(detail, what);
  const { markets, limits } = readMarkets(config.marketsFile);
  const admission = openAdmission(limits, realClock);
  const pages = openPages({
    folder: webFolders.find(existsSync),
    tiles: config.mapTiles,
    roads: config.mapRoadsFile === null ? null : readRoads(config.mapRoadsFile),
  });
  const { tokens, secret } = openTokens(config, realClock, (error) =>
    alarm("the keys of DG_JWKS cannot be fetched", { error: String((error as Error).cause ?? error) }),
  );
  const transport = await pickTransport(config.transport);
  if (transport.why !== null)
    logger.warn({ reason: transport.why }, "serving through node:http and ws, which are slower");

  const embedded =
    config.databaseUrl === null
      ? await startEmbedded({ dir: config.dataDir, log: (line) => logger.info({ part: "postgres" }, line) })
      : null;
  if (embedded) opened.push(embedded.stop);
  const url = config.databaseUrl ?? embedded!.url;
  const log = await openLog({ url, alarm });
  opened.push(log.close);
  const laws = watchLaws(url, realClock, (error) =>
    alarm("the log could not be held to the laws", { error: String(error) }),
  );
  opened.push(laws.stop);
  const loop = watchLoop();
  const { places, metrics, http, sockets, close } = await assemble(
    {
      clock: realClock,
      newId: uuidv7,
      log,
      logger,
      loopLagMs: loop.lagMs,
      laws,
      transport: transport.name,
    },
    { markets, admission, tokens, secret, corsOrigins: config.corsOrigins, map: pages.map, fenced },
  );
  watchProcess(metrics);

  const served = {
    host: config.host,
    ...transportReplies(alarm, config.corsOrigins),
    ...transportLimits,
    trusts: admission.trusts,
  };
  const server = await transport.listen<Connection>({
    ...served,
    port: config.port,
    routes: { ...pages.routes, ...routesOf(http, { metrics: config.metricsPort === null }) },
    sockets,
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
  logger.info({ port: server.port, markets: markets.map(({ id }) => id) }, "serving");

  const reload = createReload({
    file: config.marketsFile,
    specs: markets,
    places,
    admission,
    audit: log.audit,
    logger,
  });
  return {
    port: server.port,
    tokens,
    reload,
    async close() {
      server.stopListening();
      await close();
      server.close();
      metricsServer?.close();
      loop.stop();
      await closeAll(opened);
      logger.info("ended");
    },
  };
};
