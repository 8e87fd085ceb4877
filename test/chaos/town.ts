import { between, seeded } from "../../bench/city/random.ts";
import { type Tally, openTally } from "../../bench/city/tally.ts";
import type { City } from "../../bench/city/city.ts";
import type { Fleet } from "../../bench/city/fleet.ts";
import { marketsFile } from "../../bench/city/server/market-file.ts";
import { parkedCar } from "../../bench/city/people/car.ts";
import { startFleet } from "../../bench/city/fleet.ts";
import { travel } from "../../bench/city/people/passenger.ts";
import { usualMix } from "../../bench/city/people/behaviour.ts";

/** Simulated seconds in one real second: a trip takes about two. */
const SPEED = 600;
/** What the server's markets file says. */
export const townMarkets = JSON.parse(marketsFile(SPEED)) as object;

/** The people of the city simulation in a few streets, always asking for trips and driving them. */
export interface Town {
  readonly tally: Tally;
  readonly fleet: Fleet;
  /** `performance.now()` of the next acknowledgement that promises a row. */
  nextAck(): Promise<number>;
  /** No new requests; resolves when every passenger's trip has ended. */
  rest(): Promise<void>;
}

export interface TownSize {
  readonly drivers: number;
  readonly passengers: number;
}

export const openTown = async (
  server: Pick<City, "url" | "socketUrl" | "token">,
  seed: number,
  size: TownSize,
): Promise<Town> => {
  const { url, socketUrl, token } = server;
  const waiting = new Set<(atMs: number) => void>();
  const counts = openTally();
  const tally: Tally = {
    ...counts,
    answered: (user, reply, logged) => {
      counts.answered(user, reply, logged);
      if (reply.is !== "ack" || !logged) return;
      for (const heard of waiting) heard(performance.now());
      waiting.clear();
    },
  };
  const city: City = { url, socketUrl, token, seed, run: "town", speed: SPEED, mix: usualMix, tally };
  const random = seeded(seed, "places");
  const somewhere = () => ({ lat: between(random, 40.7, 40.71), lng: between(random, -74, -73.99) });
  const cars = Array.from({ length: size.drivers }, () => parkedCar(city, somewhere()));
  const fleet = await startFleet(city, cars);

  let asked = 0;
  const over = new AbortController();
  const goOnAsking = async () => {
    while (!over.signal.aborted) {
      const [pickup, dropoff] = [somewhere(), somewhere()];
      await travel(city, { id: String(++asked), atMs: 0, local: "", pickup, dropoff });
    }
  };
  const passengers = Promise.all(Array.from({ length: size.passengers }, goOnAsking));
  return {
    tally,
    fleet,
    nextAck: () => new Promise((resolve) => waiting.add(resolve)),
    rest: async () => {
      over.abort();
      await passengers;
    },
  };
};
