import { type Position, distanceM } from "../../../src/domain/geo.ts";
import { bearing } from "../map/glide.ts";

/** Metres per second: a city's traffic, and what is still plausible for a car where nobody has said otherwise. */
export const speeds = { usual: 12, faster: 45 } as const;

export interface SimulatedCar extends Position {
  /** Degrees clockwise from north. */
  readonly heading: number;
  readonly speedMps: number;
}

/** B45: where a car is after so many seconds straight to its target; without one, or there, it stands. */
export const drive = (
  car: SimulatedCar,
  target: Position | null,
  speedMps: number,
  seconds: number,
): SimulatedCar => {
  const leftM = target === null ? 0 : distanceM(car, target);
  if (target === null || leftM < 1) return car.speedMps === 0 ? car : { ...car, speedMps: 0 };
  const share = Math.min(1, (speedMps * seconds) / leftM);
  return {
    lat: car.lat + (target.lat - car.lat) * share,
    lng: car.lng + (target.lng - car.lng) * share,
    heading: bearing(car, target),
    speedMps,
  };
};
