import { type TestServer, startServer } from "../fixtures/server.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientExamples } from "../../src/protocol/socket-examples.ts";
import { errorContent } from "../../src/protocol/server-messages.ts";
import { httpCalls } from "../../src/protocol/http-calls.ts";
import { httpStatus } from "../../src/protocol/error-body.ts";
import { randomUUID } from "node:crypto";
import { refusalsOf } from "../../src/protocol/openapi.ts";
import type { Role } from "../../src/domain/status.ts";
import type * as z from "zod";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A trip with its passenger and driver, and a free driver, so that examples with an id are about something. */
const openScene = async () => {
  const passenger = `passenger-${randomUUID()}`;
  const token = await server.token(passenger, "passenger");
  const { body } = await server.call("POST", "/trips", token, httpCalls["POST /trips"]!.example.body);
  const [driver, free] = [await freeDriver(), await freeDriver()];
  const admin = await server.token("reader", "admin");
  await server.call("POST", `/trips/${body.trip_id}/assign`, admin, { driver_id: driver.id });
  const tokenOf = (role: Role): Promise<string> =>
    role === "driver"
      ? Promise.resolve(driver.token)
      : server.token(role === "passenger" ? passenger : "reader", role);
  const start = async () => {
    const wire = await server.open(`/ws/driver/${driver.id}`, driver.token);
    for (const message of [{ type: "driver_arrived", reason: "closed road" }, { type: "start_trip" }]) {
      wire.send({ ...message, id: message.type, order_id: body.trip_id });
      await wire.next("ack", ({ id }) => id === message.type);
    }
  };
  return { trip: body.trip_id as string, passenger, driver: driver.id, free: free.id, tokenOf, start };
};
const freeDriver = async () => {
  const driver = await server.newDriver();
  const wire = await server.open(`/ws/driver/${driver.id}`, driver.token);
  await wire.next("welcome");
  // In the trip's market, and too far away to be asked by the dispatch.
  wire.send({ type: "driver_location", id: "1", lat: 38.75, lng: 68.787 });
  wire.send({ type: "driver_status", id: "2", status: "available" });
  await wire.next("ack", ({ id }) => id === "2");
  return driver;
};
const roles = ["passenger", "driver", "admin", "service"] as const;

/** Nothing here is in quarantine: what they do for something that is, M65's tests show. */
const onlyRefused: ReadonlySet<string> = new Set([
  "GET /quarantine/:kind/:id",
  "POST /quarantine/:kind/:id/retry",
  "POST /quarantine/:kind/:id/release",
]);

describe.each(Object.entries(httpCalls))("%s as documented", (name, call) => {
  const [method = "", route = ""] = name.split(" ");
  const { query, body } = call.example;
  let scene: Awaited<ReturnType<typeof openScene>>;
  beforeAll(async () => {
    scene = await openScene();
    if (name === "POST /trips/:id/complete") await scene.start();
  });
  const send = async (role?: Role) => {
    const id = route.startsWith("/drivers") ? scene.driver : scene.trip;
    const asked = new URLSearchParams(query as Record<string, string> | undefined);
    return server.call(
      method,
      `${route.replace(":kind", "trip").replace(":id", id)}?${asked.toString()}`,
      role && (await (name === "POST /trips" ? server.token("newcomer", role) : scene.tokenOf(role))),
      body && "driver_id" in body ? { ...body, driver_id: scene.free } : body,
    );
  };

  test("P67: its example is answered as documented, to every role that may ask, and to no other", async () => {
    let done = 0;
    for (const role of call.roles ?? [undefined]) {
      const { status, headers, body } = await send(role);
      const asDocumented = status < 400 ? call.answer : call.unavailable;
      if (typeof asDocumented === "string") {
        expect([call.status, 503]).toContain(status); // the pages need not be built
        expect(headers.get("content-type")).toContain(asDocumented);
        done++;
        continue;
      }
      if (status < 400) {
        expect(status, role).toBe(call.status);
        expect((asDocumented as z.ZodType).parse(body), "nothing untold").toEqual(body);
        done++;
        continue;
      }
      const { code } = errorContent.strict().parse(body.error);
      expect(refusalsOf(call), `${role} is answered ${code}`).toContain(code);
      expect(["malformed", "invalid"]).not.toContain(code);
      expect(status).toBe(httpStatus[code]);
    }
    if (!onlyRefused.has(name)) expect(done, "answers that are no refusal").toBeGreaterThan(0);
    if (call.roles === null) return;
    expect((await send()).status).toBe(401);
    for (const other of roles.filter((role) => !call.roles!.includes(role)))
      expect((await send(other)).status, other).toBe(403);
  });
});

describe.each(["driver", "passenger", "admin"] as const)("messages of the %s socket", (socket) => {
  // The compact ping, an array, is never answered: P182 shows that it is read.
  const examples = Object.entries(clientExamples[socket]!).filter(([, one]) => !Array.isArray(one));
  test.each(examples)("P67: the example of %s is understood", async (type, example) => {
    const scene = await openScene();
    const path = socket === "admin" ? "/ws/admin" : `/ws/${socket}/${scene[socket]}`;
    const wire = await server.open(path, await scene.tokenOf(socket));
    await wire.next("welcome");
    wire.send({ ...example, id: `example-${type}` });
    const answer = await Promise.race(
      ["ack", "error"].map((one) => wire.next(one, ({ id }) => id === `example-${type}`)),
    );
    wire.close();
    if (answer.type === "ack") return;
    const { code } = errorContent.parse(answer["error"]);
    expect(["malformed", "invalid", "unknown_type", "internal"]).not.toContain(code);
  });
});

test("S60: of the passenger a driver who reads the trip is told an opaque id, and nothing else that names them", async () => {
  const person = {
    email: "gulnora@example.org",
    phone_number: "+992 917 00 00 01",
    first_name: "Gulnora",
    last_name: "Saidova",
  };
  const { passenger_id, token } = (await server.call("POST", "/passengers/register", undefined, person)).body;
  const trip = (await server.call("POST", "/trips", token, httpCalls["POST /trips"]!.example.body)).body;
  const driver = await freeDriver();
  const admin = await server.token("reader", "admin");
  await server.call("POST", `/trips/${trip.trip_id}/assign`, admin, { driver_id: driver.id });
  const { status, body } = await server.call("GET", `/trips/${trip.trip_id}`, driver.token);
  expect([status, body.passenger_id]).toEqual([200, passenger_id]);
  for (const known of Object.values(person)) expect(JSON.stringify(body)).not.toContain(known);
});

describe("/docs", () => {
  test("P68: the page and all it names come from this server, the large parts to be kept for good", async () => {
    const page = await server.call("GET", "/docs");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
    const named = [...(page.body as string).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(4);
    for (const path of named) {
      const { status, headers, body } = await server.call("GET", path);
      expect([path, status]).toEqual([path, 200]);
      expect(JSON.stringify(body).length).toBeGreaterThan(500);
      if (path.includes("swagger-ui")) expect(headers.get("cache-control")).toContain("immutable");
    }
  });

  test("P68: the documents name the server they came from", async () => {
    const { body } = await server.call("GET", "/asyncapi.json");
    expect(body.servers.here.host).toBe(new URL(server.url).host);
    expect((await server.call("GET", "/openapi.json")).body.openapi).toBe("3.1.0");
  });
});
