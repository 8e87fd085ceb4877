import type { Sighting } from "../location/port.ts";
import type { Peer, Place } from "../session/desk.ts";
import type { Clock } from "../domain/time.ts";
import type { Circle } from "../session/ports.ts";
import type { NearbyDrivers } from "../protocol/server-messages.ts";
import { distanceM } from "../domain/geo.ts";

/** Free cars on passengers' maps. */
export interface Nearby {
  /** Everybody within the circle at once, then what changes; replaces an earlier circle. False: too many watch (P102). */
  watch(peer: Peer, place: Place, circle: Circle): boolean;
  unwatch(peer: Peer): void;
  stop(): void;
}

export interface NearbyPorts {
  readonly clock: Clock;
  /** What a passenger sees instead of a driver's id (S24). */
  alias(driverId: string): string;
}

interface Watcher {
  readonly peer: Peer;
  readonly place: Place;
  readonly circle: Circle;
  /** The tiles of the circle, and what was in each when it was last looked at. */
  readonly tiles: readonly string[];
  seen: readonly Tile[];
  /** What the peer has on its map, by alias. */
  shown: ReadonlyMap<string, Sighting>;
  /** Its first frame has not gone out yet. */
  fresh: boolean;
}
type Tile = readonly Sighting[] | undefined;

const EVERY_MS = 1_000;
/** P102 */
const WATCHERS = 5_000;
const DRIVERS_A_FRAME = 50;
/** So many are served without a break: the loop has other things to do. */
const SLICE = 100;
const BREAK_MS = 10;

export const createNearby = ({ clock, alias }: NearbyPorts): Nearby => {
  const watchers = new Map<Peer, Watcher>();
  let cancel: (() => void) | null = null;

  const serve = (watcher: Watcher): void => {
    const { place, tiles, circle, peer, shown, fresh } = watcher;
    const looked = place.locations.look(place.market.now());
    const now = tiles.map((tile) => looked.tiles.get(tile));
    // P101: in most of the seconds nothing moved on most of the maps.
    if (!fresh && now.every((tile, i) => tile === watcher.seen[i])) return;
    const near = new Map(nearest(now, circle).map((one) => [alias(one.driverId), one]));
    const changed = [...near].filter(([id, one]) => fresh || shown.get(id) !== one);
    const gone = [...shown.keys()].filter((id) => !near.has(id));
    if (fresh || changed.length + gone.length > 0) {
      const message: NearbyDrivers = {
        type: "driver_location",
        ...(fresh && { full: true }),
        drivers: changed.map(([id, { lat, lng, heading, at }]) => ({ driver_id: id, lat, lng, heading, at })),
        gone,
      };
      // P103: what did not go out is still to be said.
      if (!peer.hint(message)) return;
    }
    Object.assign(watcher, { seen: now, shown: near, fresh: false });
  };

  const round = (): void => {
    const startedAt = clock.monotonic();
    const queue = [...watchers.values()];
    const slice = (from: number): void => {
      for (const watcher of queue.slice(from, from + SLICE))
        if (watchers.get(watcher.peer) === watcher) serve(watcher);
      if (from + SLICE < queue.length) cancel = clock.after(BREAK_MS, () => slice(from + SLICE));
      else if (watchers.size === 0) cancel = null;
      else cancel = clock.after(Math.max(BREAK_MS, EVERY_MS - (clock.monotonic() - startedAt)), round);
    };
    slice(0);
  };

  return {
    watch(peer, place, circle) {
      if (watchers.size >= WATCHERS && !watchers.has(peer)) return false;
      const tiles = place.locations.tilesAround(circle.lat, circle.lng, circle.radiusM);
      const shown = watchers.get(peer)?.shown ?? new Map<string, Sighting>();
      const watcher: Watcher = { peer, place, circle, tiles, seen: [], shown, fresh: true };
      watchers.set(peer, watcher);
      // After the ack.
      queueMicrotask(() => watchers.get(peer) === watcher && serve(watcher));
      cancel ??= clock.after(EVERY_MS, round);
      return true;
    },
    unwatch: (peer) => void watchers.delete(peer),
    stop() {
      cancel?.();
      watchers.clear();
    },
  };
};

const nearest = (tiles: readonly Tile[], { radiusM, ...centre }: Circle): Sighting[] => {
  const found: { sighting: Sighting; distance: number }[] = [];
  for (const tile of tiles) {
    for (const sighting of tile ?? []) {
      const distance = distanceM(centre, sighting);
      if (distance <= radiusM) found.push({ sighting, distance });
    }
  }
  return found
    .sort((a, b) => a.distance - b.distance)
    .slice(0, DRIVERS_A_FRAME)
    .map(({ sighting }) => sighting);
};
