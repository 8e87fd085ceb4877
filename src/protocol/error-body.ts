import type { ErrorCode, Refusal } from "../domain/errors.ts";

/** P19: the one status of each code. */
export const httpStatus: Readonly<Record<ErrorCode, number>> = {
  malformed: 400,
  unknown_type: 400,
  unauthenticated: 401,
  token_expired: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  illegal_now: 409,
  already_exists: 409,
  trip_live: 409,
  offer_expired: 409,
  offer_withdrawn: 409,
  driver_unavailable: 409,
  wrong_order: 409,
  key_reused: 409,
  quote_expired: 409,
  too_large: 413,
  invalid: 422,
  bad_code: 422,
  outside_area: 422,
  rate_limited: 429,
  busy: 503,
  unavailable: 503,
  internal: 500,
};

/** The one shape of a refusal, HTTP and WebSocket. */
export const errorBody = (refusal: Refusal): { readonly error: Refusal } => ({ error: refusal });

/** A refusal as an HTTP answer. */
export const errorReply = (
  refusal: Refusal,
): { status: number; headers: Record<string, string>; body: string } => {
  const status = httpStatus[refusal.code];
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (status === 429 || status === 503) headers["retry-after"] = "1";
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return { status, headers, body: JSON.stringify(errorBody(refusal)) };
};
