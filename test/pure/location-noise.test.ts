import { describe, expect, test } from "vitest";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { ms } from "../../src/domain/time.ts";

const policy = { resolution: 9, fixFreshMs: ms(15_000), accuracyM: 100, maxSpeedMps: 50 };
const METRE = 1 / 111_195; // degrees of latitude

/** One driver, placed in metres north of a point of Dushanbe; times in seconds. */
const oneDriver = () => {
  const index = createLocationIndex(policy);
  const slot = index.enter("d1", "standard");
  const fix = (northM: number, atS: number, { phoneS = Number.NaN, accuracyM = Number.NaN } = {}) => {
    const lat = 38.56 + northM * METRE;
    return index.fix(slot, lat, 68.78, 90, 10, accuracyM, phoneS * 1_000, ms(atS * 1_000));
  };
  const northM = () => Math.round((index.where("d1")!.lat - 38.56) / METRE);
  return { index, slot, fix, northM };
};

describe("a fix is judged", () => {
  test.each([
    ["not a number", Number.NaN, 68.78],
    ["endless", Infinity, 68.78],
    ["past the pole", 90.1, 68.78],
    ["past the antimeridian", 38.56, -180.1],
    ["what a phone without a fix says", 0, 0],
  ])("L1: given a position that is %s, when it comes, then it is invalid", (_, lat, lng) => {
    const { index, slot } = oneDriver();
    expect(index.fix(slot, lat, lng, 0, 0, 5, 1, ms(1_000))).toBe("invalid");
    expect(index.where("d1")).toBeNull();
  });

  test("L1: given a driver who left, when a fix for the old slot comes, then it is invalid", () => {
    const { index, fix } = oneDriver();
    fix(0, 0);
    index.leave("d1");
    expect(fix(0, 1)).toBe("invalid");
    expect(index.around(38.56, 68.78, 10, 1_000, ms(1_000))).toEqual([]);
  });

  test("L2: given a fix less accurate than the policy asks, when it comes, then it is dropped", () => {
    const { fix, northM } = oneDriver();
    expect(fix(0, 0, { accuracyM: 100 })).toBe("taken");
    expect(fix(10, 4, { accuracyM: 101 })).toBe("inaccurate");
    expect(northM()).toBe(0);
  });

  test("L3: given two fixes of one phone, when the later one overtook the earlier, then the earlier is old", () => {
    const { fix, northM } = oneDriver();
    fix(0, 100, { phoneS: 50 });
    expect(fix(40, 104, { phoneS: 54 })).toBe("taken");
    expect(fix(20, 105, { phoneS: 52 })).toBe("old");
    expect(fix(40, 106, { phoneS: 54 })).toBe("old"); // the same one again
    expect(northM()).toBe(40);
  });

  test("L3: given fixes without the phone's time between, when an earlier one comes, then it is still old", () => {
    const { fix } = oneDriver();
    fix(0, 100, { phoneS: 50 });
    expect(fix(10, 101)).toBe("taken");
    expect(fix(20, 102, { phoneS: 49 })).toBe("old");
    expect(fix(20, 103, { phoneS: 51 })).toBe("taken");
  });

  test("L4: given a phone whose clock was set back, when the last fix is no longer fresh, then its fixes are taken again", () => {
    const { fix } = oneDriver();
    fix(0, 100, { phoneS: 5_000 });
    expect(fix(10, 110, { phoneS: 1_000 })).toBe("old");
    expect(fix(20, 116, { phoneS: 1_006 })).toBe("taken");
    expect(fix(30, 120, { phoneS: 1_010 })).toBe("taken");
  });

  test("L5: given a car standing, when one fix implies more than the highest speed, then it is kept aside as a jump", () => {
    const { fix, northM } = oneDriver();
    fix(0, 0);
    expect(fix(199, 4)).toBe("taken"); // 49.8 m/s
    expect(fix(199 + 201, 8)).toBe("jump"); // 50.3 m/s
    expect(northM()).toBe(199);
    expect(fix(210, 12)).toBe("taken"); // back where it was: the jump is forgotten
    expect(northM()).toBe(210);
    expect(fix(3_000, 16)).toBe("jump");
    expect(fix(9_000, 20)).toBe("jump"); // does not agree with the one before
    expect(northM()).toBe(210);
  });

  test("L5: given fixes that waited in the phone, when they arrive in one moment, then each may be two seconds' drive on", () => {
    const { fix } = oneDriver();
    fix(0, 0, { phoneS: 0 });
    expect(fix(90, 0, { phoneS: 5 })).toBe("taken");
    expect(fix(180, 0, { phoneS: 10 })).toBe("taken");
    expect(fix(290, 0, { phoneS: 15 })).toBe("jump");
  });

  test("L6: given a jump, when the next fix agrees with it, then the driver is there", () => {
    const { fix, northM } = oneDriver();
    fix(0, 0);
    expect(fix(5_000, 4)).toBe("jump");
    expect(fix(5_040, 8)).toBe("taken");
    expect(northM()).toBe(5_040);
    expect(fix(5_080, 12)).toBe("taken");
  });

  test("L6: given a jump, when the very same fix comes a second time, then it is old and does not count as a repeat", () => {
    const { fix, northM } = oneDriver();
    fix(0, 0, { phoneS: 0 });
    expect(fix(5_000, 4, { phoneS: 4 })).toBe("jump");
    expect(fix(5_000, 5, { phoneS: 4 })).toBe("old");
    expect(northM()).toBe(0);
  });
});
