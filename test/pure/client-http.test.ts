import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttp } from "../../src/client/http.ts";

interface Asked {
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
  server = createServer(({ url: path = "", headers, socket }, response) => {
    const key = headers["idempotency-key"] as string | undefined;
    asked.push({ path, key, authorization: headers.authorization });
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
  const call = { path: "/trips", key: "k1", authorization: "Bearer tok" };
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
