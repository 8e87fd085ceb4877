import { BUSY, IDLE } from "../../src/location/port.ts";
import { describe, expect, test } from "vitest";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { ms } from "../../src/domain/time.ts";

const policy = { resolution: 9, fixFreshMs: ms(15_000), accuracyM: 100, maxSpeedMps: 50 };
const create = (cellsKept?: number) => {
  const index = createLocationIndex(policy, cellsKept);
  const place = (id: string, lat: number, lng: number, at = 0, type = "standard") => {
    const slot = index.enter(id, type);
    index.fix(slot, lat, lng, Number.NaN, Number.NaN, Number.NaN, Number.NaN, ms(at));
    index.setStatus(id, IDLE);
    return slot;
  };
  const ids = (lat: number, lng: number, radiusM: number, at = 0, type: string | null = null) =>
    index.nearest(lat, lng, 10, radiusM, type, ms(at)).found.map((near) => near.driverId);
  return { index, place, ids };
};

describe("the location index", () => {
  test("L9: given searches all over the globe, when more cells were met than are kept, then drivers are found as before", () => {
    const { index, place, ids } = create(2_000);
    place("d1", 38.56, 68.78);
    place("d2", 38.561, 68.78);
    place("d3", -33.45, -70.66);
    for (let lng = -170; lng < 180; lng += 40) expect(ids(10, lng, 5_000)).toEqual([]);
    expect(ids(38.56, 68.78, 5_000)).toEqual(["d1", "d2"]);
    expect(ids(-33.45, -70.66, 5_000)).toEqual(["d3"]);
    index.leave("d3"); // now two are all there are: seen at once
    expect(index.nearest(38.56, 68.78, 10, 5_000, null, ms(0)).cellsScanned).toBeLessThan(8);
  });

  test("L10: given a driver who just entered, when drivers are sought, then they are found only once idle (I10)", () => {
    const { index, ids } = create();
    const slot = index.enter("d1", "standard");
    expect(index.where("d1")).toBeNull();
    index.fix(slot, 38.56, 68.78, 45, 3, 5, 1, ms(0));
    expect(ids(38.56, 68.78, 100)).toEqual([]);
    index.setStatus("d1", IDLE);
    expect(ids(38.56, 68.78, 100)).toEqual(["d1"]);
    index.setStatus("d1", BUSY);
    expect(ids(38.56, 68.78, 100)).toEqual([]);
    expect(index.where("d1")).toEqual({ lat: 38.56, lng: 68.78, heading: 45, at: 0 });
  });

  test("L11: given a fix, when it is older than the policy allows by the server's time, then its driver is unknown, not near", () => {
    const { index, place, ids } = create();
    place("d1", 38.56, 68.78, 1_000);
    expect(ids(38.56, 68.78, 100, 16_000)).toEqual(["d1"]);
    expect(ids(38.56, 68.78, 100, 16_001)).toEqual([]);
    expect(index.around(38.56, 68.78, 10, 100, ms(16_001))).toMatchObject([
      { driverId: "d1", idle: true, fixAgeMs: 15_001 },
    ]);
  });

  test("L12: given a driver who left, when another enters, then nothing of the first is left in the slot", () => {
    const { index, place, ids } = create();
    const slot = place("d1", 38.56, 68.78);
    index.leave("d1");
    index.leave("d1");
    expect(index.size).toBe(0);
    expect(index.enter("d2", "van")).toBe(slot);
    expect(index.where("d2")).toBeNull();
    expect(ids(38.56, 68.78, 100)).toEqual([]);
    // 100 km further is no jump: these are not the first driver's fixes
    expect(index.fix(slot, 39.5, 68.78, 0, 0, 5, 1, ms(1))).toBe("taken");
  });

  test("L25: given ten thousand drivers who come and go, when never more than three are in, then three slots are enough", () => {
    const { index, place } = create();
    const slots = new Set<number>();
    for (let i = 0; i < 10_000; i++) {
      slots.add(place(`d${i}`, 38.56, 68.78));
      if (i >= 2) index.leave(`d${i - 2}`);
    }
    expect([...slots].toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(index.size).toBe(2);
  });

  test("L12: given a driver who is in, when they enter again, then they keep slot, place and status", () => {
    const { index, place, ids } = create();
    const slot = place("d1", 38.56, 68.78);
    expect(index.enter("d1", "van")).toBe(slot);
    expect(ids(38.56, 68.78, 100, 0, "van")).toEqual(["d1"]);
    expect(ids(38.56, 68.78, 100, 0, "standard")).toEqual([]);
    expect(index.size).toBe(1);
  });

  test("L13: given 3,000 drivers in a city, when the ten nearest are sought, then only neighbouring cells are looked into", () => {
    const { index, place } = create();
    for (let i = 0; i < 3_000; i++) {
      place(`d${i}`, 38.5 + (i % 60) * 0.002, 68.7 + Math.floor(i / 60) * 0.003);
    }
    const { found, cellsScanned, considered } = index.nearest(38.56, 68.78, 10, 5_000, null, ms(0));
    expect(found).toHaveLength(10);
    expect(cellsScanned).toBeLessThanOrEqual(37); // three rings
    expect(considered).toBeLessThan(200);
  });

  test("L13: given few drivers and a search over the whole earth, when all of them were seen, then the search ends", () => {
    const { index, place } = create();
    place("d1", 38.56, 68.78);
    place("d2", 38.561, 68.78);
    const { found, cellsScanned } = index.nearest(38.56, 68.78, 10, 20_000_000, null, ms(0));
    expect(found.map((near) => near.driverId)).toEqual(["d1", "d2"]);
    expect(cellsScanned).toBeLessThan(8);
  });
});
