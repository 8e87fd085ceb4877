import { type Client, type Message, type Town, centre, dropoff, openTown } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import {
  activeOrders,
  cells as cellsSchema,
  driversCounted,
  driversShown,
  logRow,
} from "../../src/protocol/server-messages.ts";
import { IDLE } from "../../src/location/port.ts";

let town: Town;
let console_: Client;
beforeEach(async () => {
  town = await openTown();
  console_ = await town.connect("admin", "a1");
});
const north = (metres: number) => ({ lat: centre.lat + metres / 111_195, lng: centre.lng });
const open = (topics: string[], more: object = {}, client = console_) =>
  client.say({ type: "subscribe", id: topics.join(), topics, ...more });
const second = () => town.clock.advance(1_000);
const request = async (id: string) => {
  const rider = await town.connect("passenger", id);
  await rider.say({ type: "request_trip", id: "k", pickup: centre, dropoff });
  return { rider, order_id: rider.last("ack")["order_id"] as string };
};
const frames = (type: string, client = console_): Message[] => client.all(type);

describe("a console", () => {
  test("P108: given another console of the same operator, then both stay open and hear the same", async () => {
    const other = await town.connect("admin", "a1");
    expect(console_.closed).toBeNull();
    await open(["orders"]);
    await open(["orders"], {}, other);
    await request("p1");
    await second();
    expect(frames("active_orders").length).toBe(2);
    expect(frames("active_orders", other)).toEqual(frames("active_orders"));
    await other.hangUp();
    await request("p2");
    await second();
    expect(frames("active_orders").length).toBe(3);
  });

  test("P113: given 100 consoles that listen, then one more is told busy, and has room when one leaves", async () => {
    const others: Client[] = [];
    for (let i = 0; i < 100; i++) others.push(await town.connect("admin", `b${i}`));
    for (const other of others) await open(["orders"], {}, other);
    await open(["orders"]);
    expect(console_.last("error")).toMatchObject({ error: { code: "busy" } });
    await others[0]!.say({ type: "unsubscribe" });
    await open(["orders"]);
    expect(console_.last("ack")).toEqual({ type: "ack", id: "orders" });
  });

  test("P109: given an unknown topic or a box whose north is below its south, then invalid", async () => {
    await open(["weather"]);
    expect(console_.last("error")).toMatchObject({ error: { code: "invalid" } });
    await open(["drivers"], { bbox: [68, 39, 69, 38] });
    expect(console_.last("error")).toMatchObject({ error: { fields: [{ path: "bbox" }] } });
  });
});

describe("active_orders", () => {
  test("P110: given live orders, then all at once after the ack, with names; then each that changed, together, each second", async () => {
    const { order_id } = await request("p1");
    await open(["orders"]);
    expect(console_.heard.map(({ type }) => type)).toEqual(["welcome", "ack", "active_orders"]);
    const [first] = frames("active_orders");
    expect(activeOrders.parse(first)).toEqual(first);
    expect(first).toMatchObject({
      full: true,
      orders: [
        {
          trip_id: order_id,
          status: "requested",
          passenger_name: "Passenger p1",
          driver_name: null,
          driver: null,
        },
      ],
    });
    const driver = await town.driverAt("d1", north(100));
    await town.clock.advance(5_000);
    await driver.say({ ...driver.last("new_order"), type: "accept_order" });
    await request("p2");
    await second();
    const changed = frames("active_orders").at(-1)!;
    expect(changed).toMatchObject({ full: false });
    const [accepted, other] = changed["orders"];
    expect(accepted).toMatchObject({
      trip_id: order_id,
      status: "accepted",
      driver_name: "Driver d1",
      driver: { driver_id: "d1" },
      accepted_at: expect.any(Number),
    });
    expect(other).toMatchObject({ passenger_name: "Passenger p2" });
    const told = frames("active_orders").length;
    await town.clock.advance(3_000);
    expect(frames("active_orders"), "nothing changed").toHaveLength(told);
  });

  test("P110: given an order that ends, then once more as it ended, and a later console does not hear of it", async () => {
    const { rider, order_id } = await request("p1");
    await open(["orders"]);
    await rider.say({ type: "cancel_trip", order_id });
    await second();
    expect(frames("active_orders").at(-1)).toMatchObject({
      orders: [{ trip_id: order_id, status: "cancelled" }],
    });
    const later = await town.connect("admin", "a2");
    await open(["orders"], {}, later);
    expect(frames("active_orders", later)).toEqual([{ type: "active_orders", full: true, orders: [] }]);
  });

  test("P103, P110: given 250 orders while it does not read, then each is told once, as it is then, 100 a frame", async () => {
    await open(["orders"]);
    console_.slow = true;
    const orders: Awaited<ReturnType<typeof request>>[] = [];
    for (let i = 0; i < 250; i++) orders.push(await request(`p${i}`));
    await second();
    await orders[3]!.rider.say({ type: "cancel_trip", order_id: orders[3]!.order_id });
    await town.clock.advance(2_000);
    expect(frames("active_orders")).toHaveLength(1);
    console_.slow = false;
    await town.clock.advance(2_000);
    const got = frames("active_orders").slice(1);
    expect(got.map(({ full, orders: some }) => [full, some.length])).toEqual([
      [false, 100],
      [false, 100],
      [false, 50],
    ]);
    const told = got.flatMap(({ orders: some }) => some as Message[]);
    expect(new Set(told.map((one) => one["trip_id"])).size).toBe(250);
    expect(told.find((one) => one["trip_id"] === orders[3]!.order_id)).toMatchObject({ status: "cancelled" });
    expect(console_.closed).toBeNull();

    await open(["orders"]);
    expect(
      frames("active_orders")
        .slice(4)
        .map(({ full, orders: some }) => [full, some.length]),
    ).toEqual([
      [true, 100],
      [false, 100],
      [false, 49],
    ]);
  });
});

describe("alarms", () => {
  test("P144: given a driver who does not come, then the order says so, and where it is", async () => {
    const { order_id } = await request("p1");
    const driver = await town.driverAt("d1", north(100));
    await town.clock.advance(5_000);
    await driver.say({ ...driver.last("new_order"), type: "accept_order" });
    await open(["orders"]);
    expect(frames("active_orders")[0]!["orders"]).toMatchObject([{ trip_id: order_id, alarms: [] }]);
    for (let minute = 0; minute < 40; minute++) await town.clock.advance(60_000);
    const order = (frames("active_orders").at(-1)!["orders"] as Message[])[0];
    expect(order).toMatchObject({ trip_id: order_id, market: town.city.name, alarms: ["pickup_late"] });
  });
});

describe("cells", () => {
  const cells = (): Message[] => frames("cells");

  test("P140: given free drivers and an open request, then their cells at first, with outlines, and later those whose numbers changed", async () => {
    await town.driverAt("d1", centre);
    await town.driverAt("d2", north(20_000));
    await open(["cells"]);
    const [first] = cells();
    expect(cellsSchema.parse(first)).toEqual(first);
    expect(first!["full"]).toBe(true);
    const numbers = (message: Message) =>
      (message["cells"] as { supply: number; demand: number }[]).map(({ supply, demand }) => [
        supply,
        demand,
      ]);
    expect(numbers(first!)).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const outline = (first!["cells"] as { outline: number[][] }[])[0]!.outline;
    expect(outline).toHaveLength(6);
    const box = [centre.lng - 0.01, centre.lat - 0.01, centre.lng + 0.01, centre.lat + 0.01];
    await request("p1"); // the driver beside it is asked, and free no more
    await second();
    expect(cells()).toHaveLength(2);
    expect(cells()[1]).toMatchObject({ full: false, cells: [{ supply: 0, demand: 1 }] });
    await town.clock.advance(2_000);
    expect(cells(), "nothing changed").toHaveLength(2);
    await open(["cells"], { bbox: box });
    expect(numbers(cells()[2]!), "inside the box").toEqual([[0, 1]]);
  });

  test("P103, P140: given a console that does not read, then what it missed is told later", async () => {
    await open(["cells"]);
    console_.slow = true;
    await town.driverAt("d1", centre);
    await town.clock.advance(2_000);
    console_.slow = false;
    await second();
    expect(cells().at(-1)).toMatchObject({ full: false, cells: [{ supply: 1, demand: 0 }] });
  });
});

describe("drivers", () => {
  const box = [centre.lng - 0.01, centre.lat - 0.01, centre.lng + 0.01, centre.lat + 0.01];

  test("P111: given drivers inside and outside the box, then those inside with their status; then who changed, once a second", async () => {
    const inside = await town.driverAt("d1", centre);
    await town.driverAt("d2", north(5_000));
    await open(["drivers"], { bbox: box });
    const [first] = frames("drivers");
    expect(driversShown.parse(first)).toEqual(first);
    expect(first).toEqual({
      type: "drivers",
      full: true,
      drivers: [{ driver_id: "d1", ...centre, heading: null, status: "available", at: expect.any(Number) }],
      gone: [],
    });
    for (let i = 1; i <= 8; i++) {
      await town.clock.advance(250);
      await inside.say({ type: "driver_location", ...north(i) });
    }
    await second();
    expect(frames("drivers").length - 1).toBeLessThanOrEqual(3);
    expect(frames("drivers").at(-1)).toMatchObject({
      full: false,
      drivers: [{ driver_id: "d1", ...north(8) }],
    });
    await inside.say({ type: "driver_status", status: "paused" });
    await second();
    expect(frames("drivers").at(-1)).toMatchObject({ drivers: [{ driver_id: "d1", status: "paused" }] });
    await inside.say({ type: "driver_status", status: "offline" });
    await second();
    expect(frames("drivers").at(-1)).toEqual({ type: "drivers", full: false, drivers: [], gone: ["d1"] });
  });

  test("P111: given a box over the 180th meridian, then both sides of it", async () => {
    const { locations, market } = town.country;
    const unknown = Number.NaN;
    for (const [id, lng] of [
      ["east", -179.9],
      ["west", 179.9],
      ["far", 0.1],
    ] as const) {
      const slot = locations.enter(id, "standard");
      locations.fix(slot, 10, lng, unknown, unknown, unknown, unknown, market.now());
    }
    await open(["drivers"], { bbox: [179, 9, -179, 11] });
    const ids = frames("drivers")[0]!["drivers"].map((one: Message) => one["driver_id"]);
    expect(ids).toEqual(["east", "west"]);
  });

  test("P111: given over 2,000 cars, then counts by cell, and only those that changed; given fewer again, then cars anew", async () => {
    const { locations, market } = town.city;
    const unknown = Number.NaN;
    const put = (i: number, metres: number) => {
      const slot = locations.enter(`x${i}`, "standard");
      locations.setStatus(`x${i}`, IDLE);
      const { lat, lng } = north(metres);
      locations.fix(slot, lat, lng, unknown, unknown, unknown, unknown, market.now());
    };
    for (let i = 0; i < 2_001; i++) put(i, i % 2 === 0 ? 0 : 5_000);
    await open(["drivers"]);
    const [first] = frames("drivers");
    expect(driversCounted.parse(first)).toEqual(first);
    expect(first!["cells"].map((one: Message) => one["count"])).toEqual([1_001, 1_000]);
    await town.clock.advance(300_000);
    expect(frames("drivers")).toHaveLength(1);
    put(0, 5_000);
    await second();
    expect(frames("drivers").at(-1)).toMatchObject({
      full: false,
      cells: [{ count: 1_001 }, { count: 1_000 }],
    });
    locations.leave("x0");
    const before = frames("drivers").length;
    await second();
    const cars = frames("drivers").slice(before);
    expect(cars.map(({ full, drivers }) => [full, drivers.length])).toEqual([
      [true, 500],
      [false, 500],
      [false, 500],
      [false, 500],
    ]);
  });
});

describe("log", () => {
  test("P112: given a trip, then each of its rows and its driver's as committed, in order, with the operators' words", async () => {
    const driver = await town.driverAt("d1", north(100));
    await open(["log"]);
    const before = town.tables.rows.length;
    const { order_id } = await request("p1");
    await driver.say({ ...driver.last("new_order"), type: "accept_order" });
    await console_.say({ type: "cancel_trip", order_id, reason: "test" });
    const rows = town.tables.rows.slice(before);
    const told = frames("log").map((one) => logRow.parse(one).row);
    expect(told.map(({ position, type, actor_id }) => [position, type, actor_id])).toEqual(
      rows.map((row) => [row.position, row.type, row.actorId]),
    );
    const words = told.filter(({ event }) => event !== undefined).map(({ type, event }) => [type, event]);
    expect(words).toEqual([
      ["offer.accepted", "new_order_assigned"],
      ["admin.cancel", "order_canceled"],
    ]);
    await console_.say({ type: "unsubscribe", topics: ["log"] });
    await request("p2");
    expect(frames("log")).toHaveLength(told.length);
  });

  test("P38: given a console that does not read the log, then closed with 4008, and the others hear on", async () => {
    const other = await town.connect("admin", "a2");
    await open(["log"]);
    await open(["log"], {}, other);
    console_.slow = true;
    await request("p1");
    expect(console_.closed).toBe(4008);
    expect(frames("log", other).length).toBeGreaterThan(0);
  });
});
