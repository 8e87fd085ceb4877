import * as fc from "fast-check";
import { cellToBoundary, cellToLatLng, getPentagons, gridDisk, latLngToCell } from "h3-js";
import { chordSquared, writeUnit } from "../../src/location/sphere.ts";
import { describe, expect, test } from "vitest";
import { createCells } from "../../src/location/cells.ts";
import { evenly } from "../fixtures/evenly.ts";

// Cells are smallest and most bent around the pentagons, and largest in the middle of H3's twenty faces.
const middleOfFace = { lat: 46.041_897, lng: 71.527_903 }; // faceCenterGeo[0], h3 faceijk.c
const cellAnywhere = fc.integer({ min: 1, max: 12 }).chain((resolution) =>
  fc.record({
    resolution: fc.constant(resolution),
    cell: fc.oneof(
      fc.tuple(evenly(-90, 90), evenly(-180, 180)).map(([lat, lng]) => latLngToCell(lat, lng, resolution)),
      fc.constantFrom(...getPentagons(resolution).flatMap((cell) => gridDisk(cell, 3))),
      fc.constantFrom(...gridDisk(latLngToCell(middleOfFace.lat, middleOfFace.lng, resolution), 3)),
    ),
  }),
);
const cellsOf = Array.from({ length: 13 }, (_, resolution) => createCells(resolution));

/** Squared chord from the centre of a cell to a point. */
const fromCentre = (resolution: number, name: string, lat: number, lng: number): number => {
  const cells = cellsOf[resolution]!;
  const point = new Float64Array(3);
  writeUnit(lat, lng, point, 0);
  const cell = cells.at(...cellToLatLng(name));
  return chordSquared(point[0]!, point[1]!, point[2]!, cells.centre, cell * 3);
};

describe("cells", () => {
  test("L7: given any cell, when its corners are measured, then none is further from its centre than the reach of a cell", () => {
    fc.assert(
      fc.property(cellAnywhere, ({ resolution, cell }) => {
        const squared = cellToBoundary(cell).map(([lat, lng]) => fromCentre(resolution, cell, lat, lng));
        expect(Math.sqrt(Math.max(...squared))).toBeLessThanOrEqual(cellsOf[resolution]!.reach);
      }),
      { numRuns: 1_000 },
    );
  });

  test("L8: given any cell, when points on the edge of its inner circle are looked up, then H3 says that they are in it", () => {
    fc.assert(
      fc.property(cellAnywhere, ({ resolution, cell }) => {
        const cells = cellsOf[resolution]!;
        const [lat, lng] = cellToLatLng(cell);
        const number = cells.at(lat, lng);
        const inner = cells.innerSquared(number);
        const degrees = (Math.sqrt(inner) * 180) / Math.PI;
        for (let bearing = 0; bearing < 2 * Math.PI; bearing += 0.2) {
          const north = lat + degrees * Math.cos(bearing) * 0.9999;
          const east = lng + (degrees * Math.sin(bearing) * 0.9999) / Math.cos(lat * (Math.PI / 180));
          // Degrees are no plane: near a pole or at a coarse resolution the point may be outside the circle.
          if (north < -90 || north > 90 || fromCentre(resolution, cell, north, east) > inner) continue;
          expect(cells.at(north, east)).toBe(number);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("L8: given a cell in a city, when its inner circle is measured, then it holds most of the cell", () => {
    const cells = cellsOf[9]!;
    const inner = Math.sqrt(cells.innerSquared(cells.at(38.56, 68.78)));
    expect(inner / cells.reach).toBeGreaterThan(0.7);
  });
});
