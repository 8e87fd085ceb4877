import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { City } from "../../bench/city/city.ts";
import { usualMix } from "../../bench/city/people/behaviour.ts";
import { driveS } from "../../bench/city/people/drive.ts";
import { newErrand } from "../../bench/city/people/errand.ts";
import { recordedCar } from "../../bench/city/people/recorded-car.ts";
import { readCabs } from "../../bench/city/recordings/cabs.ts";
import { openTrack, SILENT_MS } from "../../bench/city/recordings/track.ts";
import { openTally } from "../../bench/city/tally.ts";
import { distanceM } from "../../src/domain/geo.ts";

const ping = (atMs: number, lat: number, free = true) => ({ atMs, lat, lng: -122, free });
const track = openTrack([
  ping(60_000, 37.7),
  ping(120_000, 37.8, false),
  ping(180_000, 37.8),
  ping(240_000, 37.6),
]);

test("B11: a cab moves straight from ping to ping and stands before the first and after the last", () => {
  const lats = [0, 60_000, 90_000, 150_000, 240_000, 900_000].map((atMs) => track.positionAt(atMs).lat);
  [37.7, 37.7, 37.75, 37.8, 37.6, 37.6].forEach((lat, i) => expect(lats[i]).toBeCloseTo(lat, 9));
});

test("B11: a cab is free as its newest ping says, and unknown before the first and after long silence", () => {
  const free = [59_999, 60_000, 119_999, 120_000, 179_999, 180_000].map(track.isFreeAt);
  expect(free).toEqual([false, true, true, false, false, true]);
  expect(track.isFreeAt(240_000 + SILENT_MS)).toBe(true);
  expect(track.isFreeAt(240_000 + SILENT_MS + 1)).toBe(false);
});

test("B11: the newest ping is found however many there are", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(100_000), { minLength: 1, maxLength: 300, size: "max" }),
      fc.nat(120_000),
      (times, atMs) => {
        const pings = times.sort((a, b) => a - b).map((time, i) => ping(time, 37, i % 2 === 0));
        const newest = pings.findLast((one) => one.atMs <= atMs);
        expect(openTrack(pings).isFreeAt(atMs)).toBe(newest?.free ?? false);
      },
    ),
  );
});

test("B11: after an errand a cab drives back to its recorded way, no faster than it drives, and follows it again", async () => {
  let nowMs = 60_000;
  const clock = { nowMs: () => nowMs, start: () => undefined };
  const city: City = {
    url: "",
    socketUrl: "",
    token: () => "",
    seed: 1,
    run: "r",
    speed: 1e9,
    mix: usualMix,
    tally: openTally(),
  };
  const stays = openTrack([ping(0, 37.7), ping(120_000, 37.7)]);
  const car = recordedCar(city, stays, clock);
  const away = { lat: 37.75, lng: -122 };
  const errand = newErrand({ orderId: "o", offerId: null, pickup: away, dropoff: away });
  expect(await car.driveTo(away, errand)).toBe(true);
  expect(car.position()).toEqual(away);
  car.release();
  expect(car.position()).toEqual(away);
  const home = { lat: 37.7, lng: -122 };
  nowMs += (driveS(away, home) * 1000) / 2;
  expect(distanceM(car.position(), { lat: 37.725, lng: -122 })).toBeLessThan(1);
  nowMs += (driveS(away, home) * 1000) / 2 + 1;
  expect(car.position()).toEqual(home);
});

const folder = mkdtempSync(join(tmpdir(), "cabs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, ...rows: readonly string[]) => {
  const file = join(folder, name);
  writeFileSync(file, ["t_epoch,cab,lat,lon,occupied", ...rows].join("\n"));
  return file;
};

test("B11: each cab heard from at the start or later has its track, in the order of their numbers", async () => {
  const rows = [
    "600,10,37.7,-122.4,0",
    "900,2,37.8,-122.5,1",
    "1000,7,37.6,-122.3,0",
    "1060,10,37.7,-122.4,1",
  ];
  const cabs = await readCabs(fileOf("cabs.csv", ...rows), 1_000_000);
  expect(cabs.map((cab) => cab.positionAt(1_000_000).lat)).toEqual([37.8, 37.6, 37.7]);
  expect(cabs.map((cab) => cab.isFreeAt(1_000_000))).toEqual([false, true, false]);
});

test("B3: a recording without a free cab at the start, and a row that is none, are refused with one clear line", async () => {
  const busy = fileOf("busy.csv", "1000,7,37.6,-122.3,1");
  await expect(readCabs(busy, 1_000_000)).rejects.toThrow(/busy\.csv: no free cab at 1970-01-01T00:16:40/);
  const broken = fileOf("broken.csv", "1000,7,37.6,-122.3,2");
  await expect(readCabs(broken, 0)).rejects.toThrow(
    /broken\.csv:2: not a time, a cab, a position and 0 or 1/,
  );
});

const recorded = join(import.meta.dirname, "../../../shared/data/sf-cabs/gps_2008-05-28.csv.gz");
test.skipIf(!existsSync(recorded))(
  "B11: at seven in the morning of the recorded day 489 cabs are known, a good part of them free",
  async () => {
    const atMs = Date.parse("2008-05-28T07:00-07:00");
    const cabs = await readCabs(recorded, atMs);
    expect(cabs).toHaveLength(489);
    expect(cabs.filter((cab) => cab.isFreeAt(atMs))).toHaveLength(227);
  },
);
