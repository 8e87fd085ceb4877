import { readManifest, readTrips, volumesIn } from "./volume.ts";
import type { Archivist } from "../log/archivist.ts";
import { Differs } from "../log/differs.ts";
import type { MarketId } from "../domain/ids.ts";
import type { Meaning } from "../market/ports.ts";
import { inChunks } from "./chunks.ts";
import { join } from "node:path";
import { verifyVolume } from "./verify-volume.ts";

export interface Restored {
  /** Trips found in the volumes: their rows are in the log now. */
  readonly trips: number;
  /** Rows that were not there before. */
  readonly rows: number;
}

/**
 * Puts archived trips back into the log, all or one, of one market or of all (E64). What is there already stays; rows
 * that are not the same as those in the log are refused, and nothing of their chunk is done.
 */
export const restore = async (
  { history, putBack }: Archivist,
  meaning: Meaning,
  folder: string,
  { market, tripId }: { readonly market: string | null; readonly tripId: string | null },
): Promise<Restored> => {
  const markets = new Map((await history.markets()).map(({ key, id }) => [key, id]));
  const done = { trips: 0, rows: 0 };
  for (const volume of await volumesIn(folder, market)) {
    const manifest = await readManifest(folder, volume);
    if (tripId !== null && !manifest.trips.some(({ id }) => id === tripId)) continue;
    const id: MarketId | undefined = markets.get(manifest.market);
    if (id === undefined)
      throw new Error(`${volume} is of market ${manifest.market}, which is not in this log`);
    const { differences } = await verifyVolume(meaning, folder, volume);
    if (differences.length > 0)
      throw new Differs(`${volume} does not hold: npm run log -- verify --from ${folder}`);
    for await (const chunk of inChunks(readTrips(join(folder, manifest.file.name)))) {
      const wanted = tripId === null ? chunk : chunk.filter(([row]) => row!.actorId === tripId);
      if (wanted.length === 0) continue;
      done.rows += await putBack(id, wanted.flat());
      done.trips += wanted.length;
    }
  }
  return done;
};
