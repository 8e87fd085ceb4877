import type { Wave } from "../domain/policy.ts";
import { assert } from "../domain/assert.ts";

/** Wave `number` (1, 2, 3 …): the last one repeats, and no wave makes more offers than are left. */
export const waveOf = (waves: readonly Wave[], number: number, offersLeft: number): Wave => {
  const wave = waves[Math.min(number, waves.length) - 1];
  assert(wave !== undefined, "O7: a market has at least one wave");
  return { size: Math.min(wave.size, offersLeft), radiusM: wave.radiusM };
};
