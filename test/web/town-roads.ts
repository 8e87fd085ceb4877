import { afterAll } from "vitest";
import { seeded } from "../../bench/city/random.ts";
import type { Position } from "../../src/domain/geo.ts";
import { join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

// The streets of a town that nobody has surveyed, so that maps show some without a licence.

const centre: Position = { lat: 38.56, lng: 68.78 };
export const BLOCK_M = 230;
const METRE = 1 / 111_195;
/** Blocks from the centre to the edge. */
export const reach = 24;

/** A crossing, or a point between: blocks eastward and northward, on streets that bend a little. */
export const place = (east: number, north: number): Position => {
  const x = east + 0.9 * Math.sin(north / 4.3) + 0.35 * Math.sin(east / 2.7 + north / 3.1);
  const y = north + 0.8 * Math.sin(east / 5.1 + 1) + 0.3 * Math.sin(north / 2.3 - east / 3.7);
  const [turned, across] = [x * 0.98 - y * 0.2, x * 0.2 + y * 0.98];
  return {
    lat: centre.lat + across * BLOCK_M * METRE,
    lng: centre.lng + (turned * BLOCK_M * METRE) / Math.cos((centre.lat * Math.PI) / 180),
  };
};

/** A file for `DG_MAP_ROADS`, there for the tests of one file. */
export const writeRoads = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "dg-roads-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "roads.json");
  const features = [...streets(), ...rings()].map((coordinates) => ({
    type: "Feature",
    properties: {},
    geometry: { type: "LineString", coordinates },
  }));
  writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features }));
  return file;
};

type Line = readonly (readonly [lng: number, lat: number])[];
const point = ({ lat, lng }: Position) => [Number(lng.toFixed(5)), Number(lat.toFixed(5))] as const;

/** Block by block; main streets are whole, others end here and there, more often towards the edge. */
const streets = function* (): Generator<Line> {
  const random = seeded(7, "roads");
  for (let street = -reach; street <= reach; street++)
    for (let block = -reach; block < reach; block++)
      for (const along of [true, false]) {
        const missing = street % 4 === 0 ? 0 : 0.08 + 0.45 * (Math.hypot(street, block) / reach) ** 3;
        if (Math.hypot(street, block) > reach || random() < missing) continue;
        const at = (part: number) => point(along ? place(block + part, street) : place(street, block + part));
        yield [at(0), at(0.5), at(1)];
      }
};

const rings = function* (): Generator<Line> {
  for (const radius of [6, reach])
    yield Array.from({ length: 73 }, (_, i) => {
      const turn = (i * 5 * Math.PI) / 180;
      return point(place(radius * Math.cos(turn), radius * Math.sin(turn)));
    });
};
