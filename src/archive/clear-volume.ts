import { readManifest, readTrips } from "./volume.ts";
import type { Archivist } from "../log/archivist.ts";
import type { MarketRow } from "../log/history.ts";
import type { Ms } from "../domain/time.ts";
import { inChunks } from "./chunks.ts";
import { join } from "node:path";

/** So many trips a question. */
const PAGE = 2_000;

/** True when the log has rows of a volume's trips that ended before then: a deletion was cut short, or they were restored. */
export const isLeft = async (
  { history }: Archivist,
  market: MarketRow,
  folder: string,
  volume: string,
  before: Ms,
): Promise<boolean> => {
  const { trips } = await readManifest(folder, volume);
  const old = trips.filter(({ ended_at }) => Date.parse(ended_at) < before).map(({ id }) => id);
  for (let i = 0; i < old.length; i += PAGE) {
    const some = old.slice(i, i + PAGE);
    if ((await history.volumesOf(market.id, some)).size < some.length) return true;
  }
  return false;
};

/** Deletes from the log what a verified volume has of trips that ended before then. What is gone already stays gone. */
export const clearVolume = async (
  { history, remove }: Archivist,
  market: MarketRow,
  folder: string,
  volume: string,
  before: Ms,
): Promise<{ trips: number; rows: number }> => {
  const { file } = await readManifest(folder, volume);
  const cleared = { trips: 0, rows: 0 };
  for await (const chunk of inChunks(readTrips(join(folder, file.name)))) {
    const gone = await history.volumesOf(
      market.id,
      chunk.map((rows) => rows[0]!.actorId),
    );
    const left = chunk.filter((rows) => !gone.has(rows[0]!.actorId) && rows.at(-1)!.at < before);
    if (left.length === 0) continue;
    await remove(market.id, volume, left.flat());
    cleared.trips += left.length;
    cleared.rows += left.flat().length;
  }
  return cleared;
};
