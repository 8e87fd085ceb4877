import { type Bench, type Row, quantile, rate } from "./row.ts";
import { gridDisk, latLngToCell } from "h3-js";
import { IDLE } from "../src/location/port.ts";
import { createLocationIndex } from "../src/location/location-index.ts";
import { haversineM } from "../src/domain/geo.ts";
import { ms } from "../src/domain/time.ts";

// Taking fixes and finding the ten nearest within 5 km, in process, in 28 x 26 km around Dushanbe. Controls: the
// bare H3 library with a map of cells (one ring, whoever is in it: not exact), and looking at every driver.

const FLEETS = [1_500, 100_000];
const FOR_MS = 1_000;
const POINTS = 4_096;
const policy = { resolution: 9, fixFreshMs: ms(15_000), accuracyM: 100, maxSpeedMps: 70 };

let seed = 42;
const chance = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const lats = (count: number) => Float64Array.from({ length: count }, () => 38.56 + (chance() - 0.5) * 0.2338);
const lngs = (count: number) => Float64Array.from({ length: count }, () => 68.78 + (chance() - 0.5) * 0.3218);

const fleet = (drivers: number): readonly Row[] => {
  const lat = lats(drivers);
  const lng = lngs(drivers);
  const index = createLocationIndex(policy);
  const buckets = new Map<string, number[]>();
  for (let i = 0; i < drivers; i++) {
    index.fix(index.enter(`d${i}`, "standard"), lat[i]!, lng[i]!, 0, 0, 5, Number.NaN, ms(0));
    index.setStatus(`d${i}`, IDLE);
    const cell = latLngToCell(lat[i]!, lng[i]!, 9);
    const bucket = buckets.get(cell);
    if (bucket === undefined) buckets.set(cell, [i]);
    else bucket.push(i);
  }
  const [atLat, atLng] = [lats(POINTS), lngs(POINTS)];
  let point = 0;
  const next = (): number => (point = (point + 1) % POINTS);
  const nearest = (): void => {
    const p = next();
    index.nearest(atLat[p]!, atLng[p]!, 10, 5_000, "standard", ms(0));
  };
  const tenOf = (from: Iterable<number>, p: number): void => {
    const all: { i: number; distanceM: number }[] = [];
    for (const i of from) {
      all.push({ i, distanceM: haversineM(atLat[p]!, atLng[p]!, lat[i]!, lng[i]!) });
    }
    all.sort((a, b) => a.distanceM - b.distanceM).length = Math.min(10, all.length);
  };
  const oneRing = (): void => {
    const p = next();
    const cells = gridDisk(latLngToCell(atLat[p]!, atLng[p]!, 9), 1);
    tenOf(
      cells.flatMap((cell) => buckets.get(cell) ?? []),
      p,
    );
  };
  const everybody = lat.map((_, i) => i);

  let moved = 0;
  let at = 0;
  const fix = (): void => {
    moved = (moved + 1) % drivers;
    if (moved === 0) at += 4_000; // each drives up to 45 m in four seconds
    lat[moved]! += (chance() - 0.5) * 0.0008;
    lng[moved]! += (chance() - 0.5) * 0.0008;
    index.fix(moved, lat[moved]!, lng[moved]!, 90, 10, 5, at, ms(at));
  };

  for (let i = 0; i < POINTS; i++) nearest(); // each cell is met once in a lifetime
  const perS = rate(FOR_MS, nearest);
  const samples = Array.from({ length: 20_000 }, () => {
    const begun = performance.now();
    nearest();
    return performance.now() - begun;
  });
  const tail = { p50_ms: quantile(samples, 0.5), p99_ms: quantile(samples, 0.99) };
  const of = `of ${drivers.toLocaleString("en")} drivers`;
  const row = (kind: Row["kind"], label: string, value: number): Row => ({
    label: `${label} ${of}`,
    kind,
    value,
    unit: "per s",
  });
  return [
    { ...row("ours", "10 nearest within 5 km", perS), ...tail },
    row("control", "h3-js: one ring, not exact", rate(FOR_MS, oneRing)),
    row(
      "control",
      "haversine to everybody",
      rate(FOR_MS, () => tenOf(everybody, next())),
    ),
    row("ours", "fixes taken", rate(FOR_MS, fix)),
    row(
      "control",
      "h3-js: latLngToCell of a fix",
      rate(FOR_MS, () => latLngToCell(lat[next() % drivers]!, lng[point % drivers]!, 9)),
    ),
  ];
};

export const bench: Bench = {
  name: "match-inside",
  run: async () => FLEETS.flatMap(fleet),
};
