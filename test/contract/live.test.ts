import { type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { activeOrders, driversShown, logRow, systemStats } from "../../src/protocol/server-messages.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { driverId } from "../../src/domain/ids.ts";
import { openLog } from "../../src/log/open-log.ts";
import { parseDriver } from "../../src/protocol/parse.ts";

// What moves on screens, over real sockets and a real database.

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };

const passenger = async (id: string): Promise<Wire> => {
  const wire = await server.open(`/ws/passenger/${id}`, await server.token(id, "passenger"));
  await wire.next("welcome");
  return wire;
};
const say = async (wire: Wire, message: { type: string } & Record<string, unknown>) => {
  const id = `m${++said}`;
  wire.send({ ...message, id });
  return Promise.race(["ack", "error"].map((type) => wire.next(type, (one) => one["id"] === id)));
};
let said = 0;
const online = async (id: string, token: string, metresNorth: number): Promise<Wire> => {
  const wire = await server.open(`/ws/driver/${id}`, token);
  await wire.next("welcome");
  await say(wire, { type: "driver_status", status: "available" });
  await say(wire, { type: "driver_location", lat: pickup.lat + metresNorth / 111_195, lon: pickup.lng });
  return wire;
};
const ride = async (
  driver: Wire,
  rider: Wire,
  order_id: string,
  accepted: () => Promise<unknown> = () => Promise.resolve(),
) => {
  const { offer_id } = await driver.next("new_order", (order) => order["order_id"] === order_id);
  expect((await say(driver, { type: "accept_order", order_id, offer_id })).type).toBe("ack");
  await accepted();
  await say(driver, { type: "driver_departed", order_id });
  await say(driver, { type: "driver_location", ...pickup });
  await say(driver, { type: "driver_arrived", order_id });
  await say(driver, { type: "start_trip", order_id });
  await say(driver, { type: "complete_trip", order_id });
  await rider.next("order_update", (update) => update["status"] === "completed");
};

describe("the notes' own messages", () => {
  test("P114: given the driver d123, then their position is taken as written; from another driver it is forbidden", async () => {
    const note = { type: "driver_location", driver_id: "d123", lat: 38.56, lon: 68.78 };
    expect(parseDriver(note)).toMatchObject({
      is: "ok",
      message: { driver_id: "d123", lat: 38.56, lng: 68.78 },
    });
    const log = await openLog({ url: server.databaseUrl });
    const person = { email: "d123@example.org", phoneNumber: null, firstName: "Dilshod", lastName: null };
    const car = { vehicleType: "standard", licensePlate: "0123TJ" };
    await log.accounts.registerDriver({ ...person, ...car, driverId: driverId("d123") });
    await log.close();

    const driver = await online("d123", await server.token("d123", "driver"), 60);
    driver.raw(JSON.stringify(note));
    expect(await say(driver, note)).toEqual({ type: "ack", id: `m${said}` });
    const admin = await server.token("boss", "admin");
    expect((await server.call("GET", "/drivers/d123", admin)).body).toMatchObject({
      status: "available",
      lat: 38.56,
      lng: 68.78,
    });
    const { id, token } = await server.newDriver();
    const other = await online(id, token, 900);
    expect(await say(other, note)).toMatchObject({ type: "error", error: { code: "forbidden" } });
    for (const wire of [driver, other]) {
      await say(wire, { type: "driver_status", status: "offline" });
      wire.close();
    }
  });
});

describe("a passenger's screen", () => {
  test("P100, P104: given a free driver, then seen by an alias, gone while on a trip; P105 with estimates; P106 rated once at its end", async () => {
    const { id, token } = await server.newDriver();
    const driver = await online(id, token, 95);
    const watcher = await passenger("watcher");
    expect((await say(watcher, { type: "watch_nearby", ...pickup })).type).toBe("ack");
    // The driver may still be on their way into this market (P49).
    expect(await watcher.next("driver_location", ({ full }) => full)).toMatchObject({ gone: [] });
    await vi.waitUntil(() => watcher.received.some((one) => one["drivers"]?.length === 1), 10_000);
    const alias = watcher.received.flatMap((one) => one["drivers"] ?? [])[0].driver_id;
    const nearby = await server.call(
      "GET",
      `/drivers/nearby?lat=${pickup.lat}&lng=${pickup.lng}`,
      await server.token("watcher", "passenger"),
    );
    expect(alias, "the same as over HTTP").toBe(nearby.body[0].driver_id);
    expect(alias).not.toBe(id);

    const rider = await passenger("rater");
    const { order_id } = await say(rider, { type: "request_trip", pickup, dropoff });
    await ride(driver, rider, order_id, () =>
      watcher.next("driver_location", ({ gone }) => gone.includes(alias)),
    );
    expect(await rider.next("estimate_update")).toMatchObject({ order_id, leg: "pickup" });

    expect(await say(rider, { type: "rate_trip", order_id, stars: 5, tip: 200 })).toMatchObject({
      type: "ack",
      order_id,
    });
    expect((await say(rider, { type: "rate_trip", order_id, stars: 5, tip: 200 })).type).toBe("ack");
    await say(driver, { type: "driver_status", status: "offline" });
    await server.restart();
    const later = await passenger("rater");
    expect(await say(later, { type: "rate_trip", order_id, stars: 1 })).toMatchObject({
      error: { code: "already_exists" },
    });
    expect((await say(later, { type: "rate_trip", order_id, stars: 5, tip: 200 })).type).toBe("ack");
    later.close();
  });
});

describe("an operator's console", () => {
  test("P108, P109, P110, P111, P112: given two consoles of one operator, then each hears its topics of a whole trip", async () => {
    const token = await server.token("boss", "admin");
    const map = await server.open("/ws/admin", token);
    const console_ = await server.open("/ws/admin", token, "msgpack");
    const bbox = [68.7, 38.5, 68.9, 38.6];
    expect((await say(map, { type: "subscribe", topics: ["drivers"], bbox })).type).toBe("ack");
    expect((await say(console_, { type: "subscribe", topics: ["stats", "orders", "log"] })).type).toBe("ack");
    const { id, token: own } = await server.newDriver("Firdavs");
    const driver = await online(id, own, 90);
    const rider = await passenger("p-console");
    const { order_id } = await say(rider, { type: "request_trip", pickup, dropoff });
    await ride(driver, rider, order_id);

    const seen = await map.next("drivers", ({ drivers }) => drivers.some((one: any) => one.driver_id === id));
    expect(driversShown.parse(seen)).toEqual(seen);
    const ended = await console_.next("active_orders", ({ orders }) =>
      orders.some((one: any) => one.trip_id === order_id && one.status === "completed"),
    );
    expect(activeOrders.parse(ended).orders.find((one) => one.trip_id === order_id)).toMatchObject({
      driver_name: "Firdavs",
      driver: { driver_id: id },
    });
    const rows = console_.received.filter(({ type }) => type === "log").map((one) => logRow.parse(one).row);
    const ofTrip = rows.filter(({ actor_id }) => actor_id === order_id);
    expect(ofTrip.map(({ seq }) => seq)).toEqual(Array.from({ length: ofTrip.length }, (_, i) => i + 1));
    expect(ofTrip.filter(({ event }) => event === "new_order_assigned")).toHaveLength(1);
    const events = await server.call("GET", `/trips/${order_id}/events`, token);
    expect(ofTrip.map(({ type }) => type)).toEqual(events.body.items.map((one: any) => one.type));

    const stats = await console_.next("system_stats", (one) => one["conversion"] > 0 && one["sockets"] >= 4);
    expect(systemStats.parse(stats)).toEqual(stats);
    expect(stats).toMatchObject({ active_orders: 0, conversion: 1, cancellation_rate: 0 });
    expect(stats["orders_per_minute"]).toBeGreaterThan(0);
    expect(stats["time_to_first_offer_ms"].p50).toBeGreaterThan(0);
    expect(stats["drivers_by_status"].available).toBeGreaterThan(0);
    for (const wire of [map, console_, rider, driver]) wire.close();
  });

  test("P42: given a console whose token ends, then closed with 4001 while pushes go on", async () => {
    const console_ = await server.open("/ws/admin", await server.token("boss", "admin", 2));
    expect((await say(console_, { type: "subscribe", topics: ["stats"] })).type).toBe("ack");
    await console_.next("system_stats");
    expect((await console_.closed).code).toBe(4001);
  });
});
