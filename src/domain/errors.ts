/** The closed list of refusal codes of the outside contract; `bad_code` is reserved, nothing answers it yet. */
export const errorCodes = [
  "malformed",
  "unauthenticated",
  "token_expired",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "illegal_now",
  "already_exists",
  "trip_live",
  "offer_expired",
  "offer_withdrawn",
  "driver_unavailable",
  "wrong_order",
  "bad_code",
  "key_reused",
  "quote_expired",
  "outside_area",
  "invalid",
  "unknown_type",
  "too_large",
  "rate_limited",
  "busy",
  "unavailable",
  "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** A no, said with a reason. A peer's mistake is an answer, never an exception. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  /** The public status of the trip or driver that refused. */
  readonly status?: string;
  /** The messages this caller may send now, where a statechart refused. */
  readonly legal?: readonly string[];
  /** Which fields are wrong, where validation refused. */
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

export const refusal = (code: ErrorCode, message: string, more: Partial<Refusal> = {}): Refusal => ({
  code,
  message,
  ...more,
});
