import type { Position } from "../../src/domain/geo.ts";
import type { City } from "./city.ts";
import type { Clock } from "./clock.ts";
import type { Options } from "./options.ts";
import { type Car, parkedCar } from "./people/car.ts";
import { recordedCar } from "./people/recorded-car.ts";
import { seeded } from "./random.ts";
import { readCabs } from "./recordings/cabs.ts";

const USUAL_DRIVERS = 100;

/** The cars of the fleet: recorded cabs (all, or the first so many), or parked ones at seeded `places`. */
export const carsFor = async (
  { gps, drivers }: Options,
  city: City,
  clock: Clock,
  places: readonly Position[],
): Promise<readonly Car[]> => {
  if (gps !== null) {
    const tracks = await readCabs(gps, clock.nowMs());
    return tracks.slice(0, drivers ?? tracks.length).map((track) => recordedCar(city, track, clock));
  }
  return Array.from({ length: drivers ?? USUAL_DRIVERS }, (_, seat) => {
    const random = seeded(city.seed, "spawn", seat);
    return parkedCar(city, places[Math.floor(random() * places.length)] ?? { lat: 0, lng: 0 });
  });
};
