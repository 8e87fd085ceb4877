import type { Command, Input, Market, Outcome } from "../../src/market/ports.ts";
import type { By } from "../../src/domain/status.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { ms } from "../../src/domain/time.ts";

// The commands that bring trips and drivers where they are wanted, as people and the server would say them.

/** Every deadline but that of a receipt comes so soon: a killed server finds them past, or waits for them. */
const SOON_MS = ms(10_000);

const policy = {
  ...defaultPolicy.trip,
  offerMs: SOON_MS,
  searchMs: SOON_MS,
  lateEtas: 0,
  lateMs: SOON_MS,
  stuckDurations: 0.01,
};
const DURATION_S = 1_000;
const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };

/** What a trip goes through, and which of its states each step leads to. */
const way = [
  "requested.searching",
  "requested.offering",
  "accepted",
  "en_route",
  "arrived",
  "in_progress",
  "completed",
] as const satisfies readonly TripState[];
export type Stop = (typeof way)[number];

export const goOnline = (market: Market, driver: string): Promise<boolean> =>
  say(market, { kind: "driver", id: driver }, "driver", `driver:${driver}:online`, {
    event: { type: "go_online", vehicleType: "standard", policy: defaultPolicy.driver },
    birth: { type: "create", driverId: driver, vehicleType: "standard", policy: defaultPolicy.driver },
  });

/**
 * Asks for a trip and leads it with this driver to a state; on a slow machine not as far, where a deadline came
 * first. Every command of a person has a key of its own.
 */
export const lead = async (market: Market, trip: string, driver: string, until: Stop): Promise<void> => {
  const to = { kind: "trip" as const, id: trip };
  for (const stop of way) {
    const { by, event } = step(market, trip, driver, stop);
    const key = by === "system" ? null : `${by}:${driver}:${trip}-${event.type}`;
    const done = await say(market, to, by, key, { event });
    if (!done || stop === until) return;
  }
};

const step = (market: Market, tripId: string, driverId: string, stop: Stop): { by: By; event: Input } => {
  switch (stop) {
    case "requested.searching": {
      const fare = { amount: 1_850, currency: "TJS" };
      const asked = { vehicleType: "standard", pickup, dropoff, note: null, quoteId: null, fare, policy };
      const ride = { distanceM: 4_000, durationS: DURATION_S };
      const create = { type: "create", tripId, passengerId: `of-${tripId}`, ...asked, ...ride };
      return { by: "passenger", event: create };
    }
    case "requested.offering": {
      const seen = { wave: 1, etaS: 120, distanceM: 400, fixAgeMs: 900 };
      return { by: "system", event: { type: "offer", driverId, ...seen } };
    }
    case "accepted":
      return { by: "driver", event: { type: "offer.accepted", offerId: offerOf(market, tripId), driverId } };
    case "en_route":
      return { by: "driver", event: { type: "driver.departed", driverId } };
    case "arrived": {
      const seen = { by: "driver", distanceM: 20, fixAgeMs: 500, reason: null };
      return { by: "driver", event: { type: "driver.arrived", driverId, ...seen } };
    }
    case "in_progress":
      return { by: "driver", event: { type: "start", driverId } };
    case "completed":
      return { by: "driver", event: { type: "complete", driverId, distanceM: 4_321 } };
    default:
      return stop satisfies never;
  }
};

const offerOf = (market: Market, id: string): string => {
  const trip = market.peek({ kind: "trip", id });
  const [offerId = "0"] = Object.keys((trip!.context as unknown as TripContext).offers);
  return offerId;
};

/** False: refused. An answer that is late is no refusal: the turn stands in the queue, and what follows rests on it. */
const say = (
  market: Market,
  to: Command["to"],
  by: By,
  key: string | null,
  what: Pick<Command, "event" | "birth">,
): Promise<boolean> =>
  new Promise((resolve) => {
    const done = (outcome: Outcome): void =>
      resolve(outcome.is !== "refused" || outcome.refusal.code === "unavailable");
    market.submit({ to, by, key, hash: 7, ...what }, done);
  });
