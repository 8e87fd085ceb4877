import { WebSocket } from "ws";
import { type TestServer, startServer } from "../fixtures/server.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Result, openHttp } from "../../src/client/http.ts";
import type { Reply } from "../../src/client/connection.ts";
import { openAdmin } from "../../src/client/admin-client.ts";
import { openDriver } from "../../src/client/driver-client.ts";
import { openPassenger } from "../../src/client/passenger-client.ts";

// What the web pages stand on: the typed clients, over real sockets and a real database.

let server: TestServer;
const closing: (() => void)[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const close of closing) close();
  await server.close();
});

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
/** Further from the pickup than anybody is asked. */
const outskirts = { lat: pickup.lat + 0.2, lng: pickup.lng };

const http = (token: string | null) => openHttp({ url: server.url, token: () => token });
const socketsUrl = () => server.url.replace("http", "ws");
const ok = async <T>(result: Promise<Result<T>>): Promise<T> => {
  const came = await result;
  if (came.is !== "ok") throw new Error(JSON.stringify(came));
  return came.body;
};
const soon = (check: () => unknown) => vi.waitFor(check, 20_000);
const acked = async (reply: Promise<Reply>) => expect(await reply).toMatchObject({ is: "ack" });

/** Online in the outskirts, with all they hear in order. */
const newDriver = async (name: string) => {
  const car = { vehicle_type: "standard", license_plate: `01 ${name}` };
  const person = { email: `${name}@example.org`, first_name: name, ...car };
  const { driver_id: driverId, token } = await ok(http(null).registerDriver(person));
  const heard: unknown[] = [];
  const app = openDriver(
    { WebSocket, url: socketsUrl(), driverId, token: () => token },
    {
      welcomed: () => undefined,
      offered: ({ seq }) => heard.push(["offered", seq]),
      assigned: ({ order_id, seq }) => heard.push(["assigned", order_id, seq]),
      withdrawn: ({ order_id, reason }) => heard.push(["withdrawn", order_id, reason]),
      updated: ({ status, fare, seq }) => heard.push([status, seq, ...(fare ? [fare] : [])]),
    },
  );
  closing.push(app.close);
  await acked(app.setStatus("available"));
  app.ping(outskirts);
  return { driverId, token, app, heard };
};

test("B22, P120: given a trip that an operator gives and gives again, then all three apps take it to its rating", async () => {
  const first = await newDriver("Anvar");
  const second = await newDriver("Bahrom");
  const { passenger_id, token: old } = await ok(http(null).registerPassenger({ email: "p@example.org" }));
  const { token } = await ok(http(old).refreshToken());
  const adminToken = await server.token("operator", "admin");
  const [rides, desk] = [http(token), http(adminToken)];

  const cars = new Map<string, object>();
  const updates: { status: string; fare?: unknown }[] = [];
  const passenger = openPassenger(
    { WebSocket, url: socketsUrl(), passengerId: passenger_id, token: () => token },
    {
      welcomed: () => undefined,
      updated: (update) => updates.push(update),
      nearby: ({ full, drivers, gone }) => {
        if (full) cars.clear();
        for (const { driver_id, ...where } of drivers) cars.set(driver_id, where);
        for (const id of gone) cars.delete(id);
      },
    },
  );
  const told = { stats: 0, orders: [] as string[], cars: 0, log: [] as string[], full: 0 };
  const admin = openAdmin(
    { WebSocket, url: socketsUrl(), token: () => adminToken },
    {
      stats: () => (told.stats += 1),
      orders: ({ orders, full }) => {
        if (full) told.full += 1;
        for (const { trip_id, status } of orders) told.orders.push(`${trip_id} ${status}`);
      },
      drivers: (shown) => (told.cars = "drivers" in shown ? Math.max(told.cars, shown.drivers.length) : 0),
      log: ({ type }) => told.log.push(type),
    },
  );
  closing.push(passenger.close, admin.close);
  admin.subscribe(["stats", "orders", "log"]);
  admin.subscribe(["drivers"], [68, 38, 69, 39]);
  passenger.watchNearby({ ...outskirts, radius_m: 500 });
  await soon(() => expect([cars.size, told.cars, told.full]).toEqual([2, 2, 1]));

  const { quote_id, fare } = await ok(rides.quote({ pickup, dropoff }));
  const request = await passenger.requestTrip({ pickup, dropoff, quote_id });
  const trip = request.is === "ack" ? request.orderId! : "";
  await acked(admin.assignDriver(trip, first.driverId));
  await ok(desk.assignTrip(trip, "again", { driver_id: second.driverId }));
  await soon(() => {
    expect(second.heard).toEqual([["assigned", trip, 3]]);
    expect(first.heard).toEqual([
      ["assigned", trip, 2],
      ["withdrawn", trip, "reassigned"],
    ]);
  });

  // The operator's network breaks, and the topics begin again by themselves.
  admin.suspend();
  admin.resume();
  await soon(() => expect(told.full).toBe(2));

  await acked(second.app.driverDeparted(trip));
  await acked(second.app.driverArrived(trip, "the gate is closed"));
  await acked(second.app.startTrip(trip));
  await acked(second.app.completeTrip(trip, 3_000));
  await soon(() => expect(updates.at(-1)).toMatchObject({ status: "completed", fare }));
  await soon(() =>
    expect(second.heard.slice(1)).toEqual([
      ["en_route", 4],
      ["arrived", 5],
      ["in_progress", 6],
      ["completed", 7, fare],
    ]),
  );
  await acked(passenger.rateTrip(trip, 5, 200));

  const { legal, ...kept } = await ok(rides.trip(trip));
  expect(legal).toEqual([]);
  expect(kept).toMatchObject({ status: "completed", fare, driver: { driver_id: second.driverId } });
  expect((await ok(rides.trips({ status: "completed" }))).items).toEqual([kept]);
  const page = await ok(desk.tripEvents(trip, { limit: 4 }));
  expect(page.items.map(({ type }) => type).slice(1, 3)).toEqual(["admin.assign", "admin.reassign"]);
  const rest = await ok(desk.tripEvents(trip, { cursor: page.next_cursor! }));
  expect(rest.items.map(({ seq }) => seq)).toEqual([5, 6, 7]);
  await soon(async () => expect((await ok(desk.why(trip))).attempts[0]?.text).toBe("no driver near"));
  expect((await ok(desk.chart("trip"))).states.map(({ id }) => id)).toContain(kept.state);
  expect(await ok(desk.candidates(trip))).toEqual({ candidates: [] });
  expect(await ok(desk.track(trip))).toEqual({ points: [] });
  expect((await ok(desk.driver(second.driverId))).status).toBe("available");
  const one = await ok(desk.drivers({ status: "available", limit: 1 }));
  const two = await ok(desk.drivers({ status: "available", limit: 1, cursor: one.next_cursor! }));
  const listed = [...one.items, ...two.items].map(({ driver_id }) => driver_id);
  expect(listed.toSorted()).toEqual([first.driverId, second.driverId].toSorted());
  await soon(() => expect(told.orders).toContain(`${trip} completed`));
  expect(told.log).toContain("admin.reassign");
  await soon(() => expect(told.stats).toBeGreaterThan(1));
});

test("P123: given half the earth between pickup and dropoff, then there is neither quote nor trip", async () => {
  const token = await server.token("traveller", "passenger");
  const ride = { pickup, dropoff: { lat: -pickup.lat, lng: pickup.lng - 180 } };
  const refused = {
    is: "refused",
    error: { code: "outside_area", fields: [{ path: "dropoff", message: expect.any(String) as string }] },
  };
  expect(await http(token).quote(ride)).toMatchObject({ ...refused, status: 422 });
  expect(await http(token).requestTrip(ride, "k1")).toMatchObject({ ...refused, status: 422 });
  const app = openPassenger(
    { WebSocket, url: socketsUrl(), passengerId: "traveller", token: () => token },
    { welcomed: () => undefined, updated: () => undefined },
  );
  closing.push(app.close);
  expect(await app.requestTrip(ride)).toMatchObject(refused);
});
