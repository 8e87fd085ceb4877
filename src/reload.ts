import { ConfigError } from "./config.ts";
import { type MarketSpec, readMarkets } from "./market-file.ts";
import { differences, snake } from "./written-policy.ts";
import type { Admission } from "./admission.ts";
import type { Audit } from "./log/audit.ts";
import type { Logger } from "pino";
import type { OpenPlace } from "./open-place.ts";
import { isDeepStrictEqual } from "node:util";

interface Ports {
  /** `DG_MARKETS`; null: there is nothing to read again. */
  readonly file: string | null;
  /** As read at the start, and the places opened for them, in the same order. */
  readonly specs: readonly MarketSpec[];
  readonly places: readonly OpenPlace[];
  readonly admission: Admission;
  readonly audit: Audit;
  readonly logger: Logger;
}

/**
 * Reads the markets file again and gives the markets their new policies, for whatever begins from then on:
 * trips and drivers keep the copies in their contexts (T1). Limits hold at once (M81). All of the file is taken or
 * nothing of it (M41). Never rejects: what came of it is a line of the log. One at a time, in the order they were
 * asked for.
 */
export const createReload = (ports: Ports): (() => Promise<void>) => {
  const { file, specs, places, admission, audit, logger } = ports;
  const reload = async (): Promise<void> => {
    const { markets, limits } = readMarkets(file);
    refuseOtherMarkets(specs, markets);
    const changes = Object.fromEntries(
      markets.flatMap(({ id, policy }, i) => {
        const changed = differences(places[i]!.place.policy, policy);
        return changed.length > 0 ? [[id, Object.fromEntries(changed)]] : [];
      }),
    );
    const unmovable = Object.keys(changes).find((id) => changes[id]!["location.resolution"]);
    if (unmovable !== undefined) throw needsRestart(`market ${unmovable} changed its location.resolution`);
    const detail = { changes, limits: Object.fromEntries(differences(admission.policy, limits)) };
    // M42: written, then done.
    await audit({ actor: "SIGHUP", what: "policies.reloaded", detail }).catch((error: Error) => {
      throw new Error(`the audit cannot be written: ${error.message}`, { cause: error });
    });
    markets.forEach(({ policy }, i) => places[i]!.setPolicy(policy));
    admission.setPolicy(limits);
    logger.info(detail, "policies reloaded");
  };
  let last: Promise<void> = Promise.resolve();
  return () =>
    (last = last
      .then(reload)
      .catch((error: unknown) => logger.error(`${(error as Error).message}; no policy was changed`)));
};

/** A market's area, money and time are what its trips were made by; only its policy may change while it runs. */
const refuseOtherMarkets = (now: readonly MarketSpec[], read: readonly MarketSpec[]): void => {
  const known = new Map(now.map((spec) => [spec.id, spec]));
  const added = read.find(({ id }) => !known.has(id));
  if (added) throw needsRestart(`market ${added.id} is new`);
  const removed = now.find(({ id }) => read.every((spec) => spec.id !== id));
  if (removed) throw needsRestart(`market ${removed.id} is gone`);
  read.forEach((spec, i) => {
    if (spec.id !== now[i]!.id) throw needsRestart(`market ${spec.id} stands elsewhere in the list`);
    for (const field of ["name", "currency", "timeZone", "area"] as const)
      if (!isDeepStrictEqual(spec[field], now[i]![field]))
        throw needsRestart(`market ${spec.id} changed its ${snake(field)}`);
  });
};

const needsRestart = (what: string): ConfigError =>
  new ConfigError(`DG_MARKETS: ${what}: SIGHUP changes policies only, restart the server for this`);
