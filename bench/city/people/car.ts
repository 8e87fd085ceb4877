import type { Position } from "../../../src/domain/geo.ts";
import { realMs, type City } from "../city.ts";
import { driveS, positionOn } from "./drive.ts";
import type { Errand } from "./errand.ts";

/** Where a driver is, always. */
export interface Car {
  /** Whether it is for hire while it has no errand. */
  isFree(): boolean;
  position(): Position;
  /** Resolves true on arriving; false, at once, when the errand is over. */
  driveTo(target: Position, errand: Errand): Promise<boolean>;
  /** The errand is over: back to what it does by itself. */
  release(): void;
}

/** What a car does by itself. */
export interface Idling {
  isFree(): boolean;
  /** Its way on from `here`, where it is just now. */
  wayFrom(here: Position): Way;
}
/** Where it is now. */
export type Way = () => Position;

export const openCar = (city: City, spawn: Position, { isFree, wayFrom }: Idling): Car => {
  let way = wayFrom(spawn);
  return {
    isFree,
    position: () => way(),
    driveTo: (target, errand) => {
      const from = way();
      const tookMs = realMs(city, driveS(from, target));
      const leg = { from, to: target, startMs: performance.now(), tookMs };
      way = () => positionOn(leg, performance.now());
      return errand.pause(tookMs);
    },
    release: () => {
      way = wayFrom(way());
    },
  };
};

/** Waits wherever it is. */
export const parkedCar = (city: City, spawn: Position): Car =>
  openCar(city, spawn, { isFree: () => true, wayFrom: (here) => () => here });
