import type { City } from "../../bench/city/city.ts";
import { usualMix } from "../../bench/city/people/behaviour.ts";
import { type Car, openCar } from "../../bench/city/people/car.ts";
import { type Driver, startDriver } from "../../bench/city/people/driver.ts";
import { travel } from "../../bench/city/people/passenger.ts";
import { between, seeded } from "../../bench/city/random.ts";
import { marketsFile } from "../../bench/city/server/market-file.ts";
import { openTally } from "../../bench/city/tally.ts";
import type { ServerProcess } from "../fixtures/server-process.ts";
import type { Position } from "../../src/domain/geo.ts";
import { callServer } from "../fixtures/server.ts";
import { BLOCK_M, place, reach } from "./town-roads.ts";

// A small town at work: cars that cruise its streets, and people who want to go somewhere, as in the simulated city.

const SEED = 7;
/** Simulated seconds in one real second. */
const SPEED = 12;
const CRUISE_MPS = 8;

const { markets } = JSON.parse(marketsFile(SPEED)) as { markets: [{ policy: object }] };
/** One market, which lives so much faster; who is out of reach for seconds is lost. */
export const townMarkets = {
  markets: [
    {
      id: "town",
      name: "Dushanbe",
      currency: "TJS",
      time_zone: "Asia/Dushanbe",
      area: {
        polygon: [
          [38.2, 68.4],
          [38.2, 69.16],
          [38.92, 69.16],
          [38.92, 68.4],
        ],
      },
      policy: {
        ...markets[0].policy,
        fare: { base: 500, per_km: 200, per_minute: 40, booking: 0, minimum: 1_000 },
        grace_ms: 3_000,
      },
    },
  ],
};

interface Town {
  close(): void;
}

/** Resolves when `cars` are for hire; from then on somebody asks for a ride every `everyMs`. */
export const openTown = async (server: ServerProcess, cars: number, everyMs: number): Promise<Town> => {
  const city: City = {
    url: server.url,
    socketUrl: server.socketUrl,
    token: server.token,
    seed: SEED,
    run: "town",
    speed: SPEED,
    mix: { ...usualMix, decline: 0.15, driver_cancel: 0.04, passenger_cancel: 0.06, socket_drop: 0.15 },
    tally: openTally(),
  };
  const drivers = await Promise.all(Array.from({ length: cars }, (_, seat) => newDriver(city, seat)));
  const wheel = setInterval(() => drivers.forEach((driver) => driver.ping()), 1_000);
  let asked = 0;
  const asking = setInterval(() => {
    const id = String(++asked);
    const random = seeded(SEED, "way", id);
    void travel(city, {
      id,
      atMs: Date.now(),
      local: "",
      pickup: somewhere(random),
      dropoff: somewhere(random),
    });
  }, everyMs);
  return {
    close: () => {
      clearInterval(asking);
      clearInterval(wheel);
      for (const driver of drivers) driver.close();
    },
  };
};

const names = [
  "Anvar",
  "Bahrom",
  "Dilshod",
  "Farrukh",
  "Jamshed",
  "Kamol",
  "Nozim",
  "Olim",
  "Rustam",
  "Zafar",
];

const newDriver = async (city: City, seat: number): Promise<Driver> => {
  const { body } = await callServer(city.url, "POST", "/drivers/register", undefined, {
    email: `driver-${seat}@town.example`,
    first_name: names[seat % names.length],
    vehicle_type: "standard",
    license_plate: `${String(1_000 + seat * 37).slice(-4)}TJ01`,
  });
  const driver = startDriver(city, body.driver_id, seat, cruisingCar(city, seat));
  await driver.online;
  return driver;
};

/** More often near the middle. */
const somewhere = (random: () => number): Position => {
  const far = () => reach * 0.8 * between(random, -1, 1) * between(random, 0.3, 1);
  return place(far(), far());
};

/** Up and down a street of its own while nobody wants it; it looks where it goes. */
const cruisingCar = (city: City, seat: number): Car => {
  const random = seeded(SEED, "street", seat);
  const far = () => reach * 0.9 * between(random, -1, 1) * between(random, 0.25, 1);
  const [street, middle, length, along] = [Math.round(far()), far(), between(random, 2, 6), random() < 0.5];
  const at = (part: number): Position => {
    const there = middle + length * (Math.abs((part % 2) - 1) - 0.5);
    return along ? place(there, street) : place(street, there);
  };
  const startedMs = performance.now();
  const offset = random() * 2;
  const cruise = () =>
    at(offset + (((performance.now() - startedMs) / 1_000) * CRUISE_MPS) / (length * BLOCK_M));
  const car = openCar(city, cruise(), { isFree: () => true, wayFrom: (here) => backOn(here, cruise) });
  let before = car.position();
  let heading = random() * 360;
  return {
    ...car,
    position: () => {
      const now = car.position();
      const [north, east] = [now.lat - before.lat, (now.lng - before.lng) * Math.cos(now.lat * RAD)];
      if (Math.hypot(north, east) > STEP_DEG) {
        heading = (Math.atan2(east, north) / RAD + 360) % 360;
        before = now;
      }
      return { ...now, heading };
    },
  };
};
const RAD = Math.PI / 180;
/** Some two metres. */
const STEP_DEG = 0.00002;
const BACK_MS = 20_000;

/** From where the last ride ended, slowly back to its street. */
const backOn = (here: Position, cruise: () => Position) => {
  const leftMs = performance.now();
  return (): Position => {
    const part = Math.min(1, (performance.now() - leftMs) / BACK_MS);
    const { lat, lng } = cruise();
    return { lat: here.lat + (lat - here.lat) * part, lng: here.lng + (lng - here.lng) * part };
  };
};
