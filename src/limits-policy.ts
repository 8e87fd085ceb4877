import { type Limits, defaultLimits } from "./limits.ts";
import { type Shape, filledIn } from "./written-policy.ts";
import type { Rate } from "./session/limits.ts";
import { trustIn } from "./socket/trust.ts";
import { z } from "zod";

const most = 1_000_000;
const rate = z
  .strictObject({
    per_s: z.number().min(0.001).max(most),
    burst: z.int().min(1).max(most),
  } satisfies Shape<Rate>)
  .partial();

const isNetwork = (text: string): boolean => {
  try {
    return Boolean(trustIn([text]));
  } catch {
    return false;
  }
};

/** The `limits` of a markets file: any part of them, in snake case; the rest is the default. */
export const limitsSchema = z
  .strictObject({
    connections_per_address: rate,
    messages_per_user: rate,
    registrations_per_address: rate,
    trusted_proxies: z.array(
      z.string().refine(isNetwork, "must be an address or a subnet, like 10.0.0.7 or 10.0.0.0/8"),
    ),
  } satisfies Shape<Limits>)
  .partial()
  .transform((given) => filledIn<Limits>(defaultLimits, given));
