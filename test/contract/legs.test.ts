import { type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/log/connect.ts";
import { countBreaks } from "../../src/log/invariants.ts";

// The way to the pickup over real sockets: what positions say, and what operators do.

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  const client = connect(server.databaseUrl, { max: 1 });
  const broken = await countBreaks(client);
  await client.close();
  expect(Object.values(broken).every((count) => count === 0)).toBe(true);
  await server.close();
});

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
interface Driver {
  readonly id: string;
  readonly token: string;
  readonly wire: Wire;
}

const isAt = async ({ wire }: Pick<Driver, "wire">, northM: number, id: string) => {
  wire.send({ type: "driver_location", id, lat: pickup.lat + northM / 111_195, lng: pickup.lng });
  await wire.next("ack", (ack) => ack["id"] === id);
};
const driverAt = async (northM: number): Promise<Driver> => {
  const { id, token } = await server.newDriver();
  const wire = await server.open(`/ws/driver/${id}`, token);
  wire.send({ type: "driver_status", id: "on", status: "available" });
  await wire.next("ack", (ack) => ack["id"] === "on");
  await isAt({ wire }, northM, "first");
  return { id, token, wire };
};
const rider = async () => {
  const wire = await server.open("/ws/passenger/rider", await server.token("rider", "passenger"));
  wire.send({ type: "request_trip", id: "r", pickup, dropoff });
  return wire;
};
const accept = async ({ wire }: Driver): Promise<string> => {
  const { order_id, offer_id } = await wire.next("new_order");
  wire.send({ type: "accept_order", id: "yes", order_id, offer_id });
  await wire.next("ack", (ack) => ack["id"] === "yes");
  return String(order_id);
};
const until = (wire: Wire, status: string) =>
  wire.next("order_update", (update) => update["status"] === status);

test("E140, L15, L17: given a driver whose server restarts on the way, then their positions say the arrival all the same", async () => {
  const driver = await driverAt(130);
  const passenger = await rider();
  const order_id = await accept(driver);
  await isAt(driver, 110, "a");
  await server.restart();
  expect((await passenger.closed).code).toBe(1001);

  const wire = await server.open(`/ws/driver/${driver.id}`, driver.token);
  expect(await wire.next("welcome")).toMatchObject({
    resume: { status: "en_route", order: { order_id, status: "accepted" } },
  });
  await isAt({ wire }, 70, "b");
  await isAt({ wire }, 60, "c");
  expect(await until(wire, "arrived")).toMatchObject({ order_id });
  const boss = await server.token("boss", "admin");
  const { items } = (await server.call("GET", `/trips/${order_id}/events`, boss)).body;
  expect(items.at(-1)).toMatchObject({ type: "driver.arrived", by: "system" });
  for (const type of ["driver_arrived", "start_trip", "complete_trip"]) {
    wire.send({ type, id: type, order_id });
    await wire.next("ack", (ack) => ack["id"] === type);
  }
});

test("T30, E67: given a driver whose phone is lost on the way, then the alarm is counted, the trip is stuck, and the passenger may go for nothing", async () => {
  await server.close();
  const policy = { grace_ms: 1, trip: { cancel_free_ms: 1, cancel_fee: 500 } };
  server = await startServer({
    markets: [{ id: "all", name: "All", currency: "TJS", time_zone: "UTC", policy }],
  });
  const driver = await driverAt(900);
  const passenger = await rider();
  const order_id = await accept(driver);
  driver.wire.close();
  await passenger.next("order_update", (update) => update["seq"] === 4);
  const { body: metrics } = await server.call("GET", "/metrics");
  expect(metrics).toMatch(/^trip_alarms_total\{alarm="driver_lost"\} 1$/m);
  expect(metrics).toMatch(/^stuck_trips\{cause="driver_lost"\} 1$/m);
  const scrape = () => server.call("GET", "/metrics").then(({ body }) => body);
  await expect.poll(scrape, { timeout: 20_000 }).toMatch(/^invariant_breaks\{invariant="I7"\} 0$/m);
  expect(await scrape()).toMatch(/^invariants_looked_at_timestamp_seconds \d{10}/m);
  expect(await scrape()).toMatch(/^broken_bonds\{kind="driver"\} 0$/m);
  expect(await scrape()).toMatch(/^stuck_drivers\{cause="overdue"\} 0$/m);
  expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds /m);
  passenger.send({ type: "cancel_trip", id: "c", order_id });
  await passenger.next("ack", (ack) => ack["id"] === "c");
  const boss = await server.token("boss", "admin");
  expect(await server.call("GET", `/trips/${order_id}`, boss)).toMatchObject({
    body: { status: "cancelled", cancel_fee: { amount: 0 } },
  });
});

describe("reassignment", () => {
  test("T28, T29: given a trip on its way, when an operator gives it to others over HTTP and the socket, then each hears it and the last one drives", async () => {
    const [first, second, third] = [await driverAt(150), await driverAt(900), await driverAt(1_500)];
    const passenger = await rider();
    const order_id = await accept(first);
    first.wire.send({ type: "driver_departed", id: "go", order_id });
    await until(passenger, "en_route");

    const admin = await server.token("boss", "admin");
    const path = `/trips/${order_id}/assign`;
    expect(await server.call("POST", path, admin, { driver_id: first.id })).toMatchObject({
      status: 409,
      body: { error: { code: "driver_unavailable", status: "en_route" } },
    });
    const given = await server.call("POST", path, admin, { driver_id: second.id, reason: "wrong way" });
    expect(given).toMatchObject({
      status: 200,
      body: { status: "accepted", driver: { driver_id: second.id } },
    });
    expect(await first.wire.next("cancel_order")).toMatchObject({ order_id, reason: "reassigned" });
    expect(await second.wire.next("new_order")).toMatchObject({ order_id, assigned: true });
    expect(
      await passenger.next("order_update", (update) => update["driver"]?.driver_id === second.id),
    ).toMatchObject({ status: "accepted", eta_s: expect.any(Number) });

    const operator = await server.open("/ws/admin", admin);
    operator.send({ type: "assign_driver", id: "third", order_id, driver_id: third.id });
    expect(await operator.next("ack")).toMatchObject({ id: "third", order_id });
    expect(await second.wire.next("cancel_order")).toMatchObject({ order_id, reason: "reassigned" });
    expect(await third.wire.next("new_order")).toMatchObject({ order_id, assigned: true });

    second.wire.send({ type: "driver_departed", id: "late", order_id });
    expect(await second.wire.next("error")).toMatchObject({ id: "late", error: { code: "wrong_order" } });
    for (const step of [
      { type: "driver_departed" },
      { type: "driver_arrived", reason: "closed road" },
      { type: "start_trip" },
      { type: "complete_trip" },
    ]) {
      third.wire.send({ ...step, id: step.type, order_id });
      await third.wire.next("ack", (ack) => ack["id"] === step.type);
    }
    await until(passenger, "completed");
    const seqs = passenger.received.filter(({ type }) => type === "order_update").map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  });
});

describe("a ride whose driver's phone is lost", () => {
  const ride = async (driver: Driver) => {
    const passenger = await rider();
    const order_id = await accept(driver);
    for (const step of [{ type: "driver_arrived", reason: "closed road" }, { type: "start_trip" }]) {
      driver.wire.send({ ...step, id: step.type, order_id });
      await driver.wire.next("ack", (ack) => ack["id"] === step.type);
    }
    return { passenger, order_id, path: `/trips/${order_id}/complete` };
  };
  const lost = { distance_m: 2_790, reason: "phone lost" };

  test("P193, P195: given a ride, when an operator completes it over HTTP, twice with one key, then it is done once, all hear it, and the log says who and why", async () => {
    const driver = await driverAt(150);
    const { passenger, order_id, path } = await ride(driver);
    const boss = await server.token("boss", "admin");
    const key = { "idempotency-key": "k" };
    const done = await server.call("POST", path, boss, lost, key);
    expect(done).toMatchObject({
      status: 200,
      body: { status: "completed", fare: { currency: "TJS" }, passenger_name: null, legal: [] },
    });
    expect(await server.call("POST", path, boss, lost, key)).toMatchObject({ status: 200, body: done.body });
    expect(await server.call("POST", path, boss, lost)).toMatchObject({
      status: 409,
      body: { error: { code: "illegal_now", status: "completed", legal: [] } },
    });
    expect(await until(passenger, "completed")).toMatchObject({ order_id });
    expect(await until(driver.wire, "completed")).toMatchObject({ order_id });
    expect((await server.call("GET", `/drivers/${driver.id}`, boss)).body.status).toBe("available");
    const { items } = (await server.call("GET", `/trips/${order_id}/events`, boss)).body;
    expect(items.at(-1)).toMatchObject({
      type: "admin.complete",
      by: "admin",
      body: { adminId: "boss", distanceM: 2_790, reason: "phone lost" },
      changes: { drivenM: 2_790 },
    });
  });

  test("P193: given a ride, when an operator completes it over the socket, then it is; no reason, no length, no ride or nobody's right are refused", async () => {
    const driver = await driverAt(150);
    const { order_id, path } = await ride(driver);
    const boss = await server.token("boss", "admin");
    const fields = async (body: object) =>
      (await server.call("POST", path, boss, body)).body.error.fields.map(({ path: name }: any) => name);
    expect(await fields({ distance_m: 1 })).toEqual(["reason"]);
    expect(await fields({ reason: "phone lost" })).toEqual(["distance_m"]);
    expect((await server.call("POST", path, driver.token, lost)).status).toBe(403);
    expect((await server.call("POST", "/trips/none/complete", boss, lost)).status).toBe(404);

    const operator = await server.open("/ws/admin", boss);
    operator.send({ type: "complete_trip", id: "c", order_id, ...lost });
    expect(await operator.next("ack")).toMatchObject({ id: "c", order_id });
    const someone = await server.token("someone", "passenger");
    const other = (await server.call("POST", "/trips", someone, { pickup, dropoff })).body.trip_id;
    operator.send({ type: "complete_trip", id: "d", order_id: other, ...lost });
    expect(await operator.next("error")).toMatchObject({
      id: "d",
      error: { code: "illegal_now", status: "requested", legal: expect.arrayContaining(["cancel_trip"]) },
    });
  });
});
