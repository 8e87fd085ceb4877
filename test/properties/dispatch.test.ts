import { type OpenRequest, nearestWave } from "../../src/dispatch/propose.ts";
import { describe, expect, test } from "vitest";
import { firstFailed } from "../../src/dispatch/gates.ts";
import { BUSY, IDLE } from "../../src/location/port.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { dushanbe } from "../../src/dispatch/eta-models.ts";
import { distanceM } from "../../src/domain/geo.ts";
import * as fc from "fast-check";
import { ms } from "../../src/domain/time.ts";
import { tripId } from "../../src/domain/ids.ts";
import { waveOf } from "../../src/dispatch/waves.ts";

const place = fc.record({
  lat: fc.double({ min: 38.54, max: 38.58, noNaN: true }),
  lng: fc.double({ min: 68.76, max: 68.8, noNaN: true }),
});
const vehicleType = fc.constantFrom("standard", "van");
const drivers = fc.array(
  fc.record({
    place,
    vehicleType,
    idle: fc.constantFrom(true, true, true, false),
    at: fc.integer({ min: 80_000, max: 100_000 }),
  }),
  { maxLength: 60, size: "max" },
);
const requests = fc.array(
  fc.record({
    pickup: place,
    vehicleType,
    tried: fc.array(
      fc.nat({ max: 60 }).map((n) => `d${n}`),
      { maxLength: 20 },
    ),
    wave: fc.nat({ max: 5 }),
    offersLeft: fc.nat({ max: 15 }),
    priority: fc.boolean(),
    requestedAt: fc.nat({ max: 5 }).map(ms),
  }),
  { maxLength: 20, size: "max" },
);
const waves = fc.constantFrom(
  [
    { size: 1, radiusM: 500 },
    { size: 3, radiusM: 1_000 },
    { size: 5, radiusM: 2_500 },
  ],
  [{ size: 2, radiusM: 1_500 }],
);

describe("nearestWave", () => {
  test("O10: given any requests and drivers, when proposed, then each proposal passes every gate, no driver is asked twice, and nobody waits while someone could be asked", () => {
    fc.assert(
      fc.property(drivers, requests, waves, (drivers, requests, waves) => {
        const at = ms(100_000);
        const fixFreshMs = ms(15_000);
        const policy = { resolution: 9, fixFreshMs, accuracyM: 100, maxSpeedMps: 50 };
        const index = createLocationIndex(policy);
        const all = drivers.map((driver, i) => ({ ...driver, driverId: `d${i}` }));
        for (const { driverId, place, vehicleType, idle, at } of all) {
          const slot = index.enter(driverId, vehicleType);
          index.fix(slot, place.lat, place.lng, 0, 0, 5, 1, ms(at));
          index.setStatus(driverId, idle ? IDLE : BUSY);
        }
        const open: OpenRequest[] = requests.map((r, i) => ({ ...r, tripId: tripId(`t${i}`) }));
        const rules = { waves, eta: dushanbe, fixFreshMs };

        const result = nearestWave(open, index, rules, 9, at);

        const asked = new Set(result.proposals.map((proposal) => proposal.driverId));
        expect(asked.size).toBe(result.proposals.length);
        const may = (request: OpenRequest, driverId: string, radiusM: number) => {
          const driver = all.find((d) => d.driverId === driverId)!;
          const candidate = {
            ...driver,
            fixAgeMs: at - driver.at,
            distanceM: distanceM(request.pickup, driver.place),
          };
          return firstFailed(candidate, { ...request, fixFreshMs, radiusM }) === null;
        };
        for (const request of open) {
          const mine = result.proposals.filter((p) => p.tripId === request.tripId);
          const wave = waveOf(waves, Math.max(1, mine[0]?.wave ?? waves.length), request.offersLeft);
          expect(mine.length).toBeLessThanOrEqual(wave.size);
          expect(mine.every((p) => may(request, p.driverId, wave.radiusM))).toBe(true);
          expect(mine.every((p, i) => i === 0 || mine[i - 1]!.etaS <= p.etaS)).toBe(true);
          const looked = result.looks.filter(({ tripId }) => tripId === request.tripId);
          expect(looked).toHaveLength(request.offersLeft > 0 ? 1 : 0);
          if (mine.length > 0 || request.offersLeft === 0) continue;
          const widest = waves.at(-1)!.radiusM;
          const left = all.filter((d) => !asked.has(d.driverId as never) && may(request, d.driverId, widest));
          expect(left).toEqual([]);
        }
        // the order in which requests are handed over says nothing
        expect(nearestWave(open.toReversed(), index, rules, 9, at)).toEqual(result);
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});
