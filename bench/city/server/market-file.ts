import { driveModel } from "../people/drive.ts";

/** Faster than any car, whatever the noise of its phone. */
const MAX_SPEED_MPS = 60;

/**
 * The content of `DG_MARKETS` for a city that lives `speed` times as fast: one market for everywhere,
 * whose drivers may be that much faster and whose offers wait that much shorter, down to what
 * sockets and processes need. Arrival estimates follow the way this fleet drives.
 */
export const marketsFile = (speed: number): string => {
  const shownMs = Math.round(Math.max(1_000, 15_000 / speed));
  const policy = {
    trip: {
      receipt_ms: Math.round(Math.max(500, 5_000 / speed)),
      offer_shown_ms: shownMs,
      offer_ms: Math.round(shownMs * 1.1),
    },
    eta: {
      coefficient_s: driveModel.coefficientS,
      exponent: driveModel.exponent,
      hour_factors: Array.from({ length: 24 }, () => 1),
    },
    location: { max_speed_mps: MAX_SPEED_MPS * speed },
  };
  const market = { id: "city", name: "City", currency: "USD", time_zone: "America/New_York", area: null };
  return JSON.stringify({ markets: [{ ...market, policy }] });
};
