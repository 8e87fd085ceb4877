import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { seeded } from "../../bench/city/random.ts";
import {
  DROPOFF_FARTHEST_M,
  DROPOFF_NEAREST_M,
  readRequests,
  requestsFrom,
} from "../../bench/city/recordings/requests.ts";
import { distanceM } from "../../src/domain/geo.ts";

const folder = mkdtempSync(join(tmpdir(), "city-"));
afterAll(() => rmSync(folder, { recursive: true }));

const header = "id,t_local,t_epoch,lat,lon,base";
const rows = [
  "1,2014-04-02T00:00:00,1396411200,40.7458,-73.9843,B02512",
  "2,2014-04-02T00:00:00,1396411200,40.7203,-73.9995,B02598",
  "3,2014-04-02T00:00:00,1396411200,40.6449,-73.7819,B02617",
  "4,2014-04-02T00:01:00,1396411260,40.7051,-74.0108,B02682",
];
const taxiHeader =
  "id,pickup_local,pickup_epoch,pickup_lat,pickup_lon,dropoff_epoch,dropoff_lat,dropoff_lon,distance_m,duration_s";
const fileOf = (name: string, lines: readonly string[]) => {
  const file = join(folder, name);
  const text = `${lines.join("\n")}\n`;
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
  return file;
};

test("B2: pickups that share a minute are spread inside it in file order", async () => {
  const requests = await readRequests(fileOf("plain.csv", [header, ...rows]), 1);
  expect(requests.map(({ id, atMs }) => [id, atMs - 1_396_411_200_000])).toEqual([
    ["1", 0],
    ["2", 20_000],
    ["3", 40_000],
    ["4", 60_000],
  ]);
  expect(requests[0]?.pickup).toEqual({ lat: 40.7458, lng: -73.9843 });
});

test("B2, B10: a file exact to the second keeps its seconds and its dropoffs, whatever columns it has besides", async () => {
  const lines = [
    `${taxiHeader},passengers,rate_code`,
    "1,2013-07-06T13:19:00,1373131140,40.72,-74,1373132760,40.77,-73.87,19811,1620,1,1",
    "2,2013-07-06T13:19:01,1373131141,40.76,-73.91,1373132520,40.77,-73.96,6920,840,1,1",
    "3,2013-07-06T13:19:01,1373131141,40.75,-73.98,1373132644,40.77,-73.87,14162,938,3,1",
  ];
  const requests = await readRequests(fileOf("taxi.csv.gz", lines), 1);
  expect(requests.map(({ id, atMs }) => [id, atMs - 1_373_131_140_000])).toEqual([
    ["1", 0],
    ["2", 1_000],
    ["3", 1_500],
  ]);
  expect(requests[1]).toMatchObject({
    local: "2013-07-06T13:19:01",
    pickup: { lat: 40.76, lng: -73.91 },
    dropoff: { lat: 40.77, lng: -73.96 },
  });
});

test("B2: a gzip file reads like the plain one", async () => {
  const plain = await readRequests(fileOf("same.csv", [header, ...rows]), 1);
  expect(await readRequests(fileOf("same.csv.gz", [header, ...rows]), 1)).toEqual(plain);
});

test("B2: a dropoff is another pickup of the file 1 to 15 km away; where there is none, a place that far", async () => {
  const requests = await readRequests(fileOf("dropoffs.csv", [header, ...rows]), 1);
  const places = requests.map(({ pickup }) => pickup);
  for (const { id, pickup, dropoff } of requests) {
    const awayM = distanceM(pickup, dropoff);
    expect(awayM).toBeGreaterThanOrEqual(DROPOFF_NEAREST_M);
    expect(awayM).toBeLessThanOrEqual(DROPOFF_FARTHEST_M);
    // Number 3 is at the airport, farther than 15 km from the others.
    if (id === "3") expect(places).not.toContainEqual(dropoff);
    else expect(places).toContainEqual(dropoff);
  }
});

test("B1: the same file and seed give the same requests, another seed other dropoffs", async () => {
  const file = fileOf("seeds.csv", [header, ...rows]);
  const once = await readRequests(file, 1);
  expect(await readRequests(file, 1)).toEqual(once);
  expect(await readRequests(file, 2)).not.toEqual(once);
});

test("B1: what one stream draws does not depend on its neighbours, and stays in [0, 1)", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (seed, seat) => {
      const [one, same, other] = [
        seeded(seed, "driver", seat),
        seeded(seed, "driver", seat),
        seeded(seed, "driver", seat + 1),
      ];
      const draws = Array.from({ length: 20 }, one);
      other();
      expect(Array.from({ length: 20 }, same)).toEqual(draws);
      expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
      expect(other()).not.toBe(draws[1]);
    }),
  );
});

test("B1: draws are spread evenly", () => {
  const random = seeded(1, "even");
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10_000; i++) tenths[Math.floor(random() * 10)]! += 1;
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(200);
});

test("B3: a file of unknown columns, a row without a position and an absent file are refused with one clear line", async () => {
  const half = fileOf("half.csv", ["id,pickup_local,pickup_epoch", "1,2013-03-01T08:00:02,1362142802"]);
  await expect(readRequests(half, 1)).rejects.toThrow(
    /half\.csv: unknown columns "id,pickup_local.* known: /,
  );
  const nowhere = fileOf("nowhere.csv", [
    taxiHeader,
    "1,2013-03-01T08:00:02,1362142802,40.7,-74,1362143402,,-73,1,1",
  ]);
  await expect(readRequests(nowhere, 1)).rejects.toThrow(/nowhere\.csv:2: not a time and two positions/);
  const broken = fileOf("broken.csv", [header, ...rows, "5,2014-04-02T00:01:00,1396411260,,,B02682"]);
  await expect(readRequests(broken, 1)).rejects.toThrow(/broken\.csv:6: not a time and a position/);
  await expect(readRequests(fileOf("empty.csv", [header]), 1)).rejects.toThrow(/no requests/);
  await expect(readRequests(join(folder, "absent.csv.gz"), 1)).rejects.toThrow(/ENOENT/);
});

test("B3: a start is a wall clock of the file, or a moment with an offset", async () => {
  const requests = await readRequests(fileOf("from.csv", [header, ...rows]), 1);
  const ids = (from: string | null) => requestsFrom(requests, from).map(({ id }) => id);
  expect(ids(null)).toEqual(["1", "2", "3", "4"]);
  expect(ids("2014-04-02T00:01")).toEqual(["4"]);
  expect(ids("2014-04-02T00:00:30-04:00")).toEqual(["3", "4"]);
  expect(ids("2014-04-02T04:01:00Z")).toEqual(["4"]);
});

const recordings = join(import.meta.dirname, "../../../shared/data");
const recorded = join(recordings, "nyc-uber/pickups_2014-04-02.csv.gz");
test.skipIf(!existsSync(recorded))("B2: a recorded day keeps its order and its count", async () => {
  const requests = await readRequests(recorded, 1);
  expect(requests).toHaveLength(17_474);
  for (let i = 1; i < requests.length; i++)
    expect(requests[i]!.atMs).toBeGreaterThanOrEqual(requests[i - 1]!.atMs);
  for (const { pickup, dropoff } of requests) {
    const awayM = distanceM(pickup, dropoff);
    expect(awayM >= DROPOFF_NEAREST_M && awayM <= DROPOFF_FARTHEST_M).toBe(true);
  }
});

test.skipIf(!existsSync(recordings)).each([
  ["nyc-taxi/trips_2013-03-01_0800-1200.csv.gz", 23_961],
  ["nyc-taxi/trips_2013-07-06_to_16_sample.csv.gz", 9_907],
  ["austin-rideaustin/trips_2017-02-02.csv.gz", 5_922],
  ["sf-cabs/trips_2008-05-27_to_29.csv.gz", 45_513],
])("B10: %s is known by its columns, all of it, in order", async (file, count) => {
  const requests = await readRequests(join(recordings, file), 1);
  expect(requests).toHaveLength(count);
  expect(requests.findIndex(({ atMs }, i) => i > 0 && atMs < requests[i - 1]!.atMs)).toBe(-1);
  // The wall clock of the file and its Unix time are apart by the city's offset, never by less than an hour.
  const offsetsH = new Set(
    requests.map(({ atMs, local }) => (Math.floor(atMs / 1000) * 1000 - Date.parse(`${local}Z`)) / 3.6e6),
  );
  expect([...offsetsH].every((hours) => hours >= 4 && hours <= 7)).toBe(true);
});
