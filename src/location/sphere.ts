import { EARTH_RADIUS_M } from "../domain/geo.ts";

// Points as unit vectors from the earth's centre. The chord, the straight line between two of them in
// earth radii, grows with the great-circle distance, so squared chords order drivers as metres do, cost
// no trigonometry, and know no poles and no antimeridian.
const RAD = Math.PI / 180;

/** Writes x, y, z of a position in degrees at `offset`. */
export const writeUnit = (lat: number, lng: number, to: Float64Array, offset: number): void => {
  const ring = Math.cos(lat * RAD);
  to[offset] = ring * Math.cos(lng * RAD);
  to[offset + 1] = ring * Math.sin(lng * RAD);
  to[offset + 2] = Math.sin(lat * RAD);
};

/** Squared chord between a point and the one at `offset`. */
export const chordSquared = (
  x: number,
  y: number,
  z: number,
  points: Float64Array,
  offset: number,
): number => {
  const dx = x - points[offset]!;
  const dy = y - points[offset + 1]!;
  const dz = z - points[offset + 2]!;
  return dx * dx + dy * dy + dz * dz;
};

/** The chord of a great-circle distance in metres; half the globe and more is the diameter. */
export const chordOfM = (distanceM: number): number =>
  2 * Math.sin(Math.min(Math.PI, distanceM / EARTH_RADIUS_M) / 2);

/** Great-circle metres of a squared chord. */
export const metresOf = (squared: number): number =>
  2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(squared) / 2));
