import { type Archivist, openArchivist } from "../../src/log/archivist.ts";
import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { openLog } from "../../src/log/open-log.ts";
import type { History } from "../../src/log/history.ts";
import { LEAST_DAYS, archiveMarket } from "../../src/archive/archive-market.ts";
import { dayOf } from "../../src/market/keys.ts";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { marketId, tripId } from "../../src/domain/ids.ts";
import { marketNamed } from "../../src/log/market-named.ts";
import { meaning } from "../../src/meaning.ts";
import { replay } from "../../src/replay/replay.ts";
import { restore } from "../../src/archive/restore.ts";
import { tmpdir } from "node:os";
import { verifyMarket } from "../../src/replay/verify-market.ts";
import { verifyVolume } from "../../src/archive/verify-volume.ts";
import { volumesIn } from "../../src/archive/volume.ts";

const DAY_MS = 86_400_000;
let town: ReplayTown;
let archivist: Archivist;
let folder: string;

// t1 and t10 to t409 have ended, t2 and t3 live; then ten days pass.
const cancelled = Array.from({ length: 400 }, (_, i) => 10 + i);
beforeEach(async () => {
  town = await replayTown();
  await liveHalfADay(town);
  for (const verb of ["create", "admin cancels"] as const)
    await Promise.all(cancelled.map((trip) => town.say(verb, 0, trip)));
  await town.rest();
  await town.sql("update market set alive_at = alive_at + 10 * 86400000::bigint");
  archivist = await openArchivist(town.database.url);
  folder = mkdtempSync(join(tmpdir(), "dg-do-archive-"));
});
afterEach(async () => {
  await archivist.close();
  await town.close();
  rmSync(folder, { recursive: true, force: true });
});

const sound = { I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 };
const archive = async (days = 7, by: Archivist = archivist) =>
  archiveMarket(by, meaning, await marketNamed(archivist.history, "town"), { olderThanDays: days, folder });
const tripRows = async (where = "true") =>
  (await town.sql(`select count(*)::integer as n from event where actor_kind = 'trip' and ${where}`))[0]![
    "n"
  ];
const wholeLog = () => town.sql("select * from event order by market, position");
const one = (id: string) => replay(archivist.history, meaning, id, { at: null, market: null, verify: true });
const verifyTown = () => verifyMarket(archivist.history, meaning, marketId(1));
const bringBack = (id: string | null = null) =>
  restore(archivist, meaning, folder, { market: null, tripId: id });

test("E60: given trips that ended long ago, when they are archived, then whole streams are in a volume that holds and not in the log, and all else is as before", async () => {
  const before = await wholeLog();
  const done = await archive();
  expect(done).toMatchObject({ trips: 401, differences: [], volumes: [expect.any(String)] });
  expect(await tripRows("actor_id not in ('t2', 't3')")).toBe(0);
  expect(await tripRows("actor_id in ('t2', 't3')")).toBeGreaterThan(0);
  const [volume] = await volumesIn(folder, "town");
  expect(await verifyVolume(meaning, folder, volume!)).toEqual({
    trips: 401,
    rows: done.rows,
    differences: [],
  });
  // Every row is in one of the two places, as it was.
  const filed = gunzipSync(readFileSync(join(folder, `${volume}.ndjson.gz`)))
    .toString()
    .trim()
    .split("\n");
  const both = [...(await wholeLog()), ...filed.map((line) => JSON.parse(line) as { position: number })];
  const inOrder = both.toSorted((a, b) => Number(a["position"]) - Number(b["position"]));
  expect(JSON.parse(JSON.stringify(inOrder))).toEqual(JSON.parse(JSON.stringify(before)));
  const [{ n }] = (await town.sql("select count(*)::integer as n from trip")) as [{ n: number }];
  expect(n).toBe(403);
  expect(await archivist.history.invariants()).toEqual(sound);
  // Volumes that nothing is left of are not read again.
  rmSync(join(folder, `${volume}.ndjson.gz`));
  expect(await archive()).toMatchObject({ trips: 0, volumes: [] });
});

test("E60: given a market whose trips were archived, when it is taken again, then it goes on, and an archived trip refuses as an ended one does", async () => {
  await archive();
  const log = await openLog({ url: town.database.url });
  const [market] = await log.take([{ key: "town", name: "Town" }]);
  expect((await market!.recover()).actors.map(({ id }) => id).toSorted()).toEqual(["d1", "d2", "t2", "t3"]);
  expect(await market!.actor("trip", "t1")).toMatchObject({ stored: { value: "completed" }, since: [] });
  expect(await log.history.trip(tripId("t1"))).toMatchObject({ status: "completed" });
  await log.close();
});

test("E61: given trips that ended within the days, or came after the checkpoint, when the log is archived, then they stay", async () => {
  expect(await archive(11)).toMatchObject({ trips: 0, volumes: [] });
  expect(readdirSync(folder)).toEqual([]);
  await town.sql(
    "update market set checkpoint = (select max(position) from event where actor_id = 't1') where id = 1",
  );
  expect(await archive()).toMatchObject({ trips: 1 });
});

test("E61, M101: given trips that ended two days and a moment ago, when they are archived, then every key that may still be repeated is in the log", async () => {
  await town.sql(
    `update market set alive_at = 1 + ${LEAST_DAYS * DAY_MS}::bigint + (select max(at) from event where market = 1) where id = 1`,
  );
  const log = await openLog({ url: town.database.url });
  const [market] = await log.take([{ key: "town", name: "Town" }]);
  const day = dayOf(market!.taken.lastAliveAt!);
  const since = async (from: number) => (await market!.remembered(`${from}:`, 9_999)).length;
  const [everything, repeatable] = [await since(day - LEAST_DAYS - 1), await since(day - 1)];
  expect(await archive(LEAST_DAYS)).toMatchObject({ trips: 401 });
  expect(await since(day - LEAST_DAYS - 1)).toBeLessThan(everything);
  expect(await since(day - 1)).toBe(repeatable);
  await log.close();
});

test("E61: given a trip that does not hold, when the log is archived, then it stays and is told, and the others go", async () => {
  await town.sql("update event set changes = '{}' where actor_id = 't1' and type = 'driver.arrived'");
  await town.sql("update trip set fare_amount = 1 where id = 't10'");
  const { trips, differences } = await archive();
  expect(trips).toBe(399);
  expect(differences.map(({ field }) => field)).toEqual(["changes.arrivedAt", "fareAmount"]);
  expect(await tripRows("actor_id in ('t1', 't10')")).toBeGreaterThan(2);
});

test("E61: given an archivist who is killed between the volume and the end of the deletions, when it is called again, then nothing is lost or twice", async () => {
  const before = await wholeLog();
  let calls = 0;
  const dying: Archivist = {
    ...archivist,
    remove: (...args) => (calls++ === 1 ? Promise.reject(new Error("killed")) : archivist.remove(...args)),
  };
  await expect(archive(7, dying)).rejects.toThrow("killed");
  const [volume] = await volumesIn(folder, "town");
  expect(await verifyVolume(meaning, folder, volume!)).toMatchObject({ trips: 401, differences: [] });
  expect(await tripRows()).toBeGreaterThan(300);
  expect(await archivist.history.invariants()).toEqual(sound);

  expect(await archive()).toMatchObject({ volumes: [], trips: 301 });
  expect(await volumesIn(folder, "town")).toEqual([volume]);
  await bringBack();
  expect(await wholeLog()).toEqual(before);
});

test("E61: given an archivist who is killed while it writes, when it is called again, then what it left is no volume and does no harm", async () => {
  const dying: Archivist = { ...archivist, rowsOf: () => Promise.reject(new Error("killed")) };
  await expect(archive(7, dying)).rejects.toThrow("killed");
  expect(readdirSync(folder)).toEqual(["town.part"]);
  expect(await tripRows()).toBeGreaterThan(800);
  expect(await archive()).toMatchObject({ trips: 401 });
  expect(readdirSync(folder)).toHaveLength(2);
});

test("E61: given rows that are no longer what the volume has, when they would be deleted, then nothing is", async () => {
  const dying: Archivist = { ...archivist, remove: () => Promise.reject(new Error("killed")) };
  await expect(archive(7, dying)).rejects.toThrow("killed");
  await town.sql("update event set body = body || '{\"x\": 1}' where actor_id = 't1' and seq = 2");
  const rows = await tripRows();
  await expect(archive()).rejects.toThrow(/^trip t1: event \d+ in the log is not the one in town-/);
  expect(await tripRows()).toBe(rows);
});

test("E62: given archived trips, when the market is verified, then nothing differs, and their drivers' rows are still run again", async () => {
  const { rows } = await archive();
  expect(await verifyTown()).toMatchObject({ found: 0, archived: rows });
  await town.sql(
    "update event set to_state = 'idle' where actor_id = 'd1' and type = 'taken' and position < 20",
  );
  expect((await verifyTown()).first[0]).toMatchObject({ field: "to_state", logged: "idle" });
});

test("E62: given trips that are archived while the market is verified, half of their rows read, then nothing differs", async () => {
  const { history } = town.reader;
  const interrupted: History = {
    ...history,
    async *ofMarket(market, after) {
      const { value: page } = await history.ofMarket(market, after).next();
      yield page.slice(0, 300);
      expect(await archive()).toMatchObject({ trips: 401 });
      yield* history.ofMarket(market, page[299].position);
    },
  };
  expect(await verifyMarket(interrupted, meaning, marketId(1))).toMatchObject({ found: 0 });
});

test("E62: given archived trips and a driver's row that is gone, when the market is verified, then the gap is found, and the invariants count it", async () => {
  await archive();
  await town.sql("delete from event where actor_id = 'd1' and type = 'taken' and position < 20");
  expect((await verifyTown()).first[0]).toMatchObject({ field: "position" });
  expect((await archivist.history.invariants())["I2"]).toBeGreaterThan(0);
});

test("E62: given a row that is in the log and archived, or neither, when the laws are checked, then I2 counts it", async () => {
  const [row] = await town.sql(
    "select * into kept from event where actor_id = 't10' and seq = 1; select 1 as n",
  );
  expect(row).toBeDefined();
  await archive();
  await town.sql("insert into event select * from kept");
  expect((await archivist.history.invariants())["I2"]).toBeGreaterThan(0);
  await town.sql("delete from event where actor_id = 't10'; delete from archived where trip_id = 't10'");
  expect((await archivist.history.invariants())["I2"]).toBeGreaterThan(0);
});

test("E63: given a volume with one byte changed, in its rows or in what its manifest says, when it is verified, then that is found", async () => {
  await archive();
  const [volume] = await volumesIn(folder, "town");
  const verify = async () => (await verifyVolume(meaning, folder, volume!)).differences;
  const data = join(folder, `${volume}.ndjson.gz`);
  const bytes = readFileSync(data);
  for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    writeFileSync(data, changed);
    expect(await verify()).toMatchObject([{ row: volume, field: "file" }]);
  }
  rmSync(data);
  expect(await verify()).toMatchObject([
    { row: volume, field: "file", replayed: expect.stringContaining("ENOENT") as string },
  ]);
  writeFileSync(data, bytes);
  expect(await verify()).toEqual([]);

  const manifest = join(folder, `${volume}.json`);
  const text = readFileSync(manifest, "utf8");
  for (const [was, is] of [
    [/"seq": 8/, '"seq": 9'],
    [/"completed"/, '"cancelled"'],
    [/"trip@1"/, '"trip@2"'],
  ] as const) {
    expect(text).toMatch(was);
    writeFileSync(manifest, text.replace(was, is));
    expect((await verify()).map(({ field }) => field.split(".")[0])).toEqual(["manifest"]);
  }
  await expect(bringBack()).rejects.toThrow(/does not hold/);
});

test("E64: given archived trips, when one or all are restored, and again, then the log is as it was and they replay", async () => {
  const before = await wholeLog();
  await archive();
  expect(await one("t1")).toEqual([]);
  expect(await bringBack("t1")).toMatchObject({ trips: 1 });
  expect((await one("t1"))[0]).toMatchObject({ differences: [] });
  expect(await verifyTown()).toMatchObject({ found: 0 });
  expect(await archivist.history.invariants()).toEqual(sound);
  expect(await bringBack("t1")).toEqual({ trips: 1, rows: 0 });
  expect((await bringBack()).rows).toBeGreaterThan(700);
  expect(await wholeLog()).toEqual(before);
  expect(await verifyTown()).toMatchObject({ found: 0, archived: 0 });
  // What a volume has is not written twice.
  expect(await archive()).toMatchObject({ volumes: [], trips: 401 });
});

test("E64: given a log that has other rows, when a volume is restored, then it is refused and nothing is done", async () => {
  await archive();
  await bringBack("t1");
  await town.sql("update event set at = at + 1 where actor_id = 't1' and seq = 2");
  await expect(bringBack("t1")).rejects.toThrow(
    /^trip t1: event \d+ in the log is not the one in the archive$/,
  );
  await town.sql("delete from event where actor_id = 't1'");
  await expect(bringBack("t1")).rejects.toThrow(
    /^trip t1: event \d+ in the log is not the one in the archive$/,
  );
  const rows = await tripRows();
  await expect(bringBack()).rejects.toThrow();
  expect(await tripRows()).toBe(rows);
});

test("E60: given two archivists, when the second opens the log, then it gets one clear line", async () => {
  await expect(openArchivist(town.database.url)).rejects.toThrow(
    /^cannot use the database: another archive or restore is at work on it$/,
  );
});
