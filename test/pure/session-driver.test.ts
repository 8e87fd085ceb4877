import { type Client, type Town, centre, dropoff, farAway, openTown, stateOf } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { Packr } from "msgpackr";
import { heal } from "../fixtures/memory-log.ts";
import { settle } from "../fixtures/fake-clock.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
const request = { type: "request_trip", id: "k1", pickup: centre, dropoff };
const tripOf = (client: { last(type: string): Record<string, any> }) =>
  String(client.last("ack")["order_id"]);
const nearCentre = () =>
  town.city.locations.nearest(centre.lat, centre.lng, 9, 5_000, null, town.city.market.now());

const codeOf = async (client: Client, message: object): Promise<string> => {
  await client.say({ ...message, id: "x" });
  return client.last("error")["error"].code;
};

const codeOfKey = async (client: Client, message: object): Promise<string> => {
  await client.say(message);
  return client.last("error")["error"].code;
};

describe("what a driver says", () => {
  test("P45: given a status said twice with one key, it is done once and answered the same", async () => {
    const driver = await town.connect("driver", "d1");
    for (const status of ["available", "available", "paused", "available"])
      await driver.say({ type: "driver_status", id: status, status });
    expect(driver.all("ack").map(({ id, seq }) => [id, seq])).toEqual([
      ["available", 2],
      ["available", 2],
      ["paused", 3],
      ["available", 2],
    ]);
    await driver.say({ type: "driver_status", id: "paused", status: "offline" });
    expect(driver.last("error")["error"].code).toBe("key_reused");
  });

  test("E4: given an offer that was taken back but not yet in the log, when its driver accepts, then they hear of it no sooner than the log does", async () => {
    const driver = await town.driverAt("d1", centre);
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = driver.last("new_order");
    town.tables.down = true;
    // Too long without a word from the log: the offer lapses, in memory first.
    await town.clock.freeze(3_000);
    await driver.say({ type: "accept_order", id: "a", order_id, offer_id });
    expect(driver.all("error")).toEqual([]);
    heal(town.tables);
    await settle();
    expect(driver.last("error")).toMatchObject({ id: "a", error: { code: "offer_withdrawn" } });
  });

  test("P10: given a compact ping or a map, the position is the same; an impossible one is refused", async () => {
    const driver = await town.driverAt("d1", centre);
    const packr = new Packr({ useRecords: false });
    await town.clock.advance(1_000);
    await driver.sayBytes(packr.pack([1, 38.5601, 68.7801, null, null, null, null]), true);
    expect(town.city.locations.where("d1")).toMatchObject({ lat: 38.5601, lng: 68.7801 });
    await town.clock.advance(1_000);
    await driver.say({ type: "driver_location", id: "l1", driver_id: "d1", lat: 38.5602, lon: 68.7802 });
    expect(town.city.locations.where("d1")).toMatchObject({ lat: 38.5602, lng: 68.7802 });
    expect(driver.all("ack")).toEqual([{ type: "ack", id: "l1" }]);
    await driver.say({ type: "driver_location", driver_id: "d2", ...centre });
    expect(driver.last("error")["error"].code, "for another driver").toBe("forbidden");
    await driver.sayBytes(packr.pack([1, 0, 0]), true);
    expect(driver.last("error")["error"].code).toBe("invalid");
    expect(town.session.pings).toEqual({ taken: 4, invalid: 1 });
  });

  test("S6: given a trip of another driver, or none, a driver's message does nothing, live or ended", async () => {
    const [one, other] = [await town.driverAt("d1", centre), await town.connect("driver", "d2")];
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = one.last("new_order");
    await one.say({ type: "accept_order", order_id, offer_id });
    expect(await codeOf(other, { type: "driver_departed", order_id })).toBe("wrong_order");
    expect(await codeOf(other, { type: "driver_departed", order_id: "nothing" })).toBe("not_found");
    await passenger.say({ type: "cancel_trip", order_id });
    await town.clock.advance(5_000);
    expect(stateOf(town.city, "trip", order_id), "stored, and out of memory").toBeUndefined();
    expect(await codeOf(other, { type: "driver_departed", order_id })).toBe("wrong_order");
    expect(await codeOf(one, { type: "driver_departed", order_id })).toBe("illegal_now");
    expect(one.last("error")["error"]).toMatchObject({ status: "cancelled", legal: [] });
  });

  test("P83: given a trip that is nothing to a driver, they are not told how it stands, nor confirmed what they say of it", async () => {
    const [one, other] = [await town.driverAt("d1", centre), await town.connect("driver", "d2")];
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = one.last("new_order");
    const offer = { order_id, offer_id };
    const told = async (driver: Client, message: object) => {
      const before = driver.heard.length;
      await driver.say({ ...message, id: `x${before}` });
      const { type, error, seq } = driver.heard[before]!;
      return error ? [error.code, error.status] : [type, seq];
    };
    const nothing = ["wrong_order", undefined];
    const legs = ["driver_departed", "driver_arrived", "start_trip", "complete_trip"];
    const all = [...legs, "offer_received", "decline_order"];
    for (const type of all) expect(await told(other, { type, ...offer }), type).toEqual(nothing);
    expect(await told(other, { type: "cancel_order", ...offer, reason: "safety" })).toEqual(nothing);
    expect(await told(other, { type: "accept_order", ...offer })).toEqual(["offer_withdrawn", undefined]);

    expect(await told(one, { type: "start_trip", ...offer }), "asked").toEqual(["illegal_now", "requested"]);
    expect(await told(one, { type: "offer_received", ...offer })).toEqual(["ack", 3]);
    await one.say({ type: "decline_order", ...offer });
    expect(await told(one, { type: "offer_received", ...offer }), "was asked").toEqual(["ack", 4]);
    expect(await told(one, { type: "start_trip", ...offer })).toEqual(nothing);
    await passenger.say({ type: "cancel_trip", order_id });
    await town.clock.advance(5_000);
    for (const type of all) expect(await told(other, { type, ...offer }), "ended").toEqual(nothing);
  });

  test("P173: given a driver who has accepted, when they decline after it, then it is acknowledged too late, and they have the trip until cancel_order", async () => {
    const driver = await town.driverAt("d1", centre);
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = driver.last("new_order");
    await driver.say({ type: "accept_order", order_id, offer_id });
    const rows = town.tables.rows.length;
    await driver.say({ type: "decline_order", id: "no", order_id, offer_id });
    expect(driver.last("ack")).toMatchObject({ id: "no", order_id });
    expect(town.tables.rows).toHaveLength(rows);
    expect(stateOf(town.city, "driver", "d1")).toBe("to_pickup");
    await driver.say({ type: "cancel_order", order_id, reason: "flat" });
    expect(stateOf(town.city, "driver", "d1")).toBe("idle");
  });

  test("O24: given an offer of another driver, or of a trip that ended, accepting it is told offer_withdrawn", async () => {
    const [one, other] = [await town.driverAt("d1", centre), await town.connect("driver", "d2")];
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = one.last("new_order");
    const accept = { type: "accept_order", order_id, offer_id };
    expect(await codeOf(other, accept)).toBe("offer_withdrawn");
    await passenger.say({ type: "cancel_trip", order_id });
    expect(await codeOf(one, accept), "just ended").toBe("offer_withdrawn");
    await town.clock.advance(5_000);
    expect(await codeOf(one, accept), "long ended").toBe("offer_withdrawn");
  });

  test("P45: given a ride completed long ago, completing it again with the same key is answered the same", async () => {
    const driver = await town.driverAt("d1", centre);
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = driver.last("new_order");
    for (const type of ["accept_order", "driver_departed", "driver_arrived", "start_trip", "complete_trip"])
      await driver.say({ type, id: type, order_id, offer_id });
    expect(driver.all("error")).toEqual([]);
    const done = driver.last("ack");
    await town.clock.advance(5_000);
    await driver.say({ type: "complete_trip", id: "complete_trip", order_id, offer_id });
    expect(driver.all("ack").slice(-2)).toEqual([done, done]);
  });

  test("P46: given a fix that is far or stale, arrival needs a reason", async () => {
    const driver = await town.driverAt("d1", { lat: 38.565, lng: 68.78 });
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const { order_id, offer_id } = driver.last("new_order");
    await driver.say({ type: "accept_order", order_id, offer_id });
    await driver.say({ type: "driver_arrived", order_id });
    expect(driver.last("error")["error"].message).toMatch(/^556 m/);
    await town.clock.advance(60_000);
    await driver.say({ type: "driver_location", ...centre });
    await town.clock.advance(15_001);
    await driver.say({ type: "driver_arrived", order_id });
    expect(driver.last("error")["error"].message).toMatch(/no fresh position/);
    await driver.say({ type: "driver_arrived", id: "ok", order_id, reason: "no signal here" });
    expect(tripOf(driver)).toBe(order_id);
  });
});

describe("markets of a driver", () => {
  const states = () => [stateOf(town.city, "driver", "d1"), stateOf(town.country, "driver", "d1")];
  /** Offline, and still in memory there: nothing has to be loaded. */
  const known = async (position: object): Promise<Client> => {
    const driver = await town.connect("driver", "d1");
    await driver.say({ type: "driver_location", ...position });
    await driver.say({ type: "driver_status", status: "available" });
    await driver.say({ type: "driver_status", status: "offline" });
    return driver;
  };
  const north = { lat: 39.0001, lng: 68.78 };
  const south = { lat: 38.9999, lng: 68.78 };

  test("P80: given a driver whose going online is not written yet, who reconnects and goes online elsewhere, they are in one market", async () => {
    const driver = await known(centre);
    town.tables.down = true;
    await driver.say({ type: "driver_status", id: "a1", status: "available" });
    await driver.hangUp();
    const again = await town.connect("driver", "d1");
    await again.say({ type: "driver_location", ...farAway });
    await again.say({ type: "driver_status", id: "a2", status: "available" });
    heal(town.tables);
    await settle();
    expect(again.heard[0]!["resume"]).toMatchObject({ status: "available" });
    expect(states()).toEqual(["idle", undefined]);
  });

  test("P80: given a driver whose going online still waits for the log, they go online nowhere else", async () => {
    town.desk.holdDriver("d1" as never, town.country);
    const driver = await town.connect("driver", "d1");
    await driver.say({ type: "driver_location", ...centre });
    await driver.say({ type: "driver_status", status: "available" });
    expect(states()).toEqual([undefined, "idle"]);
    await driver.say({ type: "driver_location", ...centre });
    expect(states(), "and the next fix moves them on").toEqual(["idle", "offline"]);
  });

  test("P80: given a driver between two markets, a new connection waits until they have arrived", async () => {
    const driver = await known(south);
    await driver.say({ type: "driver_location", ...north });
    await driver.say({ type: "driver_status", status: "available" });
    expect(states()).toEqual(["offline", "idle"]);
    town.tables.down = true;
    await driver.say({ type: "driver_location", ...south });
    expect(states(), "left, and entering is not written").toEqual(["idle", "offline"]);
    const again = await town.connect("driver", "d1");
    await again.say({ type: "driver_location", ...north });
    await again.say({ type: "driver_status", status: "available" });
    expect(again.heard).toEqual([]);
    heal(town.tables);
    await settle();
    expect(again.heard[0]!["resume"]).toMatchObject({ status: "available" });
    expect(states()).toEqual(["idle", "offline"]);
  });

  test("P80: given a driver who leaves a market while another connection opens, it is told of the market they came to", async () => {
    const driver = await town.driverAt("d1", south);
    await driver.say({ type: "driver_status", status: "offline" });
    await driver.say({ type: "driver_status", status: "available" });
    town.tables.down = true;
    await driver.say({ type: "driver_location", ...north });
    const again = await town.connect("driver", "d1");
    heal(town.tables);
    await settle();
    expect(states()).toEqual(["offline", "idle"]);
    expect(again.heard[0]!["resume"]).toMatchObject({ status: "available" });
  });

  test("P80: given a move of which nobody knows whether it began, the socket is closed with 1013", async () => {
    const driver = await town.driverAt("d1", south);
    await driver.say({ type: "driver_status", status: "offline" });
    await driver.say({ type: "driver_status", status: "available" });
    town.tables.down = true;
    await driver.say({ type: "driver_location", ...north });
    await town.clock.advance(2_500);
    expect(driver.closed).toBe(1013);
  });

  test("P44, P45: given a key used in one market, it is the same key in another", async () => {
    const driver = await known(centre);
    await driver.say({ type: "driver_status", id: "k", status: "available" });
    const { seq } = driver.last("ack");
    await driver.say({ type: "driver_status", id: "off", status: "offline" });
    await driver.say({ type: "driver_location", ...farAway });
    await driver.say({ type: "driver_status", id: "on", status: "available" });
    expect(states()).toEqual(["offline", "idle"]);
    await driver.say({ type: "driver_status", id: "k", status: "available" });
    expect(driver.last("ack")).toEqual({ type: "ack", id: "k", seq });
    expect(await codeOfKey(driver, { type: "driver_status", id: "k", status: "paused" })).toBe("key_reused");
    expect(states()).toEqual(["offline", "idle"]);
  });

  test("P49: given no position, a driver works at home; the first fix moves them to its market at once", async () => {
    const driver = await town.connect("driver", "d1");
    await driver.say({ type: "driver_status", status: "available" });
    expect(stateOf(town.country, "driver", "d1")).toBe("idle");
    await driver.say({ type: "driver_location", ...centre });
    expect([stateOf(town.country, "driver", "d1"), stateOf(town.city, "driver", "d1")]).toEqual([
      "offline",
      "idle",
    ]);
    await town.clock.advance(1_000);
    await driver.say({ type: "driver_location", ...centre });
    expect(nearCentre().found).toMatchObject([{ driverId: "d1" }]);
    expect(town.desk.placeOfDriver("d1" as never)?.name).toBe("city");
  });

  test("P49: given a driver outside, they move after a minute and 500 m, and only while idle", async () => {
    const border = { lat: 39.0001, lng: 68.78 };
    const driver = await town.driverAt("d1", { lat: 38.9999, lng: 68.78 });
    const say = async (position: object, afterMs: number) => {
      await town.clock.advance(afterMs);
      await driver.say({ type: "driver_location", ...position });
    };
    for (let i = 0; i < 12; i++) await say(border, 10_000);
    expect(stateOf(town.city, "driver", "d1"), "long, but not far").toBe("idle");
    await driver.say({ type: "driver_status", status: "paused" });
    await say({ lat: 39.006, lng: 68.78 }, 20_000);
    expect(stateOf(town.city, "driver", "d1"), "not idle").toBe("paused");
    await driver.say({ type: "driver_status", status: "available" });
    await say({ lat: 39.006, lng: 68.78 }, 20_000);
    expect([stateOf(town.city, "driver", "d1"), stateOf(town.country, "driver", "d1")]).toEqual([
      "offline",
      "idle",
    ]);
    await driver.say({ type: "driver_status", id: "s", status: "paused" });
    expect(stateOf(town.country, "driver", "d1"), "the next message goes there").toBe("paused");
  });

  test("P49: given a driver who comes online elsewhere, they work there and nowhere else", async () => {
    const driver = await town.driverAt("d1", centre);
    await driver.say({ type: "driver_status", id: "off", status: "offline" });
    await driver.say({ type: "driver_location", ...farAway });
    await driver.say({ type: "driver_status", id: "on", status: "available" });
    await driver.say({ type: "driver_status", status: "offline" });
    await driver.say({ type: "driver_location", ...centre });
    await driver.say({ type: "driver_status", id: "on", status: "available" });
    expect(stateOf(town.city, "driver", "d1"), "a repeat, wherever they are now").toBe("offline");
    await driver.say({ type: "driver_location", ...farAway });
    await driver.say({ type: "driver_status", status: "available" });
    expect([stateOf(town.city, "driver", "d1"), stateOf(town.country, "driver", "d1")]).toEqual([
      "offline",
      "idle",
    ]);
    expect(town.city.locations.where("d1")).toBeNull();
    expect(
      town.country.locations.nearest(farAway.lat, farAway.lng, 1, 100, null, town.country.market.now()).found,
      "the fix that chose their market counts in it",
    ).toMatchObject([{ driverId: "d1" }]);
  });
});
