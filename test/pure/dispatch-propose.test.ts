import { type OpenRequest, nearestWave } from "../../src/dispatch/propose.ts";
import { describe, expect, test } from "vitest";
import { BUSY, IDLE } from "../../src/location/port.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { dushanbe } from "../../src/dispatch/eta-models.ts";
import { ms } from "../../src/domain/time.ts";
import { tripId } from "../../src/domain/ids.ts";

const fixFreshMs = ms(15_000);
const rules = { waves: defaultPolicy.waves, eta: dushanbe, fixFreshMs };
const METRE = 1 / 111_195;

/** Drivers so many metres north of the pickup, all idle standard cars with a fix at 0. */
const supplyOf = (northM: Readonly<Record<string, number>>) => {
  const index = createLocationIndex({
    resolution: 9,
    fixFreshMs,
    accuracyM: 100,
    maxSpeedMps: 50,
  });
  for (const [id, metres] of Object.entries(northM)) {
    const slot = index.enter(id, "standard");
    const lat = 38.56 + metres * METRE;
    index.fix(slot, lat, 68.78, Number.NaN, Number.NaN, Number.NaN, Number.NaN, ms(0));
    index.setStatus(id, IDLE);
  }
  return index;
};
const request = (id: string, more: Partial<OpenRequest> = {}): OpenRequest => ({
  tripId: tripId(id),
  pickup: { lat: 38.56, lng: 68.78 },
  vehicleType: "standard",
  tried: [],
  wave: 0,
  offersLeft: 15,
  priority: false,
  requestedAt: ms(0),
  ...more,
});
const propose = (open: readonly OpenRequest[], supply: ReturnType<typeof supplyOf>, at = ms(4_000)) => {
  const { proposals, looks } = nearestWave(open, supply, rules, 7, at);
  /** What became of the drivers around each request that nobody is asked for, nearest first. */
  const unmatched = looks
    .filter(({ candidates }) => candidates.every(({ verdict }) => verdict !== "asked"))
    .map(({ tripId, candidates }) => ({ tripId, failed: candidates.map(({ verdict }) => verdict) }));
  const pairs = proposals.map((p) => `${p.tripId}:${p.driverId}`);
  return { proposals, unmatched, pairs };
};

describe("proposals", () => {
  test("O3: given drivers around a pickup, when a first wave is proposed, then it is the one soonest there, in decided numbers", () => {
    const supply = supplyOf({ far: 1_800, near: 1_000, middle: 1_200 });
    const { proposals, unmatched } = propose([request("t1")], supply);
    expect(proposals).toEqual([
      { tripId: "t1", driverId: "near", wave: 1, etaS: 290, distanceM: 1_000, fixAgeMs: 4_000 },
    ]);
    expect(unmatched).toEqual([]);
  });

  test("O4: given two requests at one place, when proposed together, then no driver is proposed twice", () => {
    const supply = supplyOf({ a: 100, b: 200 });
    const { pairs, unmatched } = propose([request("t1"), request("t2"), request("t3")], supply);
    expect(pairs).toEqual(["t1:a", "t2:b"]);
    expect(unmatched).toEqual([{ tripId: "t3", failed: ["idle", "idle"] }]);
  });

  test("O5: given thirty tried drivers who are nearer, when proposed, then the one behind them is found", () => {
    const tried = Array.from({ length: 30 }, (_, i) => `tried${i}`);
    const supply = supplyOf({
      ...Object.fromEntries(tried.map((id, i) => [id, i])),
      fresh: 1_500,
    });
    expect(propose([request("t1", { tried })], supply).pairs).toEqual(["t1:fresh"]);
  });

  test("O5: given twenty requests at one place, when proposed together, then those proposed before do not hide who is free", () => {
    const drivers = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d${i}`, i * 10]));
    const open = Array.from({ length: 20 }, (_, i) => request(`t${i + 10}`));
    const { pairs } = propose(open, supplyOf(drivers));
    expect(pairs).toEqual(open.map(({ tripId }, i) => `${tripId}:d${i}`));
  });

  test("O6: given one driver, when several wait, then a trip given back comes first, then the longest waiting", () => {
    const open = [
      request("young", { requestedAt: ms(3) }),
      request("old", { requestedAt: ms(1) }),
      request("given-back", { requestedAt: ms(2), priority: true, tried: ["a"] }),
    ];
    expect(propose(open, supplyOf({ a: 10, b: 20 })).pairs).toEqual(["given-back:b", "old:a"]);
  });

  test("O7: given a first wave that failed, when the next is proposed, then it asks three, and never more than offers are left", () => {
    const supply = supplyOf({ a: 10, b: 20, c: 30, d: 40, e: 50, f: 60 });
    const second = request("t1", { wave: 1, tried: ["a"] });
    expect(propose([second], supply).pairs).toEqual(["t1:b", "t1:c", "t1:d"]);
    const spent = { ...second, offersLeft: 2 };
    expect(propose([spent], supply).pairs).toEqual(["t1:b", "t1:c"]);
    expect(propose([{ ...second, offersLeft: 0 }], supply).proposals).toEqual([]);
    const later = request("t1", { wave: 7 });
    expect(propose([later], supply).proposals.map((p) => p.wave)).toEqual([8, 8, 8, 8, 8]);
  });

  test("O8: given nobody within the first radius, when proposed, then the next wave asks further at once", () => {
    const { proposals } = propose([request("t1")], supplyOf({ a: 3_100, b: 3_200, c: 5_100 }));
    expect(proposals.map((p) => [p.driverId, p.wave])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });

  test("O9: given drivers who all fail a gate, when nobody is proposed, then each is told with the first gate they failed", () => {
    const supply = supplyOf({ busy: 10, van: 20, tried: 30, far: 9_000, stale: 40 });
    supply.setStatus("busy", BUSY);
    supply.setVehicle("van", "van");
    const at = ms(20_000);
    for (const [id, north] of [
      ["busy", 10],
      ["van", 20],
      ["tried", 30],
      ["far", 9_000],
    ] as const) {
      const lat = 38.56 + north * METRE;
      supply.fix(supply.enter(id, id === "van" ? "van" : "standard"), lat, 68.78, 0, 0, 5, 1, at);
    }
    const { proposals, unmatched } = propose([request("t1", { tried: ["tried"] })], supply, at);
    expect(proposals).toEqual([]);
    expect(unmatched).toEqual([
      { tripId: "t1", failed: ["idle", "vehicle_type", "not_tried", "fresh", "within_radius"] },
    ]);
  });

  test("O9: given no drivers at all, when nobody is proposed, then no gate is blamed", () => {
    expect(propose([request("t1")], supplyOf({})).unmatched).toEqual([{ tripId: "t1", failed: [] }]);
  });
});
