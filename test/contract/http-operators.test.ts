import { type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/log/connect.ts";

// What operators read: lists, a trip's events, and why dispatch did what it did.

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
const get = async (path: string, token = admin) => {
  const { status, body } = await server.call("GET", path, token);
  return { status, body };
};
const driverAt = async (north: number) => {
  const { id, token } = await server.newDriver();
  const wire = await server.open(`/ws/driver/${id}`, token);
  await wire.next("welcome");
  wire.send({ type: "driver_status", id: "s", status: "available" });
  await wire.next("ack", (ack) => ack["id"] === "s");
  wire.send({ type: "driver_location", id: "l", lat: pickup.lat + north * METRE, lng: pickup.lng });
  await wire.next("ack", (ack) => ack["id"] === "l");
  return { id, token, wire };
};
const requestBy = async (passenger: string, near = pickup) => {
  const token = await server.token(passenger, "passenger");
  const { body } = await server.call("POST", "/trips", token, { pickup: near, dropoff });
  return { id: body.trip_id as string, token };
};
const cancel = (id: string) => server.call("POST", `/trips/${id}/cancel`, admin, { reason: "over" });
const say = async (wire: Wire, message: object) => {
  const id = Math.random().toString(36).slice(2);
  wire.send({ ...message, id });
  return wire.next("ack", (ack) => ack["id"] === id);
};

describe("why", () => {
  let id: string;
  let drivers: Awaited<ReturnType<typeof driverAt>>[];
  beforeAll(async () => {
    drivers = [await driverAt(100), await driverAt(200), await driverAt(20_000)];
    ({ id } = await requestBy("asker"));
    const offer = await drivers[0]!.wire.next("new_order");
    await say(drivers[0]!.wire, { type: "offer_received", order_id: id, offer_id: offer["offer_id"] });
    await say(drivers[0]!.wire, {
      type: "decline_order",
      order_id: id,
      offer_id: offer["offer_id"],
      reason: "too far",
    });
    const second = await drivers[1]!.wire.next("new_order");
    await say(drivers[1]!.wire, { type: "accept_order", order_id: id, offer_id: second["offer_id"] });
  });
  afterAll(async () => {
    await cancel(id);
    for (const { wire } of drivers) await say(wire, { type: "driver_status", status: "offline" });
    for (const { wire } of drivers) wire.close();
  });

  test("O31: given a decline and an acceptance, then each attempt tells who was there, each gate, and what came of each offer", async () => {
    const { status, body } = await get(`/trips/${id}/why`);
    expect(status).toBe(200);
    const [first, second, ...more] = body.attempts;
    expect(more).toEqual([]);
    expect(first).toMatchObject({ wave: 1, size: 1, looks: 1, text: "asked 1 of at most 1" });
    expect([first.searched_m, first.candidates.length]).toEqual([100, 1]);
    expect(first.candidates[0]).toMatchObject({
      driver_id: drivers[0]!.id,
      distance_m: 100,
      asked: true,
      reason: null,
      offer: {
        delivered_at: expect.any(String),
        outcome: "declined",
        outcome_at: expect.any(String),
        reason: "too far",
      },
    });
    const [declined, accepted] = second.candidates;
    expect(declined).toMatchObject({
      driver_id: drivers[0]!.id,
      asked: false,
      reason: "not_tried",
      text: "had its chance with this trip before",
      offer: null,
    });
    expect(declined.gates).toContainEqual({
      gate: "not_tried",
      value: false,
      threshold: true,
      passed: false,
    });
    expect(accepted).toMatchObject({
      driver_id: drivers[1]!.id,
      asked: true,
      offer: { outcome: "accepted" },
    });
    expect(accepted.gates.every(({ passed }: { passed: boolean }) => passed)).toBe(true);
    expect(second.searched_m).toBe(5_000);
  });

  test("O32: given looks in a row that find nobody, then they are one attempt, with how often and until when", async () => {
    const waiting = await requestBy("waiter", { lat: pickup.lat - 0.5, lng: pickup.lng });
    await expect
      .poll(async () => (await get(`/trips/${waiting.id}/why`)).body.attempts[0]?.looks, { timeout: 10_000 })
      .toBeGreaterThan(2);
    const { attempts } = (await get(`/trips/${waiting.id}/why`)).body;
    expect(attempts.length).toBe(1);
    expect(Date.parse(attempts[0].until)).toBeGreaterThan(Date.parse(attempts[0].at));
    await cancel(waiting.id);
  });

  test("P64: a trip nobody knows is 404, and why is for operators", async () => {
    expect((await get("/trips/none/why")).status).toBe(404);
    expect((await get("/trips/none/events")).status).toBe(404);
    expect((await get(`/trips/${id}/why`, drivers[1]!.token)).status).toBe(403);
  });

  test("P63: a trip's events come in order, each with sender, cause, change and effects, in pages", async () => {
    const all = (await get(`/trips/${id}/events`)).body;
    expect(all.next_cursor).toBeNull();
    expect(all.items.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all.items.map(({ type, by }: { type: string; by: string }) => [type, by])).toEqual([
      ["create", "passenger"],
      ["offer", "system"],
      ["offer.delivered", "driver"],
      ["offer.declined", "driver"],
      ["offer", "system"],
      ["offer.accepted", "driver"],
    ]);
    expect(all.items[1]).toMatchObject({
      from: "requested.searching",
      to: "requested.offering",
      body: { driverId: drivers[0]!.id },
      effects: [`ask driver:${drivers[0]!.id} offer`],
    });
    const page = (await get(`/trips/${id}/events?limit=4&since_seq=1`)).body;
    expect(page.items).toEqual(all.items.slice(1, 5));
    const rest = (await get(`/trips/${id}/events?limit=4&cursor=${page.next_cursor}`)).body;
    expect(rest).toEqual({ items: all.items.slice(5), next_cursor: null });
  });

  test("E65: given a trip whose events are archived, then they are 404 with the way to have them back, and the trip is still there", async () => {
    const { id } = await requestBy("past");
    await cancel(id);
    const client = connect(server.databaseUrl, { max: 1 });
    await client.run(
      (sql) => sql`
        with gone as (delete from event where actor_id = ${id} returning market, actor_id, position)
        insert into archived (market, trip_id, volume, positions)
        select market, actor_id, 'v', range_agg(int8range(position, position, '[]')) from gone group by 1, 2`,
    );
    await client.close();
    expect(await get(`/trips/${id}/events`)).toMatchObject({
      status: 404,
      body: { error: { code: "not_found", message: expect.stringContaining("archived") as string } },
    });
    expect(await get(`/trips/${id}`)).toMatchObject({ status: 200, body: { status: "cancelled" } });
  });
});

describe("lists", () => {
  const pages = async (path: string, token = admin) => {
    const found: any[] = [];
    for (let cursor = "", i = 0; i < 20; i++) {
      const { status, body } = await get(`${path}${cursor && `&cursor=${cursor}`}`, token);
      expect(status).toBe(200);
      found.push(...body.items);
      if (body.next_cursor === null) return found;
      cursor = body.next_cursor;
    }
    throw new Error("pages without end");
  };

  test("P61, P207: trips are paged newest first, each once, filtered and found; others get their own only, and do not search", async () => {
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await requestBy(`lister-${i % 2}-${i}`, dropoff)).id);
    await cancel(made[0]!);
    const all = await pages("/trips?limit=3");
    const mine = all.map(({ trip_id }) => trip_id).filter((id) => made.includes(id));
    expect(mine).toEqual(made.toReversed());
    const requested = await pages("/trips?limit=2&status=requested");
    expect(requested.every(({ status }) => status === "requested")).toBe(true);
    expect(requested.map(({ trip_id }) => trip_id).filter((id) => made.includes(id))).toEqual(
      made.slice(1).toReversed(),
    );
    const own = await server.token("lister-1-1", "passenger");
    expect((await pages("/trips?limit=5", own)).map(({ trip_id }) => trip_id)).toEqual([made[1]]);
    expect((await get("/trips?passenger_id=lister-0-0", own)).status).toBe(403);
    expect((await get("/trips?driver_id=d1", own)).status).toBe(403);
    expect((await get("/trips?q=1-1", own)).status).toBe(403);
    const tail = encodeURIComponent(` …${made[1]!.slice(-8)} `);
    expect((await pages(`/trips?q=${tail}`)).map(({ trip_id }) => trip_id)).toEqual([made[1]]);
    expect(await pages("/trips?limit=5", (await server.newDriver()).token)).toEqual([]);
    for (const id of made.slice(1)) await cancel(id);
  });

  test.each(["scheduled", "no_show", "expired"])("P124: no trip is %s yet", async (status) => {
    expect(await get(`/trips?status=${status}`)).toEqual({
      status: 200,
      body: { items: [], next_cursor: null },
    });
  });

  test("P61: drivers are paged, each once, with their status; one who was never online is offline", async () => {
    const online = await driverAt(300);
    const { id: fresh } = await server.newDriver("Farida");
    // they move to the market of their first position
    await expect.poll(async () => (await get("/drivers?status=available")).body.items.length).toBe(1);
    const all = await pages("/drivers?limit=2");
    const ids = all.map(({ driver_id }) => driver_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all.find(({ driver_id }) => driver_id === online.id)).toMatchObject({
      status: "available",
      lat: expect.any(Number),
    });
    expect(all.find(({ driver_id }) => driver_id === fresh)).toMatchObject({
      status: "offline",
      first_name: "Farida",
      lat: null,
    });
    const available = await pages("/drivers?limit=50&status=available");
    expect(available.map(({ driver_id }) => driver_id)).toEqual([online.id]);
    expect((await get("/drivers", online.token)).status).toBe(403);
    await say(online.wire, { type: "driver_status", status: "offline" });
    online.wire.close();
  });

  test("P175: given a driver at rest, after a restart too, and one who was never online, then each is told as the list tells them", async () => {
    const gone = await driverAt(400);
    await say(gone.wire, { type: "driver_status", status: "offline" });
    gone.wire.close();
    const fresh = await server.newDriver("Farida");
    await server.restart();
    const listed = await pages("/drivers?limit=50");
    for (const { id, token } of [gone, fresh]) {
      const { body } = await get(`/drivers/${id}`, token);
      expect(body).toEqual(listed.find(({ driver_id }) => driver_id === id));
      expect(body).toMatchObject({ status: "offline", since: expect.stringMatching(/Z$/) as string });
    }
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=x",
    "status=lost",
    "cursor=AAAA",
    "cursor=%00",
    "cursor=MTIuYSBi",
  ])("P62: the query %s is refused", async (query) => {
    const { status, body } = await get(`/trips?${query}`);
    expect([status, body.error.code]).toEqual([422, "invalid"]);
    expect(body.error.fields[0].path).toBe(query.split("=")[0]);
  });
});

test("O33: what was decided is still told after a restart", async () => {
  const { id } = await requestBy("keeper", { lat: pickup.lat - 0.5, lng: pickup.lng });
  await cancel(id);
  const before = (await get(`/trips/${id}/why`)).body;
  expect(before.attempts).toMatchObject([{ looks: 1, candidates: [], text: "no driver near" }]);
  await server.restart();
  expect((await get(`/trips/${id}/why`)).body).toEqual(before);
});

const byUnixMs = (row: { at: string }) => ({ ...row, at: Date.parse(row.at) });
test("P194: given rows in several markets, then the newest of all are told, newest first, as the log's topic told them", async () => {
  const console_ = await server.open("/ws/admin", admin);
  console_.send({ type: "subscribe", id: "s", topics: ["log"] });
  await console_.next("ack");
  const ids: string[] = [];
  for (const lat of [pickup.lat, 10]) {
    const ride = { pickup: { lat, lng: 68.78 }, dropoff: { lat: lat + 0.02, lng: 68.8 } };
    const asked = await server.call(
      "POST",
      "/trips",
      await server.token(`p${Math.round(lat)}`, "passenger"),
      ride,
    );
    ids.push(asked.body.trip_id);
  }
  for (const id of ids) await cancel(id);
  await console_.next("log", ({ row }) => row.actor_id === ids[1] && row.to === "cancelled");
  const pushed = console_.received.filter(({ type }) => type === "log").map(({ row }) => row);
  const { body } = await get("/events?limit=4");
  const told = body.items.map(byUnixMs);
  expect(told).toHaveLength(4);
  expect(told.every(({ at }: any, i: number) => i === 0 || at <= told[i - 1].at)).toBe(true);
  for (const row of told) expect(pushed).toContainEqual(row);
  expect(new Set(told.map(({ market }: any) => market))).toEqual(new Set(["dushanbe", "world"]));
  expect((await get("/events?limit=501")).status).toBe(422);
});

test("P195: given a registered passenger's trip, live and ended, then operators are told the first name, and nobody else is", async () => {
  const person = { email: "gulnora@example.org", first_name: "Gulnora" };
  const { token } = (await server.call("POST", "/passengers/register", undefined, person)).body;
  const trip = (await server.call("POST", "/trips", token, { pickup, dropoff })).body;
  const named = async (reader: string) => {
    const one = (await get(`/trips/${trip.trip_id}`, reader)).body;
    const [listed] = (await get("/trips?limit=1", reader)).body.items;
    return [one.passenger_name, listed.passenger_name];
  };
  expect(await named(admin)).toEqual(["Gulnora", "Gulnora"]);
  await cancel(trip.trip_id);
  expect(await named(admin)).toEqual(["Gulnora", "Gulnora"]);
  expect(trip).not.toHaveProperty("passenger_name");
  expect(await named(token)).toEqual([undefined, undefined]);
});

test("P196: given a trip in hand, when its driver connects anew, then the welcome names the passenger as the order did", async () => {
  const person = { email: "nigora@example.org", first_name: "Nigora" };
  const { token } = (await server.call("POST", "/passengers/register", undefined, person)).body;
  const { id, token: own } = await server.newDriver();
  const wire = await server.open(`/ws/driver/${id}`, own);
  await say(wire, { type: "driver_location", lat: pickup.lat + 0.1, lng: pickup.lng }); // too far to be asked
  await say(wire, { type: "driver_status", status: "available" });
  const { trip_id } = (await server.call("POST", "/trips", token, { pickup, dropoff })).body;
  await server.call("POST", `/trips/${trip_id}/assign`, admin, { driver_id: id });
  const order = await wire.next("new_order");
  const again = await server.open(`/ws/driver/${id}`, own);
  const { resume } = await again.next("welcome");
  expect(resume.order.passenger).toEqual(order["passenger"]);
  expect(resume.order.passenger).toEqual({ first_name: "Nigora", rating: null });
  again.close();
  await cancel(trip_id);
});
