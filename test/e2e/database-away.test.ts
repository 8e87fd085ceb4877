import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type Proxy, openProxy } from "../fixtures/proxy.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, newDriver, newPassenger, serveOffer } from "./people.ts";
import { dropoff, market, pickup, request } from "./places.ts";
import { connect } from "../../src/log/connect.ts";
import { setTimeout as sleep } from "node:timers/promises";

// A database that neither answers nor refuses: packets are lost on the way to it.

let database: Database;
let proxy: Proxy;
let server: ServerProcess;
beforeAll(async () => {
  database = await freshDatabase();
  proxy = await openProxy(database.url);
  server = await newServer({ DATABASE_URL: proxy.url }, { markets: [market("everywhere")] });
  await server.start();
});
afterAll(async () => {
  await server.remove();
  await proxy.close();
  await database.drop();
});

type Role = "driver" | "passenger" | "admin";
const call = async (name: string, who: readonly [string, Role] | null, body?: object, key?: string) => {
  const [method = "", path = ""] = name.split(" ");
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      ...(who && { authorization: `Bearer ${server.token(...who)}` }),
      ...(key && { "idempotency-key": key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, retryAfter: answer.headers.get("retry-after"), body: await answer.json() };
};
const sql = async <T>(text: string): Promise<readonly T[]> => {
  const client = connect(database.url, { max: 1 });
  try {
    return [...(await client.run((run) => run.unsafe(text)))] as unknown as T[];
  } finally {
    await client.close();
  }
};

test("M66, M34, M7, M8: given a live offer, when the database is silent, then whatever needs it is told 503 in time, whatever does not goes on, sockets stay, and nobody is punished", async () => {
  const busy = await newDriver(server, pickup);
  const rider = await newPassenger(server);
  const { order_id: ride } = await ask(rider.wire, request);
  const taken = await busy.wire.next("new_order");
  await ask(busy.wire, { type: "accept_order", order_id: ride, offer_id: taken["offer_id"] });
  const asked = await newDriver(server, pickup);
  const second = await newPassenger(server);
  const { order_id: waiting } = await ask(second.wire, request);
  const offer = await asked.wire.next("new_order");
  await ask(asked.wire, { type: "offer_received", order_id: waiting, offer_id: offer["offer_id"] });

  proxy.blackhole();
  const operator = ["op", "admin"] as const;
  const walker = ["walker", "passenger"] as const;
  const trip = { pickup, dropoff };
  const needing: [string, readonly [string, Role] | null, object?][] = [
    ["POST /trips", walker, trip],
    ["POST /passengers/register", null, { email: "late@example.org" }],
    [
      "POST /drivers/register",
      null,
      { email: "l@example.org", vehicle_type: "standard", license_plate: "1" },
    ],
    ["GET /trips", operator],
    ["GET /drivers", operator],
    [`GET /trips/${ride}/events`, operator],
    [`GET /trips/${ride}/why`, operator],
    ["GET /trips/of-long-ago", operator],
    ["GET /ready", null],
  ];
  const told = await Promise.all(
    needing.map(async ([name, who, body]) => {
      const { status, retryAfter, body: content } = await call(name, who, body, "k1");
      const { code } = (content as { error: { code: string } }).error;
      return [name, status, code, retryAfter !== null];
    }),
  );
  expect(told).toEqual(needing.map(([name]) => [name, 503, "unavailable", true]));

  const going: [string, readonly [string, Role], object?][] = [
    ["POST /tokens/refresh", walker],
    ["POST /quotes", walker, trip],
    ["POST /v1/match", operator, { ...pickup, vehicle_type: "standard" }],
    ["GET /drivers/nearby?lat=38.56&lng=68.78", operator],
    ["GET /quarantine", operator],
    ["GET /health", operator],
  ];
  for (const [name, who, body] of going)
    expect([200, 201], name).toContain((await call(name, who, body)).status);

  // The passenger sees the car move on: no word of it needs the log.
  const before = rider.wire.received.length;
  busy.goTo({ lat: pickup.lat + 0.01, lng: pickup.lng });
  await rider.wire.next("driver_location", (message) => rider.wire.received.indexOf(message) >= before);
  expect(await ask(busy.wire, { type: "driver_departed", order_id: ride }, "k2")).toMatchObject({
    error: { code: "unavailable" },
  });

  await sleep(1_000);
  proxy.forward();
  await server.ready();
  while ((await ask(busy.wire, { type: "driver_departed", order_id: ride }, "k2")).type === "error");
  while ((await call("POST /trips", walker, trip, "k1")).status !== 201);
  // The offer lapsed, which is no miss, and whoever was asked may be asked again.
  expect(await asked.wire.next("cancel_order")).toMatchObject({ order_id: waiting, reason: "lapsed" });
  for (const _ of ["the second rider", "the walker"]) {
    const answers = await serveOffer(asked, await asked.wire.next("new_order", (o) => o !== offer));
    expect(new Set(answers)).toEqual(new Set(["ack"]));
  }
  expect(await sql(`select misses from driver_status where misses > 0`)).toEqual([]);
  expect(await sql(`select id from trip where passenger_id = 'walker'`)).toHaveLength(1);
});
