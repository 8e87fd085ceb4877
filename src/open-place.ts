import type { Clock } from "./domain/time.ts";
import type { Decision } from "./domain/decision.ts";
import type { MarketLog } from "./log/log.ts";
import type { MarketPolicy } from "./domain/policy.ts";
import type { MarketSpec } from "./market-file.ts";
import type { Metrics } from "./metrics.ts";
import type { Place } from "./session/desk.ts";
import { type Search, createSearch } from "./effects/search.ts";
import type { Turn } from "./market/ports.ts";
import { areaTest } from "./location/area.ts";
import { countAppend } from "./count-turns.ts";
import { createLocationIndex } from "./location/location-index.ts";
import { meaning } from "./meaning.ts";
import { nearestWave } from "./dispatch/propose.ts";
import { openMarket } from "./market/market.ts";

interface Ports {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** After each commit, once the trip's search knows of it. */
  readonly committed: (place: Place, search: Search, turn: Turn) => void;
  readonly decided: (decision: Decision) => void;
  readonly fenced: (market: string) => void;
  readonly alarm: (what: string, detail: Record<string, unknown>) => void;
}

/** A market with what stands beside it: its location index and its open pool. */
export interface OpenPlace {
  readonly place: Place;
  readonly search: Search;
  /** From now on; the resolution of the location index stays. */
  setPolicy(policy: MarketPolicy): void;
}

/** Recovers a market from its log and puts its location index and search beside it. */
export const openPlace = async (spec: MarketSpec, log: MarketLog, ports: Ports): Promise<OpenPlace> => {
  const { clock, metrics } = ports;
  const market = await openMarket({
    log,
    clock,
    meaning,
    // The first commit comes after this function has returned its place.
    committed: (turn) => ports.committed(place, search, turn),
    appended: (rows, tookMs) => countAppend(metrics, rows, tookMs),
    fenced: () => {
      metrics.fenced.inc();
      ports.fenced(spec.id);
    },
    alarm: (what, detail) => {
      if (what === "the log refused rows as data") metrics.undone.inc();
      ports.alarm(what, { market: spec.id, ...detail });
    },
  });
  let { policy } = spec;
  // The hot path reads the same object all its life; a reload changes its numbers.
  const locationPolicy = { ...policy.location };
  const place: Place = {
    name: spec.id,
    currency: spec.currency,
    timeZone: spec.timeZone,
    get policy() {
      return policy;
    },
    market,
    locations: createLocationIndex(locationPolicy),
    contains: areaTest(spec.area),
  };
  const search = createSearch({
    place,
    propose: nearestWave,
    clock,
    matched: (tookMs) => metrics.matchLatency.observe(tookMs / 1_000),
    decided: ports.decided,
  });
  return {
    place,
    search,
    setPolicy(next) {
      policy = next;
      Object.assign(locationPolicy, next.location);
    },
  };
};
