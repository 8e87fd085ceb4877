import { cellToBoundary, cellToLatLng, cellToParent, gridDisk, latLngToCell } from "h3-js";
import type { TileShape } from "./port.ts";
import { chordOfM, chordSquared, writeUnit } from "./sphere.ts";

// Positions are told to many by tiles: H3 cells of one size, each made of whole buckets of the index.

/** Cells of about 0.7 km²: a screen of a map is some dozens, a city about a thousand. */
const RESOLUTION = 8;
export const tileResolution = (bucketResolution: number): number => Math.min(RESOLUTION, bucketResolution);

/** The tile that a bucket belongs to. */
export const tileOf = (cell: string, bucketResolution: number): string =>
  cellToParent(cell, tileResolution(bucketResolution));

export const shapeOfTile = (tile: string): TileShape => {
  const [lat, lng] = cellToLatLng(tile);
  return { lat, lng, corners: cellToBoundary(tile).map(([lat, lng]) => ({ lat, lng })) };
};

/**
 * The cells inside a cell of a coarser size stick out of it: each size by at most its own circumradius, so all
 * together by less than 1 / sqrt(7) + 1 / 7 + … of the coarse one's.
 */
const STICKS_OUT = 1.61;

/** All tiles that may hold a driver within `radiusM`. `reach`: the chord from a cell's centre to its furthest point. */
export const tilesAround = (
  lat: number,
  lng: number,
  radiusM: number,
  resolution: number,
  reach: number,
): readonly string[] => {
  const point = new Float64Array(3);
  const centre = new Float64Array(3);
  writeUnit(lat, lng, point, 0);
  const [x, y, z] = point as unknown as [number, number, number];
  const bound = (chordOfM(radiusM) + reach * STICKS_OUT) ** 2;
  // Outwards from the point's own cell, as a search goes (I9).
  const met = new Set([latLngToCell(lat, lng, resolution)]);
  const near: string[] = [];
  for (const tile of met) {
    writeUnit(...cellToLatLng(tile), centre, 0);
    if (chordSquared(x, y, z, centre, 0) > bound) continue;
    near.push(tile);
    for (const neighbour of gridDisk(tile, 1)) met.add(neighbour);
  }
  return near;
};
