import { cellToBoundary, cellToLatLng, gridDisk, latLngToCell } from "h3-js";
import { tileOf, tileResolution, tilesAround } from "./tiles.ts";
import { writeUnit } from "./sphere.ts";

/**
 * The H3 cells met so far, numbered 0, 1, 2 … in the order of their first use: a search walks small
 * integers in typed arrays instead of hashing cell names. Columns are replaced when they grow, so read
 * them from here each time.
 */
export interface Cells {
  readonly count: number;
  /** Unit vectors of the centres, three numbers a cell. */
  readonly centre: Float64Array;
  /** The first driver slot in the cell, or -1. */
  readonly first: Int32Array;
  /** Number of the last search that came by. */
  readonly seen: Float64Array;
  /** No point of a cell is further from its centre than this chord. */
  readonly reach: number;
  /** The cell that holds a position. */
  at(lat: number, lng: number): number;
  /** Offset of the cell's six neighbours in `neighbours`; -1 in the last place at a pentagon. */
  around(cell: number): number;
  readonly neighbours: Int32Array;
  /** A point whose squared chord to the centre is at most this is certainly in the cell. */
  innerSquared(cell: number): number;
  /** The name of the tile it belongs to. */
  tile(cell: number): string;
  tilesAround(lat: number, lng: number, radiusM: number): readonly string[];
  forgetAll(): void;
}

const UNKNOWN = -2;
const START = 1024;

export const createCells = (resolution: number): Cells => {
  const numberOf = new Map<string, number>();
  const names: string[] = [];
  const tiles: string[] = [];
  const tileSize = tileResolution(resolution);
  let inner = new Float64Array(START);

  const number = (name: string): number => {
    const known = numberOf.get(name);
    if (known !== undefined) return known;
    const cell = names.push(name) - 1;
    if (cell === cells.first.length) grow();
    numberOf.set(name, cell);
    const [lat, lng] = cellToLatLng(name);
    writeUnit(lat, lng, cells.centre, cell * 3);
    cells.first[cell] = -1;
    cells.seen[cell] = 0;
    cells.neighbours[cell * 6] = UNKNOWN;
    inner[cell] = 0;
    cells.count = names.length;
    return cell;
  };

  const grow = (): void => {
    const room = cells.first.length * 2;
    cells.centre = copyInto(new Float64Array(room * 3), cells.centre);
    cells.first = copyInto(new Int32Array(room), cells.first);
    cells.seen = copyInto(new Float64Array(room), cells.seen);
    cells.neighbours = copyInto(new Int32Array(room * 6), cells.neighbours);
    inner = copyInto(new Float64Array(room), inner);
  };

  const cells = {
    count: 0,
    centre: new Float64Array(START * 3),
    first: new Int32Array(START),
    seen: new Float64Array(START),
    neighbours: new Int32Array(START * 6),
    reach: reachOf(resolution),
    at: (lat: number, lng: number): number => number(latLngToCell(lat, lng, resolution)),
    around: (cell: number): number => {
      const offset = cell * 6;
      if (cells.neighbours[offset] === UNKNOWN) {
        const others = gridDisk(names[cell]!, 1).filter((name) => name !== names[cell]);
        for (let i = 0; i < 6; i++) {
          const name = others[i];
          const neighbour = name === undefined ? -1 : number(name); // may replace the columns
          cells.neighbours[offset + i] = neighbour;
        }
      }
      return offset;
    },
    innerSquared: (cell: number): number => (inner[cell] ||= innerSquaredOf(names[cell]!)),
    tile: (cell: number): string => (tiles[cell] ??= tileOf(names[cell]!, resolution)),
    tilesAround: (lat: number, lng: number, radiusM: number) =>
      tilesAround(lat, lng, radiusM, tileSize, reachOf(tileSize)),
    forgetAll: (): void => {
      numberOf.clear();
      names.length = 0;
      tiles.length = 0;
      cells.count = 0;
    },
  };
  return cells;
};

const copyInto = <A extends Float64Array | Int32Array>(to: A, from: A): A => {
  to.set(from);
  return to;
};

/**
 * H3 lays hexagons of one size on the flat faces of an icosahedron (centres `RES0_U_GNOMONIC` / sqrt(7) **
 * resolution apart, h3 constants.h) and projects them onto the sphere, which only ever shortens. So the
 * circumradius of the flat hexagon, spacing / sqrt(3), bounds every cell; 0.1 % more for rounding.
 */
const reachOf = (resolution: number): number =>
  ((0.381_966_011_250_105 / 7 ** (resolution / 2)) * 1.001) / Math.sqrt(3);

/** The sine of the angle to the nearest edge's great circle: shorter than the chord to any edge. */
const innerSquaredOf = (name: string): number => {
  const corners = cellToBoundary(name);
  const [lat, lng] = cellToLatLng(name);
  const v = new Float64Array(9);
  writeUnit(lat, lng, v, 0);
  const [cx, cy, cz] = v as unknown as [number, number, number];
  let least = 1;
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length]!;
    writeUnit(a[0], a[1], v, 3);
    writeUnit(b[0], b[1], v, 6);
    const nx = v[4]! * v[8]! - v[5]! * v[7]!;
    const ny = v[5]! * v[6]! - v[3]! * v[8]!;
    const nz = v[3]! * v[7]! - v[4]! * v[6]!;
    const sine = (nx * cx + ny * cy + nz * cz) / Math.hypot(nx, ny, nz);
    least = Math.min(least, sine * sine);
  }
  return least * 0.999;
};
