import * as fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "../../src/client/backoff.ts";

test("B4: a wait is anywhere up to 200 ms, doubled with each failure, 5 s at most", () => {
  fc.assert(
    fc.property(fc.nat(2_000), (failures) => {
      const waitMs = backoffMs(failures);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThanOrEqual(Math.min(5_000, 200 * 2 ** failures));
    }),
  );
});
