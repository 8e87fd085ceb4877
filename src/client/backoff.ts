const FIRST_MS = 200;
const LONGEST_MS = 5_000;

/**
 * How long to wait before the next try: anywhere up to 200 ms, doubling to 5 s with each failure.
 * Full jitter, so that a fleet whose server fell does not come back as one wave (B4).
 */
export const backoffMs = (failures: number, random = Math.random): number =>
  random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
