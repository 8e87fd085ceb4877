import { ConfigError, readConfig } from "./config.ts";
import { pino } from "pino";
import { serve } from "./serve.ts";
import { webAddress } from "./web-address.ts";

/** Draining takes so long at most; whoever waits then finds their answer in the log. */
const DRAIN_MS = 25_000;
const ADMIN_TOKEN_S = 30 * 86_400;

const main = async (): Promise<void> => {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel, base: { node: config.nodeId } });
  const end = (code: number): void => {
    logger.flush();
    process.exit(code);
  };
  // M32: another server owns the market. Never take it back: whoever it is has newer news.
  const fenced = (market: string): void => {
    logger.fatal({ market }, "another server has taken this market: ending");
    end(1);
  };
  const starting = serve(config, logger, fenced);
  let ending = false;
  const drain = (signal: string): void => {
    if (ending) return;
    ending = true;
    logger.info({ signal }, "draining");
    setTimeout(() => end(1), DRAIN_MS).unref();
    starting
      .then((serving) => serving.close())
      .then(
        () => end(0),
        (error: unknown) => {
          logger.error({ error: String(error) }, "draining failed");
          end(1);
        },
      );
  };
  // M30: from the start, or a database that was just started would be left running.
  process.on("SIGTERM", drain);
  process.on("SIGINT", drain);
  // M43: with nothing to read again, a terminal that was closed ends us as it ends anybody.
  process.on("SIGHUP", (signal) => {
    if (config.marketsFile === null) drain(signal);
    else if (!ending) void starting.then((serving) => serving.reload()).catch(() => {}); // whoever waits below tells
  });

  const serving = await starting;
  const url = webAddress(config.host, serving.port);
  if (config.jwtSecret !== null) return;
  const token = await serving.tokens.sign("admin", "admin", ADMIN_TOKEN_S);
  console.error(
    `DG Do Dispatch  ${url}
the console     ${url}/admin#${token}
the API         ${url}/docs
admin token     ${token}`,
  );
};

main().catch((error: unknown) => {
  // One clear line for a mistake of the operator, the whole stack for one of ours.
  const expected =
    error instanceof ConfigError || !(error instanceof TypeError || error instanceof ReferenceError);
  console.error(expected ? `dg-do-dispatch: ${(error as Error).message}` : error);
  process.exit(1);
});
