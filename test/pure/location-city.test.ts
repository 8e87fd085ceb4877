import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { IDLE } from "../../src/location/port.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { gunzipSync } from "node:zlib";
import { haversineM } from "../../src/domain/geo.ts";
import { ms } from "../../src/domain/time.ts";

const folder = new URL("../../../shared/data/dispatch-snapshots/", import.meta.url);
const policy = { resolution: 9, fixFreshMs: ms(15_000), accuracyM: 100, maxSpeedMps: 50 };

/** Rows of `snapshot, id, lat, lon`. */
const read = (file: string): readonly (readonly number[])[] =>
  gunzipSync(readFileSync(new URL(file, folder)))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));

describe("the cabs of San Francisco", () => {
  test.skipIf(!existsSync(folder))(
    "L7: given real free cabs and real requests, when the five nearest are sought, then they are those of brute force (I9)",
    () => {
      const requests = read("requests.csv.gz");
      for (const snapshot of new Set(requests.map((row) => row[0]!))) {
        const cabs = read("free_cabs.csv.gz").filter((row) => row[0] === snapshot);
        const index = createLocationIndex(policy);
        for (const [, cab, lat, lng] of cabs) {
          const slot = index.enter(String(cab), "cab");
          index.fix(slot, lat!, lng!, Number.NaN, Number.NaN, Number.NaN, Number.NaN, ms(0));
          index.setStatus(String(cab), IDLE);
        }
        for (const [, , lat, lng] of requests.filter((row) => row[0] === snapshot)) {
          const expected = cabs
            .map((cab) => haversineM(lat!, lng!, cab[2]!, cab[3]!))
            .filter((distanceM) => distanceM <= 5_000)
            .toSorted((a, b) => a - b)
            .slice(0, 5);
          const { found } = index.nearest(lat!, lng!, 5, 5_000, "cab", ms(0));
          expect(found).toHaveLength(expected.length);
          for (const [i, near] of found.entries()) {
            expect(near.distanceM).toBeCloseTo(expected[i]!, 3);
          }
        }
      }
    },
  );
});
