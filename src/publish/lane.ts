import type { MarketId } from "../domain/ids.ts";

/**
 * Runs tasks in the order they came; one whose lookup is under way holds back those behind it (P31).
 * Lookups start at once, so a row of them costs as much as the slowest.
 */
export interface Lane {
  /** Now, when nothing waits. */
  run(task: () => void): void;
  /** A failed lookup finds nothing. */
  runWith<T>(lookup: Promise<T | undefined>, task: (found: T | undefined) => void): void;
}

export const createLane = (): Lane => {
  const waiting: { task: (() => void) | null }[] = [];
  const drain = () => {
    while (waiting[0]?.task) waiting.shift()!.task!();
  };
  return {
    run(task) {
      if (waiting.length === 0) task();
      else waiting.push({ task });
    },
    runWith(lookup, task) {
      const entry: { task: (() => void) | null } = { task: null };
      waiting.push(entry);
      const ready = (found?: Parameters<typeof task>[0]) => {
        entry.task = () => task(found);
        drain();
      };
      lookup.then(ready, () => ready());
    },
  };
};

/** One lane for each market: whatever it commits is pushed in that order. */
export type Lanes = (market: MarketId) => Lane;

export const createLanes = (): Lanes => {
  const lanes = new Map<MarketId, Lane>();
  return (market) => {
    let lane = lanes.get(market);
    if (lane === undefined) lanes.set(market, (lane = createLane()));
    return lane;
  };
};
