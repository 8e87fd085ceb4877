import { type Stop, goOnline, lead } from "./population.ts";
import type { Market } from "../../src/market/ports.ts";
import { meaning } from "../../src/meaning.ts";
import { openLog } from "../../src/log/open-log.ts";
import { openMarket } from "../../src/market/market.ts";
import { realClock } from "../../src/domain/time.ts";

// A process that lives a market's life through the real runtime into the real log, says `filled`, and goes on
// living until it is killed. Its one argument is a `Filling`.

export interface Filling {
  readonly url: string;
  readonly market: string;
  /** Rows of trips that have ended, at least. */
  readonly endedRows: number;
  readonly liveTrips: number;
  /** At least as many as live trips. */
  readonly drivers: number;
  /** False: the live ones are in no checkpoint, as if it had been late by all of them. */
  readonly checkpoints: boolean;
}

/** Of ten live trips, where they are. */
const MIX: readonly Stop[] = [
  "requested.searching",
  "requested.offering",
  "accepted",
  "accepted",
  "en_route",
  "en_route",
  "arrived",
  "in_progress",
  "in_progress",
  "in_progress",
];
/** So many trips are led at a time: their commands fill the batches. */
const AT_A_TIME = 1_000;

const live = async (market: Market, { endedRows, drivers, liveTrips }: Filling, hold: () => void) => {
  const driverIds = Array.from({ length: drivers }, (_, i) => `d${i}`);
  const online = (ids: readonly string[]) => eachOf(ids, (id) => goOnline(market, id));
  if (endedRows > 0) await online(driverIds.slice(0, AT_A_TIME));
  let ended = 0;
  const before = market.stats.rows;
  await eachOf(driverIds.slice(0, AT_A_TIME), async (driver) => {
    while (market.stats.rows - before < endedRows) await lead(market, `e${ended++}`, driver, "completed");
  });
  hold();
  await online(driverIds.slice(endedRows > 0 ? AT_A_TIME : 0));
  const trips = Array.from({ length: liveTrips }, (_, i) => i);
  await eachOf(trips, (i) => lead(market, `t${i}`, `d${i}`, MIX[i % MIX.length]!));
};

const eachOf = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> => {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
};

const filling = JSON.parse(process.argv[2]!) as Filling;
const log = await openLog({ url: filling.url });
const [owned] = await log.take([{ key: filling.market, name: filling.market }]);
let held = false;
const market = await openMarket({
  log: {
    ...owned!,
    checkpoint: (what) => (held ? new Promise(() => undefined) : owned!.checkpoint(what)),
  },
  clock: realClock,
  meaning,
  committed: () => {},
  appended: () => {},
  fenced: () => process.exit(1),
  alarm: (what, detail) => console.error(what, detail),
});
market.start();
await live(market, filling, () => {
  held = !filling.checkpoints;
});
console.log("filled");
