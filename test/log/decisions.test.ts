import type { Considered, Decision } from "../../src/domain/decision.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { driverId, marketId, tripId } from "../../src/domain/ids.ts";
import { applySchema } from "../../src/log/schema.ts";
import { ms } from "../../src/domain/time.ts";
import { openDecisions } from "../../src/log/decisions.ts";

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
const near: Considered = {
  driverId: 'd"1',
  idle: true,
  fixAgeMs: 1_200,
  vehicleType: "van, {large}",
  distanceM: 224,
  etaS: 95,
  tried: false,
  verdict: "vehicle_type",
};
const decision = (id: string, more: Partial<Decision> = {}): Decision => ({
  market: marketId(1),
  tripId: tripId(id),
  attempt: 1,
  since: ms(1_000),
  at: ms(1_000),
  looks: 1,
  wave: 3,
  size: 5,
  radiusM: 8_000,
  searchedM: 8_000,
  vehicleType: "standard",
  fixFreshMs: ms(15_000),
  candidates: [near],
  ...more,
});

test("O31: what was noted is read back the same, in order", async () => {
  const decisions = openDecisions(client);
  const second = decision("t1", { attempt: 2, since: ms(2_000), at: ms(2_000), candidates: [] });
  decisions.note(second);
  decisions.note(decision("t1"));
  decisions.note(decision("t2"));
  expect(await decisions.ofTrip(tripId("t1"))).toEqual([decision("t1"), second]);
  expect(decisions.counts).toEqual({ kept: 3, dropped: 0 });
});

test("O32: an attempt that goes on is one row, and an older word does not replace a newer one", async () => {
  const decisions = openDecisions(client);
  const later = decision("t3", { at: ms(5_000), looks: 5, candidates: [] });
  decisions.note(decision("t3"));
  await decisions.ofTrip(tripId("t3"));
  decisions.note(later);
  await decisions.ofTrip(tripId("t3"));
  decisions.note(decision("t3", { looks: 2 }));
  expect(await decisions.ofTrip(tripId("t3"))).toEqual([later]);
});

test("O33: after a week they are forgotten", async () => {
  const decisions = openDecisions(client);
  decisions.note(decision("t4"));
  await decisions.close();
  const now = ms(1_001 + WEEK_MS + 600_000);
  decisions.note(decision("t5", { since: now, at: now }));
  expect(await decisions.ofTrip(tripId("t4"))).toEqual([]);
  expect((await decisions.ofTrip(tripId("t5"))).length).toBe(1);
});

test("O33: given a database that is gone, then noting costs nothing, and what was lost is counted", async () => {
  const nowhere = connect("postgres://nobody:x@localhost:1/none", { max: 1 });
  const decisions = openDecisions(nowhere);
  for (let i = 0; i < 5_010; i++) decisions.note(decision(`t${i}`));
  expect(decisions.counts).toEqual({ kept: 0, dropped: 10 });
  await decisions.close();
  expect(decisions.counts).toEqual({ kept: 0, dropped: 5_010 });
  await nowhere.close();
});

test("P143: the newest looks that saw a driver are found by the driver, newest first", async () => {
  const decisions = openDecisions(client);
  const saw = (id: string, at: number, driverId: string) =>
    decision(id, { since: ms(at), at: ms(at), candidates: [near, { ...near, driverId }] });
  const [early, late] = [saw("t7", 5_000, "seen"), saw("t8", 6_000, "seen")];
  for (const one of [early, late, saw("t9", 7_000, "seen-2")]) decisions.note(one);
  expect(await decisions.thatSaw(driverId("seen"))).toEqual([late, early]);
  expect(await decisions.thatSaw(driverId("nobody"))).toEqual([]);
});
