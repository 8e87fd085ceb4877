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
  expect(metrics).toMatch(/^invariant_breaks\{invariant="I1"\} 0$/m);
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
