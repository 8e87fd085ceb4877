import { type OpenRequest, nearestWave } from "../../src/dispatch/propose.ts";
import { describe, expect, test } from "vitest";
import { BUSY, IDLE } from "../../src/location/port.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { distanceM } from "../../src/domain/geo.ts";
import { dushanbe } from "../../src/dispatch/eta-models.ts";
import * as fc from "fast-check";
import { ms } from "../../src/domain/time.ts";
import { tripId } from "../../src/domain/ids.ts";

const place = fc.record({
  lat: fc.double({ min: 38.54, max: 38.58, noNaN: true }),
  lng: fc.double({ min: 68.76, max: 68.8, noNaN: true }),
});
const vehicleType = fc.constantFrom("standard", "standard", "van");
const drivers = fc.array(
  fc.record({
    place,
    vehicleType,
    idle: fc.constantFrom(true, true, true, false),
    at: fc.integer({ min: 80_000, max: 100_000 }),
  }),
  { maxLength: 150, size: "max" },
);
const requests = fc.array(
  fc.record({
    pickup: place,
    vehicleType,
    tried: fc.array(
      fc.nat({ max: 150 }).map((n) => `d${n}`),
      { maxLength: 20 },
    ),
    wave: fc.nat({ max: 3 }),
    offersLeft: fc.integer({ min: 1, max: 15 }),
    priority: fc.boolean(),
    requestedAt: fc.nat({ max: 5 }).map(ms),
  }),
  { minLength: 1, maxLength: 10 },
);
const waves = [
  { size: 1, radiusM: 500 },
  { size: 3, radiusM: 1_000 },
  { size: 5, radiusM: 2_500 },
];
const at = ms(100_000);
const fixFreshMs = ms(15_000);

describe("the decision record", () => {
  test("O30: given any drivers and requests, each idle driver nearer than what was searched is asked or has a reason that is true", () => {
    let named = 0;
    fc.assert(
      fc.property(drivers, requests, (drivers, requests) => {
        const index = createLocationIndex({ resolution: 9, fixFreshMs, accuracyM: 100, maxSpeedMps: 50 });
        const all = drivers.map((driver, i) => ({ ...driver, driverId: `d${i}` }));
        for (const { driverId, place, vehicleType, idle, at } of all) {
          const slot = index.enter(driverId, vehicleType);
          index.fix(slot, place.lat, place.lng, 0, 0, 5, 1, ms(at));
          index.setStatus(driverId, idle ? IDLE : BUSY);
        }
        const open: OpenRequest[] = requests.map((r, i) => ({ ...r, tripId: tripId(`t${i}`) }));
        const { proposals, looks } = nearestWave(open, index, { waves, eta: dushanbe, fixFreshMs }, 9, at);
        expect(looks.length).toBe(open.length);

        const taken = new Set<string>();
        for (const look of looks) {
          const request = open.find(({ tripId }) => tripId === look.tripId)!;
          const asked = proposals.filter(({ tripId }) => tripId === look.tripId).map((p) => p.driverId);
          const verdicts = new Map(look.candidates.map((one) => [one.driverId, one.verdict]));
          // the list is bounded, and says exactly who is asked
          expect(look.candidates.length).toBeLessThanOrEqual(50 + look.size);
          expect([...verdicts].filter(([, verdict]) => verdict === "asked").map(([id]) => id)).toEqual(
            expect.arrayContaining(asked),
          );
          expect([...verdicts.values()].filter((verdict) => verdict === "asked").length).toBe(asked.length);
          for (const driver of all) {
            const metres = distanceM(request.pickup, driver.place);
            const verdict = verdicts.get(driver.driverId);
            if (driver.idle && metres < look.searchedM) expect(verdict, driver.driverId).toBeDefined();
            if (verdict === undefined) continue;
            named += 1;
            const free = driver.idle && !taken.has(driver.driverId);
            const fresh = at - driver.at <= fixFreshMs;
            const fits = driver.vehicleType === request.vehicleType;
            const untried = !request.tried.includes(driver.driverId);
            const near = metres <= look.radiusM;
            const reason = !free
              ? "idle"
              : !fresh
                ? "fresh"
                : !fits
                  ? "vehicle_type"
                  : !untried
                    ? "not_tried"
                    : !near
                      ? "within_radius"
                      : "enough";
            expect(verdict).toBe((asked as string[]).includes(driver.driverId) ? "asked" : reason);
            // sooner ones were asked, and as many as the wave may
            if (verdict === "enough") expect(asked.length).toBe(look.size);
          }
          for (const id of asked) taken.add(id);
        }
      }),
      { numRuns: 150 },
    );
    expect(named).toBeGreaterThan(1_000);
  }, 30_000);
});
