import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttp } from "../../src/client/http.ts";
import { httpCalls } from "../../src/protocol/http-calls.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
}
/** A status and body to answer with; null: the connection is cut. */
type Line = { readonly status: number; readonly body: object } | null;

let server: Server;
let url: string;
let script: Line[];
let asked: Asked[];

beforeEach(async () => {
  script = [];
  asked = [];
  server = createServer(({ method = "", url: path = "", headers, socket }, response) => {
    const key = headers["idempotency-key"] as string | undefined;
    asked.push({ method, path, key, authorization: headers.authorization });
    const line = script.shift();
    if (!line) socket.destroy();
    else
      response.writeHead(line.status, { "content-type": "application/json" }).end(JSON.stringify(line.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const wish = { pickup: { lat: 40.7, lng: -74 }, dropoff: { lat: 40.8, lng: -74 } };
const error = (code: string) => ({ error: { code, message: "" } });

test("B7: given 503 and a cut connection, then a keyed call is made again with the same key", async () => {
  script = [{ status: 503, body: error("unavailable") }, null, { status: 201, body: { trip_id: "t1" } }];
  const result = await openHttp({ url, token: () => "tok" }).requestTrip(wish, "k1");
  expect(result).toMatchObject({ is: "ok", body: { trip_id: "t1" } });
  const call = { method: "POST", path: "/trips", key: "k1", authorization: "Bearer tok" };
  expect(asked).toEqual([call, call, call]);
});

test("B7: given an unknown outcome, then a registration is not made again", async () => {
  script = [{ status: 503, body: error("unavailable") }];
  const person = { email: "a@b.example", vehicle_type: "standard", license_plate: "1" };
  const result = await openHttp({ url, token: () => null }).registerDriver(person);
  expect(result).toMatchObject({ is: "refused", status: 503 });
  script = [null];
  const cut = await openHttp({ url, token: () => null }).registerDriver(person);
  expect(cut.is).toBe("unreachable");
  expect(asked).toHaveLength(2);
});

test("B7: given busy, which is certainly not done, then a registration is made again", async () => {
  script = [
    { status: 503, body: error("busy") },
    { status: 201, body: { driver_id: "d1", token: "t" } },
  ];
  const person = { email: "a@b.example", vehicle_type: "standard", license_plate: "1" };
  const result = await openHttp({ url, token: () => null }).registerDriver(person);
  expect(result).toMatchObject({ is: "ok", body: { driver_id: "d1" } });
});

test("B7: a refusal is handed over at once, with its code", async () => {
  script = [{ status: 409, body: error("trip_live") }];
  const result = await openHttp({ url, token: () => "tok" }).requestTrip(wish, "k1");
  expect(result).toMatchObject({ is: "refused", status: 409, error: { code: "trip_live" } });
  expect(asked).toHaveLength(1);
});

test("B7: a query goes into the address, without what was left out", async () => {
  script = [{ status: 200, body: [] }];
  await openHttp({ url, token: () => "tok" }).nearby({ lat: 40.7, lng: -74, radius: 2 });
  expect(asked[0]?.path).toBe("/drivers/nearby?lat=40.7&lng=-74&radius=2");
});

test("B21: each call of the documents about trips, people and quarantine is one of the client", async () => {
  const http = openHttp({ url, token: () => "tok" });
  const place = { lat: 40.7, lng: -74 };
  const person = { email: "a@b.example" };
  const calls: (() => Promise<unknown>)[] = [
    () => http.registerPassenger(person),
    () => http.registerDriver({ ...person, vehicle_type: "standard", license_plate: "1" }),
    http.refreshToken,
    () => http.quote(wish),
    () => http.requestTrip(wish, "k1"),
    () => http.trips({ status: "no_show", limit: 5 }),
    () => http.trip("x"),
    () => http.cancelTrip("x", "k2"),
    () => http.assignTrip("x", "k3", { driver_id: "d1" }),
    () => http.completeTrip("x", "k4", { distance_m: 2_790, reason: "phone lost" }),
    () => http.newestEvents(100),
    () => http.tripEvents("x", { since_seq: 3 }),
    () => http.why("x"),
    () => http.nearby(place),
    () => http.drivers({ status: "available", cursor: "c" }),
    () => http.driver("x"),
    () => http.match(place),
    () => http.track("x"),
    () => http.candidates("x"),
    () => http.chart("trip"),
    () => http.driverWhy("x"),
    http.quarantine,
    () => http.quarantined("trip", "x"),
    () => http.retryQuarantined("trip", "x", "mended"),
    () => http.releaseQuarantined("trip", "x", "broken"),
  ];
  expect(calls).toHaveLength(Object.keys(http).length);
  script = calls.map(() => ({ status: 200, body: {} }));
  for (const call of calls) await call();
  const made = asked.map(
    ({ method, path }) =>
      `${method} ${path
        .split("?")[0]!
        .replace("/x", "/:id")
        .replace(/\btrip\b/, ":kind")}`,
  );
  const about = /^\w+ \/(passengers|drivers|tokens|quotes|trips|charts|events|quarantine|v1)\b/;
  expect(made.toSorted()).toEqual(
    Object.keys(httpCalls)
      .filter((name) => about.test(name))
      .toSorted(),
  );
});

test("B21: an id that somebody typed stays one part of the path", async () => {
  script = [{ status: 404, body: error("not_found") }];
  await openHttp({ url, token: () => "tok" }).trip("a/b?c");
  expect(asked[0]?.path).toBe("/trips/a%2Fb%3Fc");
});
