import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { distanceM, isPosition, type Position } from "../../src/domain/geo.ts";
import { between, seeded, type Random } from "./random.ts";

/** One recorded wish for a ride. */
export interface Request {
  /** The file's own id. */
  readonly id: string;
  /** Unix milliseconds, spread inside the minute where the file knows only minutes. */
  readonly atMs: number;
  /** The city's wall clock as the file gives it, `2014-04-02T00:00:00`. */
  readonly local: string;
  readonly pickup: Position;
  readonly dropoff: Position;
}

export const DROPOFF_NEAREST_M = 1_000;
export const DROPOFF_FARTHEST_M = 15_000;

/** Reads a recorded file (`.csv` or `.csv.gz`), in time order. Throws with one clear line on a file it cannot read. */
export const readRequests = async (file: string, seed: number): Promise<readonly Request[]> => {
  const pickups: Pickup[] = [];
  let parse: ((cells: readonly string[]) => Pickup) | undefined;
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text === "") continue;
    if (parse === undefined) {
      parse = formats[text];
      if (parse === undefined) throw new Error(`${file}: unknown columns "${text}"; ${known}`);
      continue;
    }
    const pickup = parse(text.split(","));
    if (!isPosition(pickup.at.lat, pickup.at.lng) || !Number.isFinite(pickup.epochS))
      throw new Error(`${file}:${line}: not a time and a position: "${text}"`);
    pickups.push(pickup);
  }
  if (pickups.length === 0) throw new Error(`${file}: no requests in it`);
  const places = pickups.map((pickup) => pickup.at);
  return spreadInsideMinutes(pickups).map(({ id, atMs, local, at }) => ({
    id,
    atMs,
    local,
    pickup: at,
    dropoff: dropoffFor(at, places, seeded(seed, "dropoff", id)),
  }));
};

/** Those at or after a moment: a wall clock as in the file, or with an offset (`Z`, `-04:00`). */
export const requestsFrom = (requests: readonly Request[], from: string | null): readonly Request[] => {
  if (from === null) return requests;
  const isAbsolute = /(Z|[+-]\d\d:?\d\d)$/i.test(from);
  return requests.filter(({ atMs, local }) => (isAbsolute ? atMs >= Date.parse(from) : local >= from));
};

interface Pickup {
  readonly id: string;
  readonly epochS: number;
  readonly local: string;
  readonly at: Position;
}

/** By header line: how a row of that recorder reads. */
const formats: Readonly<Record<string, (cells: readonly string[]) => Pickup>> = {
  // nyc-uber: times rounded to the minute, no dropoffs.
  "id,t_local,t_epoch,lat,lon,base": ([id = "", local = "", epochS, lat, lng]) => ({
    id,
    local,
    epochS: Number(epochS),
    at: { lat: Number(lat), lng: Number(lng) },
  }),
};
const known = `known: ${Object.keys(formats)
  .map((header) => `"${header}" (nyc-uber)`)
  .join(", ")}`;

async function* linesOf(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  // The callback is only there so that an error of the file reaches whoever reads the lines.
  const text = file.endsWith(".gz") ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  let rest = "";
  for await (const chunk of text.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** B2: pickups that share a minute are spread evenly inside it, in file order. */
const spreadInsideMinutes = (pickups: readonly Pickup[]) => {
  const spread: (Pickup & { readonly atMs: number })[] = [];
  for (let from = 0; from < pickups.length;) {
    const epochS = pickups[from]?.epochS ?? 0;
    let to = from;
    while (pickups[to]?.epochS === epochS) to += 1;
    const stepMs = 60_000 / (to - from);
    pickups
      .slice(from, to)
      .forEach((pickup, k) => spread.push({ ...pickup, atMs: epochS * 1000 + k * stepMs }));
    from = to;
  }
  return spread;
};

/** B2: another pickup of the same file, 1-15 km away; a lonely one rides that far in a seeded direction. */
const dropoffFor = (pickup: Position, places: readonly Position[], random: Random): Position => {
  for (let tries = 0; tries < DRAWS + places.length; tries++) {
    const index = tries < DRAWS ? Math.floor(random() * places.length) : tries - DRAWS;
    const place = places[index] ?? pickup;
    const awayM = distanceM(pickup, place);
    if (awayM >= DROPOFF_NEAREST_M && awayM <= DROPOFF_FARTHEST_M) return place;
  }
  return pointAway(pickup, between(random, 0, 2 * Math.PI), between(random, 2_000, 10_000));
};
/** Enough for nearly every pickup; then every place is looked at. */
const DRAWS = 64;

const METRES_PER_DEGREE = 111_195;
const pointAway = (from: Position, bearing: number, awayM: number): Position => ({
  lat: from.lat + (Math.cos(bearing) * awayM) / METRES_PER_DEGREE,
  lng: from.lng + (Math.sin(bearing) * awayM) / (METRES_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180)),
});
