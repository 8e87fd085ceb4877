import { type Drivers, AT, HEADING, LAT, LNG, WIDTH } from "./drivers.ts";
import { IDLE, type Looked, type Sighting } from "./port.ts";
import { type Ms, ms } from "../domain/time.ts";
import type { Cells } from "./cells.ts";
import type { LocationPolicy } from "../domain/policy.ts";

/** P101: once a second for all who watch; a little less, since timers are late and not early. */
const LOOK_EVERY_MS = 900;

/** Where everybody is, looked at most once a second; who and what has not changed is the same object as before. */
export const createSightings = (
  drivers: Drivers,
  cells: Cells,
  policy: LocationPolicy,
): ((now: Ms) => Looked) => {
  let looked: Looked = { drivers: [], tiles: new Map() };
  let lookedAt = -Infinity;
  let bySlot: (Sighting | undefined)[] = [];

  return (now) => {
    if (now - lookedAt < LOOK_EVERY_MS) return looked;
    lookedAt = now;
    const seen: (Sighting | undefined)[] = [];
    const all: Sighting[] = [];
    const tiles = new Map<string, Sighting[]>();
    for (let slot = 0; slot < drivers.id.length; slot++) {
      const cell = drivers.cell[slot]!;
      if (drivers.id[slot] === null || cell === -1) continue;
      const sighting = sightingAt(drivers, slot, cells.tile(cell), bySlot[slot]);
      seen[slot] = sighting;
      all.push(sighting);
      if (!sighting.idle || now - drivers.fix[slot * WIDTH + AT]! > policy.fixFreshMs) continue;
      const tile = tiles.get(sighting.tile);
      if (tile) tile.push(sighting);
      else tiles.set(sighting.tile, [sighting]);
    }
    bySlot = seen;
    return (looked = { drivers: all, tiles: unchangedKept(tiles, looked.tiles) });
  };
};

/** Time alone changes nothing: a parked car is the same sighting. */
const sightingAt = (
  { id, fix, status }: Drivers,
  slot: number,
  tile: string,
  before: Sighting | undefined,
): Sighting => {
  const i = slot * WIDTH;
  const driverId = id[slot]!;
  const lat = fix[i + LAT]!;
  const lng = fix[i + LNG]!;
  const heading = Number.isNaN(fix[i + HEADING]) ? null : fix[i + HEADING]!;
  const idle = status[slot] === IDLE;
  const same =
    before?.driverId === driverId &&
    before.lat === lat &&
    before.lng === lng &&
    before.heading === heading &&
    before.idle === idle;
  return same ? before : { driverId, lat, lng, heading, at: ms(Math.floor(fix[i + AT]!)), idle, tile };
};

type Tiles = Looked["tiles"];

const unchangedKept = (tiles: Tiles, before: Tiles): Tiles => {
  const kept = new Map<string, readonly Sighting[]>();
  for (const [tile, idle] of tiles) {
    const was = before.get(tile);
    const same = was?.length === idle.length && idle.every((one, i) => one === was[i]);
    kept.set(tile, same ? was : idle);
  }
  return kept;
};
