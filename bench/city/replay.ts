import { setTimeout as sleep } from "node:timers/promises";
import { realMs, type City } from "./city.ts";
import { travel } from "./people/passenger.ts";
import type { Request } from "./recordings/requests.ts";

/** How it goes, as of now. */
export interface Replay {
  readonly startedMs: number;
  /** When the newest request came, in real milliseconds after the start. */
  readonly newestMs: number;
  /** Trips on their way. */
  readonly live: number;
  /** Resolves when every trip has ended, or when waiting longer makes no sense. */
  readonly done: Promise<void>;
}

/** The longest a trip may take after the last request, in simulated and at least in real time. */
const LAST_TRIP_S = 4 * 3600;
const LAST_TRIP_LEAST_MS = 60_000;

/** Lets the requests arrive as recorded, `city.speed` times as fast; none after `lastMs` real milliseconds. */
export const replay = (city: City, requests: readonly Request[], lastMs: number): Replay => {
  const startedMs = performance.now();
  const firstAtMs = requests[0]?.atMs ?? 0;
  const live = new Set<Promise<unknown>>();
  let newestMs = 0;

  const arrive = async () => {
    for (const request of requests) {
      const dueMs = (request.atMs - firstAtMs) / city.speed;
      if (dueMs > lastMs) break;
      const waitMs = startedMs + dueMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      newestMs = dueMs;
      city.tally.counts.requests += 1;
      const trip = travel(city, request);
      live.add(trip);
      void trip.then(() => live.delete(trip));
    }
    const longestMs = Math.max(LAST_TRIP_LEAST_MS, realMs(city, LAST_TRIP_S));
    await Promise.race([Promise.all(live), sleep(longestMs, undefined, { ref: false })]);
  };
  return {
    startedMs,
    get newestMs() {
      return newestMs;
    },
    get live() {
      return live.size;
    },
    done: arrive(),
  };
};
