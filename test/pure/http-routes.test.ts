import { type As, type World, dropoff, openWorld, pickup } from "./http-world.ts";
import type { HttpReply, HttpRequest } from "../../src/socket/port.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { HttpPorts } from "../../src/http/ports.ts";
import { fakeClock } from "../fixtures/fake-clock.ts";
import { routesOf } from "../../src/http/routes.ts";

const trip = { pickup, dropoff };
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
const call: World["call"] = (...request) => world.call(...request);
const told: World["told"] = (...request) => world.told(...request);
const codeOf: World["codeOf"] = (...request) => world.codeOf(...request);

const p1 = ["p1", "passenger"] as const;
const p2 = ["p2", "passenger"] as const;
const admin = ["a1", "admin"] as const;
const service = ["s1", "service"] as const;

describe("trips over HTTP", () => {
  test("P55: given a trip, when it is asked for again with its key, also after its end, then the same 201", async () => {
    const first = await call("POST /trips", { as: p1, body: trip, key: "k1" });
    const { trip_id: id } = JSON.parse(first.text) as { trip_id: string };
    expect(first.status).toBe(201);
    expect(JSON.parse(first.text)).toMatchObject({
      passenger_id: "p1",
      driver: null,
      vehicle_type: "standard",
      ...trip,
      status: "requested",
      state: "requested.searching",
      seq: 1,
      requested_at: new Date(world.place.market.now()).toISOString(),
      accepted_at: null,
    });
    await world.clock.advance(1_000);
    await call("POST /trips/:id/cancel", { as: p1, id, body: { reason: "late" } });
    const again = await call("POST /trips", { as: p1, body: trip, key: "k1" });
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  test("P55: the same key with another trip is refused, and so is a second live trip", async () => {
    await world.request(p1, "k1");
    const other = { pickup: dropoff, dropoff: pickup };
    expect(await codeOf("POST /trips", { as: p1, body: other, key: "k1" })).toEqual([409, "key_reused"]);
    expect(await codeOf("POST /trips", { as: p1, body: trip, key: "k2" })).toEqual([409, "trip_live"]);
  });

  test.each(["a b", "x".repeat(65), "ключ"])("P54: the key %j is refused", async (key) => {
    expect(await codeOf("POST /trips", { as: p1, body: trip, key })).toEqual([422, "invalid"]);
  });

  test("P52: only a passenger asks for a trip, and only inside a service area", async () => {
    expect(await codeOf("POST /trips", { as: admin, body: trip })).toEqual([403, "forbidden"]);
    const south = { pickup: { lat: -10, lng: 5 }, dropoff };
    expect(await codeOf("POST /trips", { as: p1, body: south })).toEqual([422, "outside_area"]);
  });

  test.each(["\0", "a b", "x".repeat(65)])(
    "P5: the trip %j is nowhere, and nobody is asked for it",
    async (id) => {
      const missing = [404, "not_found"];
      expect(await codeOf("GET /trips/:id", { as: admin, id })).toEqual(missing);
      expect(await codeOf("POST /trips/:id/cancel", { as: admin, id, body: {} })).toEqual(missing);
      const body = { driver_id: "d1" };
      expect(await codeOf("POST /trips/:id/assign", { as: admin, id, body })).toEqual(missing);
    },
  );

  test("P53: its passenger and an operator see a trip, nobody else does", async () => {
    const id = await world.request(p1);
    const seen = async (as: As) => (await call("GET /trips/:id", { as, id })).status;
    expect([await seen(p1), await seen(admin)]).toEqual([200, 200]);
    expect([await seen(p2), await seen(["d1", "driver"]), await seen(service)]).toEqual([403, 403, 403]);
    for (const unknown of ["0", "a b", ""]) {
      expect(await codeOf("GET /trips/:id", { as: p1, id: unknown })).toEqual([404, "not_found"]);
    }
  });

  test("P53: somebody else's cancel is 403 and tells nothing of the trip, live or ended", async () => {
    const id = await world.request(p1);
    const cancel = (as: As) => told("POST /trips/:id/cancel", { as, id });
    const foreign = {
      status: 403,
      body: { error: { code: "forbidden", message: "this trip is not yours" } },
    };
    expect(await cancel(p2)).toEqual(foreign);
    expect(await cancel(["d1", "driver"])).toEqual(foreign);
    expect(await cancel(p1)).toMatchObject({
      status: 200,
      body: { status: "cancelled", cancelled_by: "passenger" },
    });
    expect(await cancel(p2)).toEqual(foreign);
    expect(await cancel(["d1", "driver"])).toEqual(foreign);
    expect(await cancel(p1)).toMatchObject({
      status: 409,
      body: { error: { code: "illegal_now", status: "cancelled", legal: [] } },
    });
  });

  test("P56: an operator assigns; a driver who cannot take it is refused with the reason", async () => {
    await world.drive("d1", 0.001);
    const [first, second] = [await world.request(p1), await world.request(p2)];
    const assign = (id: string) =>
      told("POST /trips/:id/assign", { as: admin, id, body: { driver_id: "d1" } });
    expect(await assign(first)).toMatchObject({
      status: 200,
      body: {
        status: "accepted",
        driver: { driver_id: "d1", first_name: "Ali", license_plate: "01A", lat: pickup.lat + 0.001 },
        eta_s: expect.any(Number) as number,
      },
    });
    expect((await assign(second)).status).toBe(409);
    const seen = await told("GET /trips/:id", { as: ["d1", "driver"], id: first });
    expect(seen.body["driver"]).toMatchObject({ driver_id: "d1" });
    expect((await told("GET /drivers/:id", { as: ["d1", "driver"], id: "d1" })).body).toMatchObject({
      status: "en_route",
      order_id: first,
      license_plate: "01A",
    });
  });
});

describe("a driver who gives a trip back", () => {
  const d1 = ["d1", "driver"] as const;
  const assign = (id: string, driver_id: string) =>
    told("POST /trips/:id/assign", { as: admin, id, body: { driver_id } });

  test("P170: given a trip given back, when its cancel is repeated while another driver has it, then it is told as it was then, and nothing of the other", async () => {
    for (const [i, id] of ["d1", "d2", "d3"].entries()) await world.drive(id, 0.001 * (i + 1));
    const id = await world.request(p1);
    await assign(id, "d1");
    const giveBack = () => call("POST /trips/:id/cancel", { as: d1, id, key: "k", body: { reason: "flat" } });
    const first = await giveBack();
    expect(JSON.parse(first.text)).toMatchObject({
      state: "requested.searching",
      seq: 3,
      driver: null,
      eta_s: null,
      accepted_at: null,
      legal: [],
    });
    await assign(id, "d2");
    expect(await giveBack()).toEqual(first);
    await told("POST /trips/:id/cancel", { as: ["d2", "driver"], id, body: { reason: "flat" } });
    await assign(id, "d3");
    const last = await told("POST /trips/:id/cancel", { as: ["d3", "driver"], id, body: { reason: "flat" } });
    expect(last).toMatchObject({ status: 200, body: { status: "no_driver_found", driver: null } });
    expect(await giveBack()).toEqual(first);
    expect((await call("GET /trips/:id", { as: d1, id })).status).toBe(403);
  });
});

describe("drivers over HTTP", () => {
  test("S57: given a driver's token that nobody registered for, then it lists nothing and is not renewed", async () => {
    for (const route of ["GET /trips", "POST /tokens/refresh"]) {
      const refused = await told(route, { as: ["nobody", "driver"] });
      expect(refused, route).toMatchObject({
        status: 403,
        body: { error: { code: "forbidden", message: "this driver is not registered" } },
      });
    }
    expect((await call("POST /tokens/refresh", { as: ["d1", "driver"] })).status).toBe(200);
    expect((await call("POST /tokens/refresh", { as: ["nobody", "passenger"] })).status).toBe(200);
  });

  test("P57: match answers the nearest first, no more than asked for, within 5 km, to machines only", async () => {
    await world.drive("near", 0.005);
    await world.drive("nearer", 0.001);
    await world.drive("next", 0.01);
    await world.drive("far", 0.05);
    const body = { ...pickup, limit: 2 };
    const answer = await told("POST /v1/match", { as: service, body });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        candidates: [
          { driver_id: "nearer", distance_m: 111, lat: pickup.lat + 0.001, lng: pickup.lng },
          { driver_id: "near", distance_m: 556 },
        ],
        considered: expect.any(Number) as number,
        cells_scanned: expect.any(Number) as number,
      },
    });
    const all = await told("POST /v1/match", { as: admin, body: pickup });
    expect((all.body["candidates"] as object[]).length).toBe(3);
    expect(await codeOf("POST /v1/match", { as: p1, body })).toEqual([403, "forbidden"]);
    expect(await codeOf("POST /v1/match", { as: service, body: { lat: 91, lng: 0 } })).toEqual([
      422,
      "invalid",
    ]);
  });

  test("S24: nearby shows an operator who it is, and a passenger an alias", async () => {
    await world.drive("d1", 0.001);
    const query = "lat=38.56&lon=68.78";
    const shown = async (as: As) => {
      const { text } = await call("GET /drivers/nearby", { as, query });
      return (JSON.parse(text) as { driver_id: string; heading: null }[])[0];
    };
    expect(await shown(admin)).toMatchObject({ driver_id: "d1", distance_m: 111, heading: null });
    expect((await shown(p1))?.driver_id).toMatch(/^[\w-]{16}$/);
    expect(await codeOf("GET /drivers/nearby", { as: p1, query: "lat=38.56" })).toEqual([422, "invalid"]);
  });

  test("P53: a driver sees themselves, an operator everybody", async () => {
    const see = (as: As, id: string) => told("GET /drivers/:id", { as, id });
    expect(await see(["d1", "driver"], "d1")).toMatchObject({
      status: 200,
      body: { status: "offline", lat: null },
    });
    expect((await see(["d2", "driver"], "d1")).status).toBe(403);
    expect((await see(p1, "d1")).status).toBe(403);
    expect((await see(admin, "nobody")).status).toBe(404);
  });
});

describe("the server over HTTP", () => {
  test("P58: ready says why not", async () => {
    expect((await call("GET /ready")).status).toBe(200);
    world.reasons.push("the log does not answer");
    const { status, headers, text } = await call("GET /ready");
    expect([status, headers["retry-after"]]).toEqual([503, "1"]);
    expect(JSON.parse(text)).toMatchObject({ reasons: world.reasons, error: { code: "unavailable" } });
    expect((await call("GET /health")).status).toBe(200);
  });

  test("P59: given a database that is gone, then 503 unavailable: it is not known what was done", async () => {
    const body = { email: "a@example.com" };
    const { status, headers, text } = await call("POST /passengers/register", { body });
    expect([status, headers["retry-after"]]).toEqual([503, "1"]);
    expect(text).toContain('"unavailable"');
    expect(text).not.toContain("ECONNREFUSED");
  });

  test("M66: given a log that says nothing at all, then 503 with Retry-After is told in time", async () => {
    const clock = fakeClock();
    const silent = {
      clock,
      counts: { answered: () => {} },
      corsOrigins: [],
      notReady: () => new Promise(() => {}),
    };
    const routes = routesOf(silent as unknown as HttpPorts, { metrics: false });
    let told: HttpReply | undefined;
    void Promise.resolve(routes["GET /ready"]!({} as HttpRequest)).then((reply) => (told = reply));
    await clock.advance(1_800);
    expect(told).toBeUndefined();
    await clock.advance(200);
    expect(told).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(String(told!.body)).toContain('"unavailable"');
  });

  test("S25: an address may register only so often; loopback as often as it likes", async () => {
    const statuses = async (address: string) => {
      const calls = [1, 2, 3].map(() => call("POST /passengers/register", { body: {}, address }));
      return (await Promise.all(calls)).map(({ status, headers }) => [status, headers["retry-after"]]);
    };
    const [accepted, limited] = [
      [422, undefined],
      [429, "10"],
    ];
    expect(await statuses("203.0.113.9")).toEqual([accepted, accepted, limited]);
    expect(await statuses("127.0.0.1")).toEqual([accepted, accepted, accepted]);
  });

  test("S26: metrics count what happened, and no label names anybody", async () => {
    await world.drive("d1", 0.001);
    const id = await world.request(p1);
    await call("POST /trips/:id/cancel", { as: p1, id });
    await call("POST /trips/:id/cancel", { as: p1, id });
    const { headers, text } = await call("GET /metrics");
    expect(headers["content-type"]).toContain("text/plain");
    for (const line of [
      "trip_requests_total 1",
      'trip_outcomes_total{status="cancelled"} 1',
      "active_trips 0",
      'active_drivers{status="available"} 1',
      'refusals_total{code="illegal_now"} 1',
      'sockets{role="driver"} 2',
      'http_requests_total{route="POST /trips/:id/cancel",code="409"} 1',
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    for (const name of ["match_latency_seconds", "time_to_first_offer_seconds", "log_append_seconds"]) {
      expect(text).toContain(name);
    }
    for (const secretText of [id, "d1", "p1"]) expect(text).not.toContain(`"${secretText}"`);
  });

  test("P50: every response is for its caller at this moment", async () => {
    const replies = [await call("GET /health"), await call("GET /trips/:id", { id: "1" })];
    for (const { headers } of replies) {
      expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    }
  });
});
