import { insideOf } from "./box.ts";
import type { Bbox } from "../../protocol/admin-messages.ts";
import type { DriversCounted, DriversShown } from "../../protocol/server-messages.ts";
import type { DriverId } from "../../domain/ids.ts";
import type { DriverStatus } from "../../domain/status.ts";
import type { Feed } from "./consoles.ts";
import type { Peer, Place } from "../../session/desk.ts";
import type { Sighting } from "../../location/port.ts";
import type { Standing } from "../standing.ts";

export interface DriversPorts {
  readonly places: readonly Place[];
  readonly standing: Standing;
}
interface Shown {
  readonly sighting: Sighting;
  readonly status: DriverStatus;
}

// P111
const CARS = 2_000;
const CARS_A_FRAME = 500;
const CELLS = 2_000;

/** The cars inside a box: all at first, then who changed, once a second. Where there are too many they are counted. */
export const createDriversFeed =
  ({ places, standing }: DriversPorts) =>
  (peer: Peer, bbox: Bbox | null): Feed => {
    const inside = insideOf(bbox);
    const shapeOf = places[0]!.locations.shapeOfTile; // the same of every market
    /** What the console has on its map: cars or counts, never both. */
    let shown = new Map<string, Shown>();
    let counted = new Map<string, number>();
    let counting: boolean | null = null;

    /** True while the peer takes them; what it did not take is still to be said (P103). */
    const tellCars = (cars: readonly Sighting[], full: boolean): void => {
      const now = new Map<string, Shown>();
      const changed: Shown[] = [];
      for (const sighting of cars) {
        const { driverId } = sighting;
        const before = full ? undefined : shown.get(driverId);
        const status = standing.statusOf(driverId as DriverId);
        const same = before?.sighting === sighting && before.status === status;
        const one = same ? before : { sighting, status };
        now.set(driverId, one);
        if (!same) changed.push(one);
      }
      const gone = full ? [] : [...shown.keys()].filter((id) => !now.has(id));
      if (full) shown = new Map();
      if (!full && changed.length + gone.length === 0) return;
      for (let from = 0; from === 0 || from < changed.length; from += CARS_A_FRAME) {
        const part = changed.slice(from, from + CARS_A_FRAME);
        const first = from === 0;
        const message = carsOf(part, first ? gone : [], full && first);
        if (!peer.hint(message)) return;
        counting = false;
        if (first) for (const id of gone) shown.delete(id);
        for (const one of part) shown.set(one.sighting.driverId, one);
      }
    };

    const tellCounts = (cars: readonly Sighting[], full: boolean): void => {
      const now = fullest(countsOf(cars));
      const before = full ? new Map<string, number>() : counted;
      const changed: DriversCounted["cells"] = [];
      for (const cell of new Set([...now.keys(), ...before.keys()])) {
        const count = now.get(cell) ?? 0;
        if (before.get(cell) === count) continue;
        const { lat, lng } = shapeOf(cell);
        changed.push({ cell, count, lat, lng });
      }
      if (!full && changed.length === 0) return;
      const message: DriversCounted = { type: "drivers", full, cells: changed };
      if (!peer.hint(message)) return;
      counting = true;
      counted = now;
    };

    return {
      second() {
        const cars = places.flatMap(({ locations, market }) =>
          locations.look(market.now()).drivers.filter(inside),
        );
        const tooMany = cars.length > CARS;
        if (tooMany) tellCounts(cars, counting !== true);
        else tellCars(cars, counting !== false);
      },
    };
  };

const carsOf = (cars: readonly Shown[], gone: string[], full: boolean): DriversShown => ({
  type: "drivers",
  full,
  drivers: cars.map(({ sighting: { driverId, lat, lng, heading, at }, status }) => ({
    driver_id: driverId,
    lat,
    lng,
    heading,
    status,
    at,
  })),
  gone,
});

const countsOf = (cars: readonly Sighting[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { tile } of cars) counts.set(tile, (counts.get(tile) ?? 0) + 1);
  return counts;
};

/** A frame has a limit: where even the cells are too many, those with most cars. */
const fullest = (counts: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...counts].sort(([, a], [, b]) => b - a).slice(0, CELLS));
