import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { applySchema } from "../../src/log/schema.ts";
import { ms } from "../../src/domain/time.ts";
import { openTracks } from "../../src/log/tracks.ts";
import { tripId } from "../../src/domain/ids.ts";

let database: Database;
let client: Client;
beforeAll(async () => {
  database = await freshDatabase();
  client = connect(database.url, { max: 1 });
  await applySchema(client);
});
afterAll(async () => {
  await client.close();
  await database.drop();
});

const WEEK_MS = 7 * 86_400_000;
const [t1, t2] = [tripId("t1"), tripId("t2")];

test("E120: given a position a second of two trips, then a point of each at most every 5 s, in order, with its leg", async () => {
  const tracks = openTracks(client);
  for (let second = 0; second <= 12; second++) {
    const at = ms(1_000 * second + 0.25);
    tracks.note(t1, at, 38.5 + second, 68.7, second < 6 ? Number.NaN : 90, second < 6 ? "pickup" : "dropoff");
    if (second > 2) tracks.note(t2, at, -1, -2, 0, "pickup");
  }
  expect(await tracks.ofTrip(t1)).toEqual([
    { at: 0, lat: 38.5, lng: 68.7, heading: null, leg: "pickup" },
    { at: 5_000, lat: 43.5, lng: 68.7, heading: null, leg: "pickup" },
    { at: 10_000, lat: 48.5, lng: 68.7, heading: 90, leg: "dropoff" },
  ]);
  expect((await tracks.ofTrip(t2)).map(({ at }) => at)).toEqual([3_000, 8_000]);
  tracks.note(t1, ms(15_001), 1, 1, 1, "dropoff");
  expect(await tracks.ofTrip(t1)).toHaveLength(4);
  expect(tracks.counts).toEqual({ kept: 6, dropped: 0 });
});

test("E121: given points older than a week, then they are forgotten", async () => {
  const tracks = openTracks(client);
  tracks.note(tripId("old"), ms(1_000), 1, 1, 1, "pickup");
  await tracks.close();
  tracks.note(tripId("new"), ms(1_001 + WEEK_MS + 60_000), 1, 1, 1, "pickup");
  expect(await tracks.ofTrip(tripId("old"))).toEqual([]);
  expect(await tracks.ofTrip(tripId("new"))).toHaveLength(1);
});

test("E121: given a database that is gone, then noting costs nothing, and what was lost is counted", async () => {
  const nowhere = connect("postgres://nobody:x@localhost:1/none", { max: 1 });
  const tracks = openTracks(nowhere);
  for (let i = 0; i < 50_010; i++) tracks.note(tripId(`t${i}`), ms(1), 1, 1, 1, "pickup");
  expect(tracks.counts).toEqual({ kept: 0, dropped: 10 });
  await tracks.close();
  expect(tracks.counts).toEqual({ kept: 0, dropped: 50_010 });
  await nowhere.close();
});
