import { type Client, type Message, type Town, centre, dropoff, lostAt, openTown } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/session/connection.ts";
import type { Socket } from "../../src/socket/port.ts";
import { createAdminSpeaker } from "../../src/session/admin-socket.ts";
import { createLine } from "../../src/session/peer.ts";
import { createDriverSpeaker } from "../../src/session/driver-socket.ts";
import { createHandlers } from "../../src/session/socket.ts";
import { createRegistry } from "../../src/session/registry.ts";
import { heal } from "../fixtures/memory-log.ts";
import { settle } from "../fixtures/fake-clock.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
const request = { type: "request_trip", id: "k1", pickup: centre, dropoff };
const farFromDrivers = { lat: centre.lat + 0.3, lng: centre.lng };
const nearCentre = () =>
  town.city.locations.nearest(centre.lat, centre.lng, 9, 5_000, null, town.city.market.now());

describe("who may open a socket", () => {
  const refusedWith = async (
    role: "driver" | "passenger" | "admin",
    id: string,
    headers: Record<string, string>,
  ) => {
    const verdict = await town.upgrade(role, id, headers);
    return verdict.is === "refuse" ? verdict.reply.status : verdict.is;
  };
  const bearer = async (sub: string, role: "driver" | "passenger" | "admin") => ({
    authorization: `Bearer ${await town.session.tokens.sign(sub, role, 60)}`,
  });

  test("S5: given no token, 401; a token of another user or role, 403; one's own, an open socket", async () => {
    expect(await refusedWith("driver", "d1", {})).toBe(401);
    expect(await refusedWith("driver", "d1", await bearer("d2", "driver"))).toBe(403);
    expect(await refusedWith("driver", "d1", await bearer("d1", "passenger"))).toBe(403);
    expect(await refusedWith("passenger", "p1", await bearer("p2", "passenger"))).toBe(403);
    expect(await refusedWith("admin", "", await bearer("p2", "passenger"))).toBe(403);
    expect(await refusedWith("driver", "d1", await bearer("d1", "driver"))).toBe("accept");
  });

  test("S6: given a driver who is not registered, 403", async () => {
    expect(await refusedWith("driver", "x1", await bearer("x1", "driver"))).toBe(403);
  });

  test("P40: given too many connections of one address, 429; of this machine, none is too many", async () => {
    const remote = async (address: string) =>
      refusedWith("passenger", "p1", { ...(await bearer("p1", "passenger")), "x-address": address });
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await remote("10.0.0.1"));
    expect(answers).toEqual(["accept", "accept", "accept", "accept", "accept", 429]);
    for (let i = 0; i < 9; i++) expect(await remote("127.0.0.1")).toBe("accept");
  });

  test("M67: given as many open connections as there may be, then one more is told busy, until one has closed", async () => {
    const handlers = createHandlers(
      { ...town.session, registry: createRegistry(1) },
      createAdminSpeaker(town.session),
    );
    const { authorization } = await bearer("op", "admin");
    const judged = () => {
      const header = (name: string) => (name === "authorization" ? authorization : "");
      const of = { method: "GET", path: "", params: {}, query: new URLSearchParams() };
      return handlers.upgrade({ ...of, header, body: new Uint8Array(), address: "::1" });
    };
    const first = await judged();
    if (first.is !== "accept") throw new Error("the first one was refused");
    const socket = {
      state: first.state,
      send: () => "sent",
      close: () => {},
    } as unknown as Socket<Connection>;
    handlers.opened(socket);
    expect(await judged()).toMatchObject({ is: "refuse", reply: { status: 503 } });
    handlers.closed(socket, 1000);
    expect(await judged()).toMatchObject({ is: "accept" });
  });

  test("P82: given a driver who is known, the upgrade is judged in the same moment; an unknown one waits for the log", async () => {
    const driver = await bearer("d1", "driver");
    const { upgrade } = createHandlers(town.session, createDriverSpeaker(town.session));
    const judged = () => {
      const header = (name: string) => (name === "authorization" ? driver.authorization : "");
      const of = { method: "GET", path: "", params: { id: "d1" }, query: new URLSearchParams() };
      return upgrade({ ...of, header, body: new Uint8Array(), address: "::1" });
    };
    const first = judged();
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toMatchObject({ is: "accept" });
    expect(judged()).toMatchObject({ is: "accept" });
  });

  test("P82: given a driver who has just registered, nothing is looked up", async () => {
    const driver = { firstName: "Ali", lastName: null, vehicleType: "van", licensePlate: "01A" };
    town.desk.registered({ driverId: "n1" as never, ...driver });
    expect(town.desk.knownDriver("n1" as never)).toMatchObject(driver);
    expect(await refusedWith("driver", "n1", await bearer("n1", "driver"))).toBe("accept");
  });

  test("P42: given a token that expires, its socket is closed with 4001 then, and not before", async () => {
    const passenger = await town.connect("passenger", "p1", 60);
    await town.clock.advance(59_000);
    expect(passenger.closed).toBeNull();
    await town.clock.advance(1_000);
    expect(passenger.closed).toBe(4001);
  });

  test("P42: given a token of 30 days, its socket is not closed by a timer that overflows", async () => {
    const passenger = await town.connect("passenger", "p1", 30 * 86_400);
    await town.clock.advance(0);
    expect(passenger.closed).toBeNull();
  });
});

describe("a driver's connection", () => {
  test("P34: given a driver never seen, the welcome comes first and says offline", async () => {
    const driver = await town.connect("driver", "d1");
    expect(driver.heard).toMatchObject([
      {
        type: "welcome",
        server_time: town.clock.wall(),
        resume: { status: "offline", order: null, offers: [] },
      },
    ]);
  });

  test("P34: given an offer and then a trip, each new connection is told of it as it stands", async () => {
    const driver = await town.driverAt("d1", centre);
    const passenger = await town.connect("passenger", "p1");
    await passenger.say(request);
    const offer = driver.last("new_order");
    await town.clock.advance(1_000);
    const second = await town.connect("driver", "d1");
    expect(second.heard[0]!["resume"]).toMatchObject({ status: "offered", order: null });
    expect(second.heard[0]!["resume"].offers).toEqual([
      { ...offer, expires_in_ms: offer["expires_in_ms"] - 1_000 },
    ]);
    await second.say({
      type: "accept_order",
      id: "a",
      order_id: offer["order_id"],
      offer_id: offer["offer_id"],
    });
    const third = await town.connect("driver", "d1");
    const { order, status } = third.heard[0]!["resume"];
    expect(status).toBe("en_route");
    expect(order).toMatchObject({
      full: true,
      order_id: offer["order_id"],
      seq: 3,
      state: "accepted",
      pickup: centre,
    });
    expect(order).not.toHaveProperty("passenger_id");
    expect(third.all("order_update"), "what the welcome says is not said again").toEqual([]);
  });

  test("P34: given an offer on its way while the driver reconnects, it is in the welcome, and not sent before it", async () => {
    await town.driverAt("d1", centre);
    const passenger = await town.connect("passenger", "p1");
    const open = await town.admit("driver", "d1");
    town.lookupMs = 300;
    await passenger.say(request);
    const again = open();
    await town.clock.advance(2_000);
    expect(again.heard.map(({ type }) => type)).toEqual(["welcome"]);
    expect(again.heard[0]!["resume"].offers).toHaveLength(1);
  });

  describe("an acceptance that is decided, and then refused by the log", () => {
    let passenger: Client;
    let offer: Message;
    const accept = () =>
      town.city.market.submit(
        {
          to: { kind: "trip", id: offer["order_id"] },
          event: { type: "offer.accepted", offerId: offer["offer_id"], driverId: "d1" },
          by: "driver",
          key: null,
          hash: 0,
        },
        () => {},
      );
    beforeEach(async () => {
      const driver = await town.driverAt("d1", centre);
      passenger = await town.connect("passenger", "p1");
      await passenger.say(request);
      offer = driver.last("new_order");
      await driver.hangUp();
      town.tables.claims.set("d1", "ghost");
      town.tables.down = true;
    });

    test("P34, E4: given it, when the driver connects after it, then the welcome has the offer and no trip", async () => {
      accept();
      const again = await town.connect("driver", "d1");
      heal(town.tables);
      await settle();
      expect(again.heard).toMatchObject([
        {
          type: "welcome",
          resume: { status: "offered", order: null, offers: [{ offer_id: offer["offer_id"] }] },
        },
      ]);
    });

    test("S6, E4: given it, when the driver connects before it, then the passenger does not hear where they are", async () => {
      await (await town.connect("passenger", "p2")).say({ ...request, pickup: farFromDrivers });
      const again = await town.connect("driver", "d1");
      accept();
      heal(town.tables);
      await settle();
      expect(again.heard).toMatchObject([{ type: "welcome", resume: { status: "offered" } }]);
      await again.say({ type: "driver_location", ...centre });
      expect(passenger.all("driver_location")).toEqual([]);
    });
  });

  test("P34: given messages sent before the welcome, they are heard after it, in order", async () => {
    const driver = await town.driverAt("d1", centre);
    await driver.hangUp();
    town.tables.down = true;
    town.city.market.submit(
      { to: { kind: "driver", id: "d1" }, event: { type: "pause" }, by: "driver", key: null, hash: 0 },
      () => {},
    );
    const again = await town.connect("driver", "d1");
    await again.say({ type: "driver_status", id: "s1", status: "available" });
    expect(again.heard).toEqual([]);
    town.tables.down = false;
    for (const resolve of town.tables.waiting.splice(0)) resolve();
    await settle();
    await settle();
    expect(again.heard.map(({ type }) => type)).toEqual(["welcome", "ack"]);
    expect(again.heard[0]!["resume"].status).toBe("paused");
  });

  test("P37: given more messages than may wait for the welcome, the socket is closed with 1008", async () => {
    await (await town.driverAt("d1", centre)).hangUp();
    town.tables.down = true;
    town.city.market.submit(
      { to: { kind: "driver", id: "d1" }, event: { type: "pause" }, by: "driver", key: null, hash: 0 },
      () => {},
    );
    const waiting = await town.connect("driver", "d1");
    for (let i = 0; i < 64; i++) await waiting.say({ type: "driver_status", status: "available" });
    expect(waiting.closed).toBeNull();
    await waiting.say({ type: "driver_status", status: "available" });
    expect(waiting.closed).toBe(1008);
  });

  test("P39: given one message for many, it is encoded once for each kind", () => {
    const frames: unknown[] = [];
    const lines = (["json", "msgpack", "json", "msgpack"] as const).map((kind) => {
      const line = createLine(kind);
      const send = (frame: unknown) => (frames.push(frame), "sent" as const);
      line.attach({ state: null, open: true, send, buffered: () => 0, close: () => {} });
      return line;
    });
    const message = { type: "ack" as const, id: "a" };
    for (const line of lines) line.push(message);
    expect([typeof frames[0], frames[1]]).toEqual(["string", expect.any(Uint8Array)]);
    expect(frames[3], "the same bytes").toBe(frames[1]);
    lines[0]!.push({ ...message, id: "b" });
    expect(frames[4]).toBe('{"type":"ack","id":"b"}');
  });

  test("P34: given a log that does not answer, the socket is closed instead of a wrong welcome", async () => {
    const driver = await town.driverAt("d1", centre);
    await driver.hangUp();
    town.tables.down = true;
    town.city.market.submit(
      { to: { kind: "driver", id: "d1" }, event: { type: "pause" }, by: "driver", key: null, hash: 0 },
      () => {},
    );
    const again = await town.connect("driver", "d1");
    await town.clock.advance(5_000);
    expect([again.heard, again.closed]).toEqual([[], 1013]);
  });

  test("P35: given a newer connection of the same driver, the older is closed with 4003, and no grace begins", async () => {
    const older = await town.driverAt("d1", centre);
    const newer = await town.connect("driver", "d1");
    expect([older.closed, newer.closed]).toEqual([4003, null]);
    await town.clock.advance(60_000);
    expect(lostAt(town.city, "d1")).toBeNull();
    await newer.say({ type: "driver_location", ...centre });
    await (await town.connect("passenger", "p1")).say(request);
    expect(newer.all("new_order")).toHaveLength(1);
  });

  test("P41: given ten frames in a minute that are no messages, the socket is closed with 1008", async () => {
    const driver = await town.connect("driver", "d1");
    const nonsense = () => driver.sayBytes(new Uint8Array([0xc1]), true);
    for (let i = 0; i < 9; i++) await nonsense();
    await town.clock.advance(60_001);
    for (let i = 0; i < 9; i++) await nonsense();
    expect(driver.closed).toBeNull();
    expect(driver.all("error").map(({ error }) => error.code)).toEqual(Array(18).fill("malformed"));
    await nonsense();
    expect(driver.closed).toBe(1008);
  });

  test("P38: given a driver who does not read, a push closes the socket with 4008", async () => {
    const driver = await town.driverAt("d1", centre);
    driver.slow = true;
    await (await town.connect("passenger", "p1")).say(request);
    expect(driver.closed).toBe(4008);
  });

  test("P43: given a message of unknown type with an id, the error carries the id", async () => {
    const driver = await town.connect("driver", "d1");
    await driver.say({ type: "fly", id: "f1" });
    expect(driver.last("error")).toMatchObject({ id: "f1", error: { code: "unknown_type" } });
    expect(town.session.refusals).toEqual({ unknown_type: 1 });
  });

  test.each(["driver", "passenger", "admin"] as const)(
    "P200: given the open socket of a %s, when a heartbeat comes, then it is acknowledged with its id, and nothing is written",
    async (role) => {
      const client = await town.connect(role, `${role[0]}1`);
      const rows = town.tables.rows.length;
      for (const id of ["h", "h"]) await client.say({ type: "heartbeat", id });
      await client.say({ type: "heartbeat" });
      expect(client.heard.slice(1)).toEqual(["h", "h"].map((id) => ({ type: "ack", id })));
      expect(town.tables.rows.length).toBe(rows);
    },
  );
});

describe("grace", () => {
  test("P33: given a closed socket, the driver is lost when the grace is over, and back when they return", async () => {
    const driver = await town.driverAt("d1", centre);
    await driver.hangUp();
    await town.clock.advance(9_999);
    expect(lostAt(town.city, "d1")).toBeNull();
    expect(nearCentre().found.length, "a candidate during the grace").toBe(1);
    await town.clock.advance(1);
    expect(lostAt(town.city, "d1")).not.toBeNull();
    expect(nearCentre().found).toEqual([]);
    await town.connect("driver", "d1");
    expect(lostAt(town.city, "d1")).toBeNull();
  });

  test("P33: given a return within the grace, nothing is logged", async () => {
    await (await town.driverAt("d1", centre)).hangUp();
    const rows = town.tables.rows.length;
    await town.clock.advance(5_000);
    await town.connect("driver", "d1");
    await town.clock.advance(60_000);
    expect(town.tables.rows.slice(rows)).toEqual([]);
  });

  test("P33: given a socket that closes before its welcome, the grace is not forgotten", async () => {
    await (await town.driverAt("d1", centre)).hangUp();
    const open = await town.admit("driver", "d1");
    void open().hangUp();
    await town.clock.advance(10_000);
    expect(lostAt(town.city, "d1")).not.toBeNull();
  });

  test("P81: given a socket that is gone before going online is written, the driver is lost when the grace is over", async () => {
    const driver = await town.driverAt("d1", centre);
    await driver.say({ type: "driver_status", status: "offline" });
    town.tables.down = true;
    await driver.say({ type: "driver_status", status: "available" });
    await driver.hangUp();
    await town.clock.advance(12_000);
    heal(town.tables);
    await settle();
    expect(lostAt(town.city, "d1")).not.toBeNull();
  });

  test("P81: given a socket that is gone before going online is decided, the grace begins with it", async () => {
    const driver = await town.connect("driver", "d1");
    void driver.say({ type: "driver_status", status: "available" }); // the log is asked who they are
    void driver.hangUp();
    await settle();
    expect(lostAt(town.country, "d1")).toBeNull();
    await town.clock.advance(9_999);
    expect(lostAt(town.country, "d1")).toBeNull();
    await town.clock.advance(1);
    expect(lostAt(town.country, "d1")).not.toBeNull();
  });

  test("P33: given a driver who is offline, a closed socket means nothing", async () => {
    const driver = await town.driverAt("d1", centre);
    await driver.say({ type: "driver_status", status: "offline" });
    await driver.hangUp();
    const rows = town.tables.rows.length;
    await town.clock.advance(60_000);
    expect(town.tables.rows.slice(rows)).toEqual([]);
  });
});
