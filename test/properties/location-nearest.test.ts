import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { nearestByForce } from "./nearest-by-force.ts";

describe("nearest", () => {
  test("L7: given any drivers and any moves, when the nearest are asked for, then they are those of brute force (I9)", () => {
    let compared = 0;
    const property = nearestByForce((drivers) => (compared += drivers));
    fc.assert(property, { numRuns: 120 });
    expect(compared).toBeGreaterThan(1_000);
  }, 60_000);
});
