import { type TestServer, startServer } from "../fixtures/server.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

// What an operator's page is told of a trip besides the trip: what may be done, by whom, and the way it went.

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.token("operator", "admin");
});
afterAll(() => server.close());

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
const METRE = 1 / 111_195;
const north = (metres: number) => ({ lat: pickup.lat + metres * METRE, lng: pickup.lng });
const get = async (path: string, token = admin) => (await server.call("GET", path, token)).body;

const driverAt = async (metres: number, name: string) => {
  const { id, token } = await server.newDriver(name);
  const wire = await server.open(`/ws/driver/${id}`, token);
  await wire.next("welcome");
  let said = 0;
  const say = async (message: object) => {
    const key = `m${++said}`;
    wire.send({ ...message, id: key });
    await wire.next("ack", (ack) => ack["id"] === key);
  };
  await say({ type: "driver_status", status: "available" });
  await say({ type: "driver_location", ...north(metres) });
  return { id, token, wire, say };
};

test("P151, P152, P153, E120: given a trip given by hand, then its page is told who could take it, what is legal and where it went", async () => {
  const far = await driverAt(9_000, "Farrukh");
  const farther = await driverAt(9_500, "Umed");
  await farther.say({ type: "driver_status", status: "paused" });
  const rider = await server.token("rider", "passenger");
  const { trip_id: id } = (await server.call("POST", "/trips", rider, { pickup, dropoff })).body;

  expect((await get(`/trips/${id}`)).legal).toEqual(["assign_driver", "cancel_trip"]);
  expect((await get(`/trips/${id}`, rider)).legal).toEqual(["cancel_trip"]);

  const { candidates } = await get(`/trips/${id}/candidates`);
  expect(candidates).toMatchObject([
    { driver_id: far.id, first_name: "Farrukh", status: "available", distance_m: 9_000, assignable: true },
    { driver_id: farther.id, status: "paused", distance_m: 9_500, assignable: false, reason: "idle" },
  ]);
  expect(candidates[0].reason).toBe("within_radius");
  expect(candidates[0].gates).toContainEqual({
    gate: "within_radius",
    value: 9_000,
    threshold: 8_000,
    passed: false,
  });
  const refused = await server.call("POST", `/trips/${id}/assign`, admin, { driver_id: farther.id });
  expect(refused.body.error.code).toBe("driver_unavailable");

  const given = await server.call("POST", `/trips/${id}/assign`, admin, { driver_id: far.id });
  expect(given.body).toMatchObject({ status: "accepted", legal: ["cancel_trip", "assign_driver"] });
  await far.say({ type: "driver_location", ...north(8_999) });
  await expect.poll(async () => (await get(`/trips/${id}/track`)).points.length).toBe(1);
  await far.say({ type: "driver_location", ...north(8_998) });
  expect((await get(`/trips/${id}/track`)).points).toEqual([
    { at: expect.stringMatching(/Z$/), ...north(8_999), heading: null, leg: "pickup" },
  ]);
  expect((await get(`/trips/${id}/candidates`)).candidates[0]).toMatchObject({
    driver_id: far.id,
    status: "en_route",
    assignable: false,
  });

  const ended = await server.call("POST", `/trips/${id}/cancel`, admin, { reason: "no need" });
  expect(ended.body).toMatchObject({ status: "cancelled", legal: [] });
  expect(await get(`/trips/${id}/candidates`)).toEqual({ candidates: [] });
  expect((await get(`/trips/${id}/track`)).points).toHaveLength(1);
  for (const path of ["track", "candidates"])
    expect((await server.call("GET", `/trips/nobody/${path}`, admin)).status).toBe(404);
  expect((await server.call("GET", "/charts/city", admin)).status).toBe(404);
  for (const { wire } of [far, farther]) wire.close();
});

test("P152: given more cars on trips near the pickup than are shown, then the free one further away is among them", async () => {
  const near = -22_000;
  const cars = await Promise.all(
    Array.from({ length: 21 }, (_, i) => driverAt(near + (i < 20 ? i * 50 : 9_000), `Car ${i}`)),
  );
  for (const { say } of cars.slice(0, -1)) await say({ type: "driver_status", status: "paused" });
  const rider = await server.token("rider-2", "passenger");
  const body = { pickup: north(near), dropoff };
  const { trip_id: id } = (await server.call("POST", "/trips", rider, body)).body;
  const { candidates } = await get(`/trips/${id}/candidates`);
  expect(candidates).toHaveLength(20);
  expect(candidates.at(-1)).toMatchObject({ driver_id: cars.at(-1)!.id, distance_m: 9_000 });
  for (const { wire } of cars) wire.close();
});
