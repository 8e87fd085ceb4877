import { type Difference, sameJson } from "../replay/difference.ts";
import { discard, publish, volumesIn, weigh, writeRows } from "./volume.ts";
import { refold, verifyVolume } from "./verify-volume.ts";
import type { Archivist } from "../log/archivist.ts";
import { Differs } from "../log/differs.ts";
import type { EventRow } from "../domain/row.ts";
import type { MarketRow } from "../log/history.ts";
import type { Meaning } from "../market/ports.ts";
import { VERSION } from "../log/schema.ts";
import { clearVolume, isLeft } from "./clear-volume.ts";
import { createTally } from "./manifest.ts";
import { ms } from "../domain/time.ts";
import { oldTrips } from "./old-trips.ts";

const DAY_MS = 86_400_000;
/** Keys of commands are remembered for up to two days of the market (E5). */
export const LEAST_DAYS = 2;
/** Trips of a volume, about 65,000 rows and a few megabytes. */
const VOLUME = 5_000;

export interface Asked {
  readonly olderThanDays: number;
  readonly folder: string;
}

/** What became of a market's old trips. */
export interface Archived {
  /** New volumes. */
  readonly volumes: readonly string[];
  readonly trips: number;
  readonly rows: number;
  /** Of trips that stay in the log, because they do not hold. */
  readonly differences: readonly Difference[];
}

/**
 * Moves whole trips that ended more than so many days before the market's newest sign of life into volumes (E60). Rows
 * are deleted when their volume is on the disk, was read back and run again. Killed at any moment, it goes on when it
 * is called again: what a volume has is deleted first.
 */
export const archiveMarket = async (
  archivist: Archivist,
  meaning: Meaning,
  market: MarketRow,
  { olderThanDays, folder }: Asked,
): Promise<Archived> => {
  const before = ms(market.aliveAt - olderThanDays * DAY_MS);
  const done = { volumes: [] as string[], trips: 0, rows: 0, differences: [] as Difference[] };
  const clear = async (volume: string): Promise<void> => {
    const cleared = await clearVolume(archivist, market, folder, volume, before);
    done.trips += cleared.trips;
    done.rows += cleared.rows;
  };

  for (const volume of await volumesIn(folder, market.key)) {
    if (!(await isLeft(archivist, market, folder, volume, before))) continue;
    const { differences } = await verifyVolume(meaning, folder, volume);
    if (differences.length > 0)
      throw new Differs(`${volume} does not hold: npm run log -- verify --from ${folder}`);
    await clear(volume);
  }
  const old = oldTrips(archivist, meaning, market, before, (found) => done.differences.push(...found));
  for (;;) {
    const volume = await makeVolume(meaning, market, folder, old);
    if (volume === null) return done;
    await clear(volume);
    done.volumes.push(volume);
  }
};

/** Writes the next trips, reads them back and runs them again; then it is a volume. Null: there were none. */
const makeVolume = async (
  meaning: Meaning,
  market: MarketRow,
  folder: string,
  old: AsyncGenerator<readonly EventRow[]>,
): Promise<string | null> => {
  const written = createTally();
  async function* some(): AsyncGenerator<readonly EventRow[]> {
    while (written.trips() < VOLUME) {
      const next = await old.next();
      if (next.done) return;
      written.add(next.value);
      yield next.value;
    }
  }
  const part = await writeRows(folder, market.key, some());
  if (written.trips() === 0) {
    await discard(part);
    return null;
  }
  const { said, differences } = await refold(meaning, part);
  if (differences.length > 0 || !sameJson(said, written.said()))
    throw new Differs(`${part} is not what was written: is the disk sound?`);
  const volume = `${market.key}-${said.positions.first}-${said.positions.last}`;
  const file = { name: `${volume}.ndjson.gz`, ...(await weigh(part)) };
  await publish(folder, part, volume, { format: 1, schema: VERSION, market: market.key, file, ...said });
  return volume;
};
