import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Manifest, parseManifest } from "./manifest.ts";
import type { EventRow } from "../domain/row.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

// A volume on disk: rows of whole trips in one compressed file, and a manifest. Each gets its name when it is whole
// and on the disk; a volume is what has a manifest.

/** Names of the volumes in a folder, of one market or of all: `MARKET-FIRST-LAST`, positions of its first and last row. */
export const volumesIn = async (folder: string, market: string | null): Promise<string[]> => {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = files.flatMap((file) => {
    const [, volume, key] = /^((.+)-\d+-\d+)\.json$/.exec(file) ?? [];
    return volume !== undefined && (market === null || key === market) ? [volume] : [];
  });
  return found.toSorted();
};

/** Rejects with one line where there is none, or none that can be read. */
export const readManifest = async (folder: string, volume: string): Promise<Manifest> => {
  const path = join(folder, `${volume}.json`);
  try {
    return parseManifest(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
};

/** Writes rows as they come, into a file that nobody takes for a volume; resolves with its path once it is on the disk. */
export const writeRows = async (
  folder: string,
  market: string,
  trips: AsyncIterable<readonly EventRow[]>,
): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${market}.part`);
  async function* lines(): AsyncGenerator<string> {
    for await (const rows of trips) yield rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  }
  await pipeline(lines, createGzip(), createWriteStream(path, { flush: true }));
  return path;
};

/** The last step: the written rows get their name, then the manifest is there, and with it the volume. */
export const publish = async (
  folder: string,
  part: string,
  volume: string,
  manifest: Manifest,
): Promise<void> => {
  await rename(part, join(folder, manifest.file.name));
  const path = join(folder, `${volume}.json`);
  const file = await open(`${path}.part`, "w");
  await file.writeFile(`${JSON.stringify(manifest, null, 1)}\n`);
  await file.sync();
  await file.close();
  await syncFolder(folder);
  await rename(`${path}.part`, path);
  await syncFolder(folder);
};

export const discard = (part: string): Promise<void> => rm(part, { force: true });

/** Names are on the disk when their folder is. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
};

/** Length, and checksum in hex. */
export const weigh = async (path: string): Promise<Pick<Manifest["file"], "bytes" | "sha256">> => {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
};

/** The rows of a file, trip by trip. Throws where it cannot be read. */
export async function* readTrips(path: string): AsyncGenerator<readonly EventRow[]> {
  let trip: EventRow[] = [];
  for await (const line of linesOf(path)) {
    const row = JSON.parse(line) as EventRow;
    if (trip.length > 0 && trip[0]!.actorId !== row.actorId) {
      yield trip;
      trip = [];
    }
    trip.push(row);
  }
  if (trip.length > 0) yield trip;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const plain = createGunzip().setEncoding("utf8");
  const unpacked = pipeline(createReadStream(path), plain);
  unpacked.catch(() => undefined); // whoever reads is told
  let rest = "";
  for await (const text of plain as AsyncIterable<string>) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") throw new Error("the last line is not whole");
}
