import type { Log } from "../../src/log/open-log.ts";
import type { MarketLog } from "../../src/log/log.ts";
import type { MarketId } from "../../src/domain/ids.ts";
import type { Written } from "./written.ts";

/** What a server knows to be in the log: up to `position` since `at`, up to `before` until then. */
interface Known {
  readonly at: number;
  readonly position: number;
  readonly before: number;
}

/** The state of a driver as a server has decided it last, maybe not in the log yet. */
export type Newest = (market: MarketId, driverId: string) => string | undefined;

/** I10: whoever a server asks is free, by the log as far as it has heard of it or by what it has decided since. */
export const watchCandidates = (
  log: Log,
  newest: Newest,
  written: Written,
  now: () => number,
  find: (law: string, what: string) => void,
): Log => {
  const knows = new Map<MarketId, Known>();
  const hears = (market: MarketId, position: number): void => {
    const known = knows.get(market);
    const before = known === undefined ? 0 : known.at < now() ? known.position : known.before;
    knows.set(market, { at: now(), position, before });
  };
  const watched = (marketLog: MarketLog): MarketLog => {
    hears(marketLog.market, marketLog.taken.position);
    return {
      ...marketLog,
      append: async (batch) => {
        const appended = await marketLog.append(batch);
        if (appended.is === "committed") hears(marketLog.market, batch.to);
        return appended;
      },
    };
  };
  /** What a driver was at `from`, and became until `upTo`. */
  const statesOf = (market: MarketId, driverId: string, from: number, upTo: number) => {
    const rows = written
      .rowsOf("driver", driverId)
      .filter((row) => row.market === market && row.position <= upTo);
    const before = rows.findLast(({ position }) => position <= from);
    return [before, ...rows.filter(({ position }) => position > from)].map((row) => row?.toState);
  };

  return {
    ...log,
    take: async (markets) => (await log.take(markets)).map(watched),
    decisions: {
      ...log.decisions,
      note(decision) {
        const { at, position, before } = knows.get(decision.market)!;
        // What it heard of in this very moment it takes in row by row, and may ask whoever is free in between.
        const from = at < now() ? position : before;
        for (const { driverId, verdict } of decision.candidates) {
          if (verdict !== "asked") continue;
          const states = statesOf(decision.market, driverId, from, position);
          const state = states.at(-1);
          if (states.every(isAtWork) && isAtWork(newest(decision.market, driverId) ?? state))
            find("I10", `${driverId} is a candidate for ${decision.tripId} while ${state}`);
        }
        log.decisions.note(decision);
      },
    },
  };
};
const isAtWork = (state: string | undefined): boolean =>
  state === "to_pickup" || state === "at_pickup" || state === "on_trip";
