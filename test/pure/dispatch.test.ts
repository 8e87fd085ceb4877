import { type Candidate, firstFailed, gatesOf } from "../../src/dispatch/gates.ts";
import { austin, dushanbe, newYork, sanFrancisco } from "../../src/dispatch/eta-models.ts";
import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../src/default-policy.ts";
import { etaS } from "../../src/dispatch/eta.ts";
import { hourIn } from "../../src/dispatch/local-hour.ts";
import { ms } from "../../src/domain/time.ts";
import { waveOf } from "../../src/dispatch/waves.ts";

describe("the estimate", () => {
  test("O13: given a distance and an hour, when the time is estimated, then it is coefficient x km ** exponent x the hour's factor", () => {
    expect(etaS(1_000, dushanbe, 7)).toBe(290);
    expect(etaS(1_000, dushanbe, 4)).toBe(218); // x 0.75
    expect(etaS(4_000, sanFrancisco, 7)).toBe(677); // 293 x 4 ** 0.604
    expect(etaS(4_000, newYork, 9)).toBe(1_028); // 286 x 4 ** 0.712 x 1.34
    expect(etaS(0, austin, 23)).toBe(0);
    for (const model of [austin, dushanbe, newYork, sanFrancisco]) {
      expect(model.hourFactors).toHaveLength(24);
    }
  });

  test("O13: given an hour that is none, when the time is estimated, then it is refused", () => {
    expect(() => etaS(1_000, dushanbe, 24)).toThrow("O13");
  });

  test("O14: given a moment, when the local hour is asked, then it is the hour of that time zone, half hours and summer time included", () => {
    const at = (iso: string) => ms(Date.parse(iso));
    const newYorkHour = hourIn("America/New_York");
    expect(newYorkHour(at("2014-03-09T06:59:59Z"))).toBe(1);
    expect(newYorkHour(at("2014-03-09T07:00:00Z"))).toBe(3); // summer time begins
    expect(newYorkHour(at("2014-03-09T06:59:59Z"))).toBe(1);
    const kathmanduHour = hourIn("Asia/Kathmandu"); // +05:45
    expect(kathmanduHour(at("2024-01-01T18:14:59Z"))).toBe(23);
    expect(kathmanduHour(at("2024-01-01T18:15:00Z"))).toBe(0);
    expect(hourIn("Asia/Dushanbe")(at("2024-06-01T00:00:00Z"))).toBe(5);
    expect(() => hourIn("Asia/Nowhere")).toThrow(RangeError);
  });
});

describe("a wave", () => {
  test("O7: given the waves 1, 3, 5, when there are more waves than that, then the last repeats, and no wave exceeds the offers left", () => {
    const sizes = (offersLeft: number) =>
      [1, 2, 3, 4, 9].map((number) => waveOf(defaultPolicy.waves, number, offersLeft).size);
    expect(sizes(15)).toEqual([1, 3, 5, 5, 5]);
    expect(sizes(2)).toEqual([1, 2, 2, 2, 2]);
    expect(waveOf(defaultPolicy.waves, 9, 15).radiusM).toBe(8_000);
    expect(() => waveOf([], 1, 15)).toThrow("O7");
  });
});

describe("the gates", () => {
  const good: Candidate = {
    driverId: "d1",
    idle: true,
    fixAgeMs: 15_000,
    vehicleType: "van",
    distanceM: 2_000,
  };
  const wanted = { vehicleType: "van", tried: ["d0"], fixFreshMs: ms(15_000), radiusM: 2_000 };

  test("O1: given a driver at every limit, when judged, then every gate is passed", () => {
    const gates = gatesOf(good, wanted);
    expect(gates.map((gate) => gate.gate)).toEqual([
      "idle",
      "fresh",
      "vehicle_type",
      "not_tried",
      "within_radius",
    ]);
    expect(firstFailed(good, wanted)).toBeNull();
  });

  test.each([
    ["idle", { idle: false }, false, true],
    ["fresh", { fixAgeMs: 15_001 }, 15_001, 15_000],
    ["vehicle_type", { vehicleType: "standard" }, "standard", "van"],
    ["not_tried", { driverId: "d0" }, false, true],
    ["within_radius", { distanceM: 2_000.1 }, 2_000.1, 2_000],
  ] as const)(
    "O2: given a driver who fails %s, when judged, then that gate is the reason, with value and threshold",
    (gate, flaw, value, threshold) => {
      const gates = gatesOf({ ...good, ...flaw }, wanted);
      expect(firstFailed({ ...good, ...flaw }, wanted)).toBe(gate);
      expect(gates.filter((g) => !g.passed)).toEqual([{ gate, value, threshold, passed: false }]);
    },
  );

  test("O2: given a driver who fails several gates, when judged, then the first names the reason", () => {
    expect(firstFailed({ ...good, distanceM: 9_000, fixAgeMs: 60_000 }, wanted)).toBe("fresh");
  });
});
