import { type Client, type Town, centre, dropoff, openTown } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { Position } from "../../src/domain/geo.ts";

const north = (metres: number, of: Position = centre): Position => ({
  lat: of.lat + metres / 111_195,
  lng: of.lng,
});

let town: Town;
let passenger: Client;
let driver: Client;
let order_id: string;
beforeEach(async () => {
  town = await openTown();
  driver = await town.driverAt("d1", north(2_000));
  passenger = await town.connect("passenger", "p1");
  await passenger.say({ type: "request_trip", id: "k1", pickup: centre, dropoff });
  order_id = driver.last("new_order")["order_id"];
  await driver.say({ ...driver.last("new_order"), type: "accept_order" });
});
/** The driver drives there, a fix a second. */
const at = async (position: Position, seconds = 1) => {
  for (let i = 0; i < seconds; i++) {
    await town.clock.advance(1_000);
    await driver.say({ type: "driver_location", ...position });
  }
};
const estimates = () => passenger.all("estimate_update");

describe("estimate_update", () => {
  test("P105: given a driver who stands still, then one estimate; one who comes, then another each 5 s", async () => {
    await at(north(2_000), 20);
    expect(estimates()).toHaveLength(1);
    // The town's metre takes 0.1 s.
    expect(estimates()[0]).toMatchObject({ order_id, eta_s: 200, distance_m: 2_000, leg: "pickup" });
    for (let i = 1; i <= 10; i++) await at(north(2_000 - i * 20));
    const seen = estimates().map((one) => [one["eta_s"], one["at"] - estimates()[0]!["at"]]);
    // After 160 m it moved by 16 s; 40 m more are neither 15 s nor 10 %.
    expect(seen).toEqual([
      [200, 0],
      [184, 27_000],
    ]);
  });

  test("P105: given great steps, then at most every 5 s; given 10 % of a short way, then told too", async () => {
    for (let i = 0; i < 11; i++) await at(north(1_900 - i * 20));
    await at(north(100));
    const [first, ...later] = estimates().map((one) => one["at"]);
    expect(later.every((told, i) => told - (later[i - 1] ?? first) >= 5_000)).toBe(true);
    await at(north(100), 6);
    const told = estimates().length;
    await at(north(80), 6);
    expect(estimates().slice(told)).toMatchObject([{ eta_s: 8, distance_m: 80 }]);
  });

  test("P105: given the ride, then to the dropoff from its first fix on; at the pickup nothing", async () => {
    await driver.say({ type: "driver_departed", order_id });
    await at(north(50));
    await driver.say({ type: "driver_arrived", order_id, reason: "here" });
    const told = estimates().length;
    await at(north(10), 8);
    expect(estimates()).toHaveLength(told);
    await driver.say({ type: "start_trip", order_id });
    await at(north(10));
    expect(estimates().at(-1)).toMatchObject({ leg: "dropoff", order_id });
    expect(estimates().at(-1)!["distance_m"]).toBeGreaterThan(2_500);
    expect(driver.all("estimate_update")).toEqual([]);
  });

  test("P105: given a passenger who comes back and follows again, then told at the next fix", async () => {
    await at(north(2_000), 6);
    await passenger.hangUp();
    const again = await town.connect("passenger", "p1");
    await again.say({ type: "subscribe", order_id });
    await at(north(2_000));
    expect(again.all("estimate_update")).toMatchObject([{ eta_s: 200, leg: "pickup" }]);
  });
});

describe("rate_trip", () => {
  const finish = async () => {
    await driver.say({ type: "driver_departed", order_id });
    await driver.say({ type: "driver_arrived", order_id, reason: "here" });
    for (const type of ["start_trip", "complete_trip"]) await driver.say({ type, order_id });
  };
  const rate = async (client: Client, more: object) => {
    await client.say({ type: "rate_trip", id: `r${client.heard.length}`, order_id, ...more });
    return client.heard.at(-1)!;
  };

  test("P106: given a trip that lives, or another's, or none, then refused with the reason", async () => {
    expect(await rate(passenger, { stars: 5 })).toMatchObject({
      type: "error",
      error: { code: "not_found" },
    });
    await finish();
    const other = await town.connect("passenger", "p2");
    expect(await rate(other, { stars: 1 })).toMatchObject({ type: "error", error: { code: "forbidden" } });
    await other.say({ type: "request_trip", id: "k2", pickup: centre, dropoff });
    const cancelled = other.last("ack")["order_id"];
    await other.say({ type: "cancel_trip", order_id: cancelled });
    expect(await rate(other, { stars: 1, order_id: cancelled })).toMatchObject({
      error: { code: "illegal_now", status: "cancelled" },
    });
  });

  test("P106: given stars or a tip that are none, then invalid", async () => {
    await finish();
    for (const wrong of [
      { stars: 0 },
      { stars: 6 },
      { stars: 4.5 },
      {},
      { stars: 5, tip: -1 },
      { stars: 5, tip: 1.5 },
    ])
      expect(await rate(passenger, wrong), JSON.stringify(wrong)).toMatchObject({
        error: { code: "invalid" },
      });
  });

  test("P107: given a rating, then the same again is acked, another is already_exists, and the log has no row of it", async () => {
    await finish();
    const rows = town.tables.rows.length;
    expect(await rate(passenger, { stars: 5, tip: 300 })).toMatchObject({ type: "ack", order_id });
    expect(await rate(passenger, { stars: 5, tip: 300 })).toMatchObject({ type: "ack", order_id });
    expect(await rate(passenger, { stars: 5 })).toMatchObject({ error: { code: "already_exists" } });
    expect(town.tables.rows).toHaveLength(rows);
  });

  test("P172: given a rating, then its id is not remembered: other stars under it are already_exists, and a new command may have it", async () => {
    await finish();
    const id = "r1";
    expect(await rate(passenger, { stars: 5, id })).toMatchObject({ type: "ack", order_id });
    expect(await rate(passenger, { stars: 1, id })).toMatchObject({ error: { code: "already_exists" } });
    await passenger.say({ type: "request_trip", id, pickup: centre, dropoff });
    expect(passenger.last("ack")).toMatchObject({ id, seq: 1 });
  });

  test("P44: given the key of an earlier command, then key_reused", async () => {
    await finish();
    expect(await rate(passenger, { id: "k1", stars: 5 })).toMatchObject({
      id: "k1",
      error: { code: "key_reused" },
    });
  });
});
