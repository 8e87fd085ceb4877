import { BUSY, IDLE } from "../../src/location/port.ts";
import { expect } from "vitest";
import * as fc from "fast-check";
import { EARTH_RADIUS_M, type Position, haversineM } from "../../src/domain/geo.ts";
import { cellToLatLng, getHexagonEdgeLengthAvg, getPentagons } from "h3-js";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { ms } from "../../src/domain/time.ts";

/** Evenly between them: doubles are drawn by their bits, so that most are next to 0. */
const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.nat({ max: 1_000_000 }).map((part) => low + ((high - low) * part) / 1_000_000);

// Where a grid of hexagons is least like a plane, and where longitudes and latitudes end.
const anchors = (resolution: number): fc.Arbitrary<Position> =>
  fc.oneof(
    fc.constantFrom(...getPentagons(resolution)).map((cell) => {
      const [lat, lng] = cellToLatLng(cell);
      return { lat, lng };
    }),
    fc.constantFrom(
      { lat: 38.56, lng: 68.78 },
      { lat: 65.5, lng: 180 },
      { lat: -16.8, lng: -180 },
      { lat: 90, lng: 0 },
      { lat: -89.999, lng: 77 },
      { lat: 78.2, lng: 15.6 },
    ),
    fc.record({ lat: between(-90, 90), lng: between(-180, 180) }),
  );

/** The point so far away in that direction. */
const from = ({ lat, lng }: Position, distanceM: number, bearing: number): Position => {
  const rad = Math.PI / 180;
  const angle = distanceM / EARTH_RADIUS_M;
  const sinLat =
    Math.sin(lat * rad) * Math.cos(angle) + Math.cos(lat * rad) * Math.sin(angle) * Math.cos(bearing);
  const east = Math.atan2(
    Math.sin(bearing) * Math.sin(angle) * Math.cos(lat * rad),
    Math.cos(angle) - Math.sin(lat * rad) * sinLat,
  );
  const turned = lng + east / rad;
  return {
    lat: Math.asin(Math.max(-1, Math.min(1, sinLat))) / rad,
    lng: turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned,
  };
};

const offset = fc.record({ cellsAway: between(0, 9), bearing: between(0, 2 * Math.PI) });
const driverNumber = fc.nat({ max: 60 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ is: fc.constant("fix" as const), n: driverNumber, offset }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("leave" as const), n: driverNumber }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("busy" as const), n: driverNumber }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("van" as const), n: driverNumber }) },
);
const query = fc.record({
  offset,
  limit: fc.integer({ min: 1, max: 70 }),
  radiusCells: between(0, 12),
  vehicleType: fc.constantFrom(null, "standard", "van", "nobody has one"),
});
const scenario = fc.integer({ min: 2, max: 10 }).chain((resolution) =>
  fc.record({
    resolution: fc.constant(resolution),
    anchor: anchors(resolution),
    cellsKept: fc.constantFrom(1, 40, 100_000),
    steps: fc.array(step, { maxLength: 400, size: "max" }),
    queries: fc.array(query, { minLength: 1, maxLength: 6 }),
  }),
);

interface Known extends Position {
  readonly at: number;
  readonly idle: boolean;
  readonly type: string;
}

/** The nearest are those of brute force, whatever the drivers did before (I9). `compared`: so many of them. */
export const nearestByForce = (compared: (drivers: number) => void = () => {}) =>
  fc.property(scenario, ({ resolution, anchor, cellsKept, steps, queries }) => {
    const cellM = getHexagonEdgeLengthAvg(resolution, "m") * 1.7;
    const policy = { resolution, fixFreshMs: ms(150), accuracyM: 100, maxSpeedMps: Infinity };
    const index = createLocationIndex(policy, cellsKept);
    const known = new Map<string, Known>();
    let at = 1_000;

    for (const step of steps) {
      at += 1;
      const id = `driver-${step.n}`;
      const was = known.get(id);
      if (step.is === "fix") {
        const { lat, lng } = from(anchor, step.offset.cellsAway * cellM, step.offset.bearing);
        if (was === undefined) index.enter(id, "standard");
        const slot = index.enter(id, was?.type ?? "standard");
        index.fix(slot, lat, lng, Number.NaN, Number.NaN, Number.NaN, Number.NaN, ms(at));
        if (was === undefined) index.setStatus(id, IDLE);
        known.set(id, { idle: true, type: "standard", ...was, lat, lng, at });
      } else if (was !== undefined) {
        if (step.is === "leave") {
          index.leave(id);
          known.delete(id);
        } else if (step.is === "busy") {
          index.setStatus(id, was.idle ? BUSY : IDLE);
          known.set(id, { ...was, idle: !was.idle });
        } else {
          index.setVehicle(id, "van");
          known.set(id, { ...was, type: "van" });
        }
      }
    }

    for (const { offset, limit, radiusCells, vehicleType } of queries) {
      const here = from(anchor, offset.cellsAway * cellM, offset.bearing);
      const radiusM = radiusCells * cellM;
      const all = [...known].map(([id, { lat, lng, idle, at, type }]) => {
        return { id, idle, at, type, distanceM: haversineM(here.lat, here.lng, lat, lng) };
      });
      // On the edge itself the last digit of a distance decides.
      fc.pre(all.every((driver) => Math.abs(driver.distanceM - radiusM) > 0.01));
      const expected = all
        .filter((d) => d.idle && at - d.at <= 150 && d.distanceM <= radiusM)
        .filter((d) => vehicleType === null || d.type === vehicleType)
        .toSorted((a, b) => a.distanceM - b.distanceM)
        .slice(0, limit);

      const got = index.nearest(here.lat, here.lng, limit, radiusM, vehicleType, ms(at));

      expect(got.found).toHaveLength(expected.length);
      const off = got.found.map((near, i) => Math.abs(near.distanceM - expected[i]!.distanceM));
      expect(Math.max(0, ...off)).toBeLessThan(0.01);
      for (const near of got.found) {
        const { lat, lng, at: takenAt, type } = known.get(near.driverId)!;
        const told = [near.lat, near.lng, near.idle, near.vehicleType, near.fixAgeMs];
        expect(told).toEqual([lat, lng, true, type, at - takenAt]);
      }
      expect(new Set(got.found.map((near) => near.driverId)).size).toBe(expected.length);
      compared(expected.length);

      const around = index.around(here.lat, here.lng, 100, radiusM, ms(at));
      const inside = all.filter((driver) => driver.distanceM <= radiusM);
      expect(around.map((near) => near.driverId).toSorted()).toEqual(
        inside.map((driver) => driver.id).toSorted(),
      );
    }
    expect(index.size).toBe(known.size);
  });
