import { distanceM, type Position } from "../../../src/domain/geo.ts";
import { between, seeded, type Random } from "../random.ts";
import { readPickups, type Pickup } from "./pickups.ts";

/** One recorded wish for a ride. */
export interface Request {
  /** The file's own id. */
  readonly id: string;
  /** Unix milliseconds, spread inside the minute or second that the file knows. */
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
  const pickups = await readPickups(file);
  const places = pickups.map((pickup) => pickup.at);
  return spread(pickups).map(({ id, atMs, local, at, dropoff }) => ({
    id,
    atMs,
    local,
    pickup: at,
    dropoff: dropoff ?? dropoffFor(at, places, seeded(seed, "dropoff", id)),
  }));
};

/** Those at or after a moment: a wall clock as in the file, or with an offset (`Z`, `-04:00`). */
export const requestsFrom = (requests: readonly Request[], from: string | null): readonly Request[] => {
  if (from === null) return requests;
  const isAbsolute = /(Z|[+-]\d\d:?\d\d)$/i.test(from);
  return requests.filter(({ atMs, local }) => (isAbsolute ? atMs >= Date.parse(from) : local >= from));
};

/** B2: pickups of one minute or second are spread evenly inside it, in file order. */
const spread = (pickups: readonly Pickup[]) => {
  const spread: (Pickup & { readonly atMs: number })[] = [];
  for (let from = 0; from < pickups.length;) {
    const { epochS, exactS } = pickups[from]!;
    let to = from;
    while (pickups[to]?.epochS === epochS) to += 1;
    const stepMs = (exactS * 1000) / (to - from);
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
