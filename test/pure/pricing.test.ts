import { describe, expect, test } from "vitest";
import { dushanbe } from "../../src/dispatch/eta-models.ts";
import * as fc from "fast-check";
import { quote } from "../../src/pricing/quote.ts";

const fare = { base: 500, perKm: 200, perMinute: 30, booking: 100, minimum: 1_000 };

describe("a quote", () => {
  test("O15: given a ride of 4 km as the crow flies, when quoted, then it is base, driven km, minutes and booking in whole minor units", () => {
    // 5.4 km driven; 290 x 4 ** 0.62 = 685 s
    expect(quote(4_000, fare, dushanbe, 7, "TJS")).toEqual({
      fare: { amount: 2_023, currency: "TJS" }, // 500 + 1080 + 342.5 + 100 = 2022.5
      distanceM: 5_400,
      durationS: 685,
    });
  });

  test("O16: given a ride of no length, when quoted, then it costs the minimum", () => {
    expect(quote(0, fare, dushanbe, 7, "TJS").fare.amount).toBe(1_000);
  });

  test("O17: given any fare policy and distance, when quoted, then the fare is a whole number of minor units and never negative (I7)", () => {
    const minor = fc.integer({ min: -10_000, max: 100_000 });
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2_000_000, noNaN: true }),
        fc.record({ base: minor, perKm: minor, perMinute: minor, booking: minor, minimum: minor }),
        fc.nat({ max: 23 }),
        (straightM, policy, hour) => {
          const { amount } = quote(straightM, policy, dushanbe, hour, "TJS").fare;
          expect(Number.isInteger(amount)).toBe(true);
          expect(amount).toBeGreaterThanOrEqual(Math.max(0, policy.minimum));
          expect(Object.is(amount, -0)).toBe(false);
        },
      ),
    );
  });
});
