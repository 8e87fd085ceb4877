import type { Ms } from "./time.ts";

/** Numbers a trip lives by. Copied into its context at creation, so a later change never rewrites it. */
export interface TripPolicy {
  /** An offer whose receipt is not confirmed by then lapses without a miss. */
  readonly receiptMs: Ms;
  /** What the driver is shown. */
  readonly offerShownMs: Ms;
  /** What the server waits: shown time plus the slack of two networks. */
  readonly offerMs: Ms;
  readonly searchMs: Ms;
  readonly redispatchSearchMs: Ms;
  readonly offersPerSearch: number;
  readonly redispatches: number;
  readonly arriveRadiusM: number;
  /** Cancelling costs a passenger nothing for so long after acceptance. */
  readonly cancelFreeMs: Ms;
  /** Nor when the driver is later than this after the ETA they came with. */
  readonly cancelLateMs: Ms;
  /** Otherwise so much, minor units. */
  readonly cancelFee: number;
  /** A driver so much nearer to the pickup than before is on the way. */
  readonly movingM: number;
  /** The pickup is late so many ETAs and so long after acceptance. */
  readonly lateEtas: number;
  readonly lateMs: Ms;
  /** A ride is stuck after so many times its expected duration. */
  readonly stuckDurations: number;
}

/** Numbers a driver lives by, copied when going online. */
export interface DriverPolicy {
  /** Misses in a row that pause a driver. */
  readonly missesToPause: number;
  /** A driver lost for so long while idle goes offline. */
  readonly lostOfflineMs: Ms;
}

/** One wave of offers: how many drivers, how far. The last one repeats. */
export interface Wave {
  readonly size: number;
  readonly radiusM: number;
}

/** Pickup ETA without roads: `coefficientS * km ** exponent * hourFactors[local hour]`, km = haversine. */
export interface EtaPolicy {
  readonly coefficientS: number;
  readonly exponent: number;
  /** 24 factors, by local hour. */
  readonly hourFactors: readonly number[];
}

/** Minor units. */
export interface FarePolicy {
  readonly base: number;
  readonly perKm: number;
  readonly perMinute: number;
  readonly booking: number;
  readonly minimum: number;
}

export interface LocationPolicy {
  /** H3 resolution of the buckets. */
  readonly resolution: number;
  /** Older fixes are unknown, never near. */
  readonly fixFreshMs: Ms;
  /** A fix less accurate than this is dropped. */
  readonly accuracyM: number;
  /** A step faster than this must repeat before it counts. */
  readonly maxSpeedMps: number;
}

export interface MarketPolicy {
  readonly trip: TripPolicy;
  readonly driver: DriverPolicy;
  readonly waves: readonly Wave[];
  /** How often an open request without candidates looks again. */
  readonly retryMs: Ms;
  readonly eta: EtaPolicy;
  readonly fare: FarePolicy;
  /** What may be asked for; an empty list: any. */
  readonly vehicleTypes: readonly string[];
  /** From pickup to dropoff as the crow flies; no ride is longer. */
  readonly maxTripM: number;
  readonly location: LocationPolicy;
  /** A driver whose socket closed stays a candidate for so long. */
  readonly graceMs: Ms;
  /** How long and how far outside before an idle driver changes market. */
  readonly leaveMs: Ms;
  readonly leaveM: number;
}
