import type { Position } from "../../../src/domain/geo.ts";
import { realMs, type City } from "../city.ts";
import { driveS, positionOn, standing, type Leg } from "./drive.ts";
import type { Errand } from "./errand.ts";

/** Where a driver is, always. */
export interface Car {
  position(): Position;
  /** Resolves true on arriving; false, at once, when the errand is over. */
  driveTo(target: Position, errand: Errand): Promise<boolean>;
  /** Where it is just now. */
  stop(): void;
}

export const parkedCar = (city: City, spawn: Position): Car => {
  let leg: Leg = standing(spawn);
  const position = () => positionOn(leg, performance.now());
  return {
    position,
    driveTo: (target, errand) => {
      const from = position();
      const tookMs = realMs(city, driveS(from, target));
      leg = { from, to: target, startMs: performance.now(), tookMs };
      return errand.pause(tookMs);
    },
    stop: () => {
      leg = standing(position());
    },
  };
};
