import { type TestServer, startServer } from "../fixtures/server.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientExamples } from "../../src/protocol/socket-examples.ts";
import { errorContent } from "../../src/protocol/server-messages.ts";
import { httpCalls } from "../../src/protocol/http-calls.ts";
import { httpStatus } from "../../src/protocol/error-body.ts";
import { refusalsOf } from "../../src/protocol/openapi.ts";
import { sockets } from "../../src/protocol/socket-messages.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const ids: Readonly<Record<string, string>> = {};
/** A trip and a driver, so that examples with an id are about something. */
beforeAll(async () => {
  const { id, token } = await server.newDriver();
  const passenger = await server.token("reader", "passenger");
  const trip = await server.call("POST", "/trips", passenger, httpCalls["POST /trips"]!.example.body);
  Object.assign(ids, { driver: id, driverToken: token, trip: trip.body.trip_id, passenger: "reader" });
});
const tokenOf = (role: "passenger" | "driver" | "admin" | "service") =>
  role === "driver"
    ? Promise.resolve(ids["driverToken"]!)
    : server.token(role === "passenger" ? ids["passenger"]! : "reader", role);
const roles = ["passenger", "driver", "admin", "service"] as const;

describe.each(Object.entries(httpCalls))("%s as documented", (name, call) => {
  const [method = "", route = ""] = name.split(" ");
  const send = async (token?: string) => {
    const id = route.startsWith("/drivers") ? ids["driver"]! : ids["trip"]!;
    const query = new URLSearchParams(call.example.query as Record<string, string> | undefined);
    return server.call(
      method,
      `${route.replace(":kind", "trip").replace(":id", id)}?${query.toString()}`,
      token,
      call.example.body,
    );
  };

  test("P67: its example is answered as documented, to every role that may ask, and to no other", async () => {
    for (const role of call.roles ?? [undefined]) {
      const { status, body } = await send(role && (await tokenOf(role)));
      if (status < 400) {
        expect(status, role).toBe(call.status);
        if (typeof call.answer !== "string") expect(call.answer.parse(body)).toBeDefined();
        continue;
      }
      const { code } = errorContent.parse(body.error);
      expect(refusalsOf(call), `${role} is answered ${code}`).toContain(code);
      expect(["malformed", "invalid"]).not.toContain(code);
      expect(status).toBe(httpStatus[code]);
    }
    if (call.roles === null) return;
    expect((await send()).status).toBe(401);
    for (const other of roles.filter((role) => !call.roles!.includes(role)))
      expect((await send(await tokenOf(other))).status, other).toBe(403);
  });
});

describe.each(["driver", "passenger", "admin"] as const)("messages of the %s socket", (socket) => {
  test.each(Object.keys(sockets[socket].receives))("P67: the example of %s is understood", async (type) => {
    const path = socket === "admin" ? "/ws/admin" : `/ws/${socket}/${ids[socket]}`;
    const wire = await server.open(path, await tokenOf(socket));
    await wire.next("welcome");
    wire.send({ ...clientExamples[socket]![type], id: `example-${type}` });
    const answer = await Promise.race(
      ["ack", "error"].map((one) => wire.next(one, ({ id }) => id === `example-${type}`)),
    );
    wire.close();
    if (answer.type === "ack") return;
    const { code } = errorContent.parse(answer["error"]);
    expect(["malformed", "invalid", "unknown_type", "internal"]).not.toContain(code);
  });
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
