import { openHttp } from "../../src/client/http.ts";
import type { City } from "./city.ts";
import type { Car } from "./people/car.ts";
import { startDriver, type Belief, type Driver } from "./people/driver.ts";
import { inParallel } from "./parallel.ts";

const AT_ONCE = 32;
/** One wheel for all pings: a slice of the fleet every 20 ms, each driver once a second. */
const SLICES = 50;
const SLICE_MS = 20;

export interface Fleet {
  beliefs(): readonly Belief[];
  close(): void;
}

/** Registers a driver for each car, connects them and keeps them pinging; resolves when all who are for hire are available. */
export const startFleet = async (city: City, cars: readonly Car[]): Promise<Fleet> => {
  const drivers: Driver[] = await inParallel(cars.length, AT_ONCE, async (seat) => {
    const driver = startDriver(city, await register(city, seat), seat, cars[seat]!);
    await driver.online;
    return driver;
  });

  let slice = 0;
  const wheel = setInterval(() => {
    for (let seat = slice; seat < drivers.length; seat += SLICES) drivers[seat]?.ping();
    slice = (slice + 1) % SLICES;
  }, SLICE_MS);
  return {
    beliefs: () => drivers.map((driver) => driver.believes()),
    close: () => {
      clearInterval(wheel);
      for (const driver of drivers) driver.close();
    },
  };
};

const register = async ({ url, run }: City, seat: number): Promise<string> => {
  const answer = await openHttp({ url, token: () => null }).registerDriver({
    email: `driver-${run}-${seat}@city.example`,
    first_name: "Driver",
    vehicle_type: "standard",
    license_plate: `CITY ${seat}`,
  });
  if (answer.is === "ok") return answer.body.driver_id;
  const why = answer.is === "refused" ? answer.error.message : answer.message;
  throw new Error(`a driver could not be registered at ${url}: ${why}`);
};
