import type { FarePolicy, MarketPolicy } from "./domain/policy.ts";
import { dushanbe } from "./dispatch/eta-models.ts";
import { ms } from "./domain/time.ts";

/** Every number of a market that its file does not name. */
export const defaultPolicy: MarketPolicy = {
  trip: {
    receiptMs: ms(5_000),
    offerShownMs: ms(15_000),
    offerMs: ms(16_500),
    searchMs: ms(180_000),
    redispatchSearchMs: ms(120_000),
    offersPerSearch: 15,
    redispatches: 2,
    arriveRadiusM: 100,
    cancelFreeMs: ms(120_000),
    cancelLateMs: ms(300_000),
    // A market names its fee; without one nobody pays, and the log says so.
    cancelFee: 0,
    movingM: 50,
    lateEtas: 3,
    lateMs: ms(300_000),
    stuckDurations: 3,
  },
  driver: { missesToPause: 3, lostOfflineMs: ms(300_000) },
  // By the ETA below 3 km is 10 minutes away, 5 km 13, 8 km 18: first who is near, then more of
  // them, and at last the furthest that a passenger waits for. Never everybody at once.
  waves: [
    { size: 1, radiusM: 3_000 },
    { size: 3, radiusM: 5_000 },
    { size: 5, radiusM: 8_000 },
  ],
  retryMs: ms(1_000),
  eta: dushanbe,
  // US cents, about what a large American city charges.
  fare: { base: 250, perKm: 110, perMinute: 30, booking: 200, minimum: 700 },
  vehicleTypes: [],
  // Further than a taxi goes and comes back in a day: a slip of the pin.
  maxTripM: 300_000,
  location: { resolution: 9, fixFreshMs: ms(15_000), accuracyM: 200, maxSpeedMps: 60 },
  graceMs: ms(10_000),
  leaveMs: ms(60_000),
  leaveM: 500,
};

/** Dirams, about what a taxi in Dushanbe charges. */
export const dushanbeFare: FarePolicy = {
  base: 500,
  perKm: 200,
  perMinute: 40,
  booking: 0,
  minimum: 1_000,
};
