import { differ, type Difference } from "../replay/difference.ts";
import { createTally, type Manifest } from "./manifest.ts";
import { readManifest, readTrips, weigh } from "./volume.ts";
import type { Meaning } from "../market/ports.ts";
import { checkTrip } from "./check-trip.ts";
import { join } from "node:path";

export interface Verified {
  readonly trips: number;
  readonly rows: number;
  readonly differences: readonly Difference[];
}

/**
 * A volume by its files alone: the checksum, every row run again, and all that the manifest says (E63). Rejects where
 * there is no such volume.
 */
export const verifyVolume = async (meaning: Meaning, folder: string, volume: string): Promise<Verified> => {
  const manifest = await readManifest(folder, volume);
  const verified = (differences: readonly Difference[]): Verified => ({
    trips: manifest.trips.length,
    rows: manifest.rows,
    differences,
  });
  const { file, format: _, schema: _version, market: _market, ...said } = manifest;
  const broken = (what: unknown): Difference[] => [
    { row: volume, field: "file", logged: `${file.bytes} bytes, sha256 ${file.sha256}`, replayed: what },
  ];
  const found = await weigh(join(folder, file.name)).catch((error: Error) => error.message);
  if (typeof found === "string") return verified(broken(found));
  if (found.sha256 !== file.sha256 || found.bytes !== file.bytes)
    return verified(broken(`${found.bytes} bytes, sha256 ${found.sha256}`));
  const read = await refold(meaning, join(folder, file.name)).catch((error: Error) => error.message);
  if (typeof read === "string") return verified(broken(read));
  return verified([...read.differences, ...differ(volume, "manifest", said, read.said)]);
};

/** Every trip of a file, run again, and what a manifest would say of it. */
export const refold = async (
  meaning: Meaning,
  path: string,
): Promise<{
  readonly said: Pick<Manifest, "rows" | "positions" | "times" | "machines" | "trips">;
  readonly differences: readonly Difference[];
}> => {
  const tally = createTally();
  const differences: Difference[] = [];
  for await (const rows of readTrips(path)) {
    differences.push(...checkTrip(meaning, rows).differences);
    tally.add(rows);
  }
  return { said: tally.said(), differences };
};
