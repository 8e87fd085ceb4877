import { z } from "zod";
import { defaultPolicy } from "./default-policy.ts";
import type {
  DriverPolicy,
  EtaPolicy,
  FarePolicy,
  LocationPolicy,
  MarketPolicy,
  TripPolicy,
  Wave,
} from "./domain/policy.ts";
import { isId } from "./domain/ids.ts";
import { type Shape, filledIn } from "./written-policy.ts";

const amount = z.int().min(0);
const count = z.int().min(1);
// A day: longer is a slip of the unit, and timers must fit 31 bits.
const durationMs = z.int().min(1).max(86_400_000);
const metres = z.number().positive().max(1_000_000);

const vehicleType = z.string().refine(isId, { error: "1 to 64 characters of A-Z a-z 0-9 _ -" });

const wave = z.strictObject({ size: count.max(50), radius_m: metres } satisfies Shape<Wave>);
const trip = z.strictObject({
  receipt_ms: durationMs,
  offer_shown_ms: durationMs,
  offer_ms: durationMs,
  search_ms: durationMs,
  redispatch_search_ms: durationMs,
  offers_per_search: count,
  redispatches: amount,
  arrive_radius_m: metres,
  cancel_free_ms: durationMs,
  cancel_late_ms: durationMs,
  cancel_fee: amount,
  moving_m: metres,
  late_etas: z.number().min(1),
  late_ms: durationMs,
  stuck_durations: z.number().min(1),
} satisfies Shape<TripPolicy>);
const driver = z.strictObject({
  misses_to_pause: count,
  lost_offline_ms: durationMs,
} satisfies Shape<DriverPolicy>);
const eta = z.strictObject({
  coefficient_s: z.number().positive(),
  exponent: z.number().positive(),
  hour_factors: z.array(z.number().positive()).length(24),
} satisfies Shape<EtaPolicy>);
const fare = z.strictObject({
  base: amount,
  per_km: amount,
  per_minute: amount,
  booking: amount,
  minimum: amount,
} satisfies Shape<FarePolicy>);
const location = z.strictObject({
  resolution: z.int().min(5).max(12),
  fix_fresh_ms: durationMs,
  accuracy_m: metres,
  max_speed_mps: z.number().positive(),
} satisfies Shape<LocationPolicy>);

/** The `policy` of a market in the file: any part of it, in snake case; the rest is the default. */
export const policySchema = z
  .strictObject({
    trip: trip.partial(),
    driver: driver.partial(),
    waves: z.array(wave).min(1),
    retry_ms: durationMs,
    eta: eta.partial(),
    fare: fare.partial(),
    vehicle_types: z.array(vehicleType),
    max_trip_m: metres,
    location: location.partial(),
    grace_ms: durationMs,
    leave_ms: durationMs,
    leave_m: metres,
  } satisfies Shape<MarketPolicy>)
  .partial()
  .transform((given) => filledIn<MarketPolicy>(defaultPolicy, given))
  .refine(({ trip: { offerShownMs, offerMs } }) => offerShownMs <= offerMs, {
    error: ({ input }) => {
      const { offerShownMs, offerMs } = (input as MarketPolicy).trip;
      return `${offerShownMs} is longer than the offer lives (offer_ms, ${offerMs}); what the file leaves out has its default`;
    },
    path: ["trip", "offer_shown_ms"],
  });
