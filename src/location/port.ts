import type { Ms } from "../domain/time.ts";
import type { Position } from "../domain/geo.ts";

/** Who may be found. A driver in any other status is stored and never matched (I10). */
export const IDLE = 1;
export const BUSY = 0;

/** Why a fix was not taken; counted by name. */
export type FixVerdict = "taken" | "old" | "inaccurate" | "jump" | "invalid";

/** A driver near a point. Reused between calls is not allowed: each query makes its own. */
export interface Near {
  readonly driverId: string;
  readonly lat: number;
  readonly lng: number;
  /** Degrees, or NaN when unknown. */
  readonly heading: number;
  readonly vehicleType: string;
  readonly idle: boolean;
  readonly distanceM: number;
  /** Age of the fix by the server's arrival time. */
  readonly fixAgeMs: number;
}

export interface Nearest {
  /** Nearest first. */
  readonly found: readonly Near[];
  readonly cellsScanned: number;
  /** Drivers looked at, whatever their status. */
  readonly considered: number;
}

/** A driver at their newest fix. Degrees; the same object from look to look while nothing of it changes. */
export interface Sighting {
  readonly driverId: string;
  readonly lat: number;
  readonly lng: number;
  readonly heading: number | null;
  /** When they were first seen so. */
  readonly at: Ms;
  readonly idle: boolean;
  /** An H3 cell, see `tiles.ts`. */
  readonly tile: string;
}

/** Everybody who has sent a fix, and by tile those who could be found: idle, with a fresh fix. Tiles without any are left out. */
export interface Looked {
  readonly drivers: readonly Sighting[];
  /** The same array from look to look while nobody in it changes. */
  readonly tiles: ReadonlyMap<string, readonly Sighting[]>;
}

/** The middle of a tile, and its corners in order. Degrees. */
export interface TileShape extends Position {
  readonly corners: readonly Position[];
}

/** Where the drivers of one market are. Buckets by H3 cell; exact nearest. */
export interface LocationIndex {
  /**
   * The hot path. `slot` from `enter`; degrees, degrees, metres/second; `NaN` for unknown heading,
   * speed, accuracy, phoneAt. `at` is the server's arrival time.
   */
  fix(
    slot: number,
    lat: number,
    lng: number,
    heading: number,
    speedMps: number,
    accuracyM: number,
    phoneAt: number,
    at: Ms,
  ): FixVerdict;
  /** Gives the driver a slot (the same one while they stay). */
  enter(driverId: string, vehicleType: string): number;
  /** Forgets the driver and frees the slot. */
  leave(driverId: string): void;
  setStatus(driverId: string, status: typeof IDLE | typeof BUSY): void;
  setVehicle(driverId: string, vehicleType: string): void;
  /** The newest taken fix, or null when there is none. */
  where(driverId: string): { lat: number; lng: number; heading: number; at: Ms } | null;
  /**
   * The `limit` nearest drivers that are idle, of this vehicle type (null: any), with a fix at most
   * `freshMs` old at `now`, within `radiusM`. Equal to brute force (I9).
   */
  nearest(
    lat: number,
    lng: number,
    limit: number,
    radiusM: number,
    vehicleType: string | null,
    now: Ms,
  ): Nearest;
  /** The `limit` nearest drivers with any fix, whatever their status, type and age: to tell why nobody was found. */
  around(lat: number, lng: number, limit: number, radiusM: number, now: Ms): readonly Near[];
  /** For those who watch: where everybody is, as of at most a second ago (P101). */
  look(now: Ms): Looked;
  /** The tile that a place belongs to, and where a tile is drawn. */
  tileAt(lat: number, lng: number): string;
  shapeOfTile(tile: string): TileShape;
  /** The tiles that may hold a driver within `radiusM`. */
  tilesAround(lat: number, lng: number, radiusM: number): readonly string[];
  /** Drivers entered, with or without a fix. */
  readonly size: number;
}
