import { isPosition } from "../../../src/domain/geo.ts";
import { number, readTable, type Layout } from "./read-table.ts";
import { openTrack, SILENT_MS, type CabPing, type Track } from "./track.ts";

/**
 * The tracks of all cabs that a recording of GPS pings knows from `fromMs` on, in the order of their numbers.
 * Throws with one clear line on a file it cannot read, or when no cab is free then.
 */
export const readCabs = async (file: string, fromMs: number): Promise<readonly Track[]> => {
  const cabs = new Map<number, CabPing[]>();
  for await (const { cab, ...ping } of readTable(file, layouts)) {
    if (ping.atMs < fromMs - SILENT_MS) continue;
    const pings = cabs.get(cab);
    if (pings === undefined) cabs.set(cab, [ping]);
    else pings.push(ping);
  }
  const tracks = [...cabs]
    .sort(([a], [b]) => a - b)
    .map(([, pings]) => openTrack(pings.sort((a, b) => a.atMs - b.atMs)));
  if (!tracks.some((track) => track.isFreeAt(fromMs)))
    throw new Error(`${file}: no free cab at ${new Date(fromMs).toISOString()}, when the requests begin`);
  return tracks;
};

const layouts: readonly Layout<CabPing & { readonly cab: number }>[] = [
  {
    name: "sf-cabs",
    columns: ["t_epoch", "cab", "lat", "lon", "occupied"],
    holds: "a time, a cab, a position and 0 or 1",
    row: ([epoch, cab, lat, lng, occupied]) => {
      const ping = {
        atMs: number(epoch) * 1000,
        cab: number(cab),
        lat: number(lat),
        lng: number(lng),
        free: occupied === "0",
      };
      const isSound =
        Number.isFinite(ping.atMs) &&
        Number.isFinite(ping.cab) &&
        isPosition(ping.lat, ping.lng) &&
        (ping.free || occupied === "1");
      return isSound ? ping : null;
    },
  },
];
