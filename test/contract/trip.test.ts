import { type Kind, type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { transports } from "../fixtures/transports.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The main job over real sockets, as a client sees it.

describe.each(transports)("P91: transport $name", ({ name }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(undefined, name);
  });
  afterAll(() => server.close());

  const pickup = { lat: 38.56, lng: 68.78 };
  const dropoff = { lat: 38.58, lng: 68.8 };
  let passengers = 0;

  const newPassenger = async (kind: Kind = "json") => {
    const id = `rider-${++passengers}`;
    const token = await server.token(id, "passenger");
    const wire = await server.open(`/ws/passenger/${id}`, token, kind);
    await wire.next("welcome");
    return { id, token, wire };
  };
  /** Near `pickup`, moved north by so many metres. */
  const driverAt = async (north: number, kind: Kind = "json", position = pickup) => {
    const { id, token } = await server.newDriver();
    const wire = await server.open(`/ws/driver/${id}`, token, kind);
    const welcome = await wire.next("welcome");
    wire.send({ type: "driver_status", id: "s1", status: "available" });
    await wire.next("ack", (ack) => ack["id"] === "s1");
    wire.send({ type: "driver_location", id: "l1", lat: position.lat + north / 111_195, lon: position.lng });
    await wire.next("ack", (ack) => ack["id"] === "l1");
    return { id, token, wire, welcome };
  };
  const off = async (wire: Wire) => {
    wire.send({ type: "driver_status", id: "off", status: "offline" });
    await wire.next("ack", (ack) => ack["id"] === "off");
    wire.close();
  };

  describe.each<Kind>(["json", "msgpack"])("a whole trip in %s", (kind) => {
    test("P30: given a request and a driver nearby, then both hear every step, seq by seq, to completion", async () => {
      const driver = await driverAt(90, kind);
      const rider = await newPassenger(kind);
      expect(driver.welcome).toMatchObject({ resume: { status: "offline", order: null, offers: [] } });

      rider.wire.send({ type: "request_trip", id: "r1", pickup, dropoff });
      const ack = await rider.wire.next("ack");
      const order_id = ack["order_id"] as string;
      expect(ack).toEqual({ type: "ack", id: "r1", order_id, seq: 1 });

      const offer = await driver.wire.next("new_order");
      expect(offer).toMatchObject({
        order_id,
        pickup,
        expires_in_ms: expect.any(Number),
        fare: { currency: "TJS" },
      });
      expect(offer["pickup_distance_m"]).toBeGreaterThan(80);
      const { offer_id } = offer;
      const steps = [
        { type: "offer_received", order_id, offer_id },
        { type: "accept_order", order_id, offer_id },
        { type: "driver_departed", order_id },
        { type: "driver_location", ...pickup },
        { type: "driver_arrived", order_id },
        { type: "start_trip", order_id },
        { type: "driver_location", ...dropoff },
        { type: "complete_trip", order_id, distance_m: 4_100 },
      ];
      for (const [i, step] of steps.entries()) {
        driver.wire.send({ ...step, id: `d${i}` });
        expect(await driver.wire.next("ack", (one) => one["id"] === `d${i}`)).toBeDefined();
      }
      const last = await rider.wire.next("order_update", (update) => update["status"] === "completed");
      const updates = rider.wire.received.filter((one) => one.type === "order_update");
      expect(updates.map((one) => one["seq"])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(updates.map((one) => one["status"])).toEqual([
        "requested",
        "requested",
        "requested",
        "accepted",
        "en_route",
        "arrived",
        "in_progress",
        "completed",
      ]);
      expect(updates[3]).toMatchObject({ driver: { driver_id: driver.id, first_name: "Dilshod" } });
      expect(last).toMatchObject({ seq: 8 });

      const reply = await server.call("GET", `/trips/${order_id}`, rider.token);
      expect(reply).toMatchObject({ status: 200, body: { trip_id: order_id, status: "completed", seq: 8 } });
      expect(reply.body.fare.amount).toBeGreaterThan(0);
      await off(driver.wire);
      rider.wire.close();
    });
  });

  describe("keys and refusals over sockets", () => {
    test("P12: given a repeat with the same id, then the same ack and one trip; with other content key_reused; another trip trip_live", async () => {
      const rider = await newPassenger();
      const request = { type: "request_trip", id: "k1", pickup, dropoff };
      rider.wire.send(request);
      rider.wire.send(request);
      const first = await rider.wire.next("ack");
      const second = await rider.wire.next("ack");
      expect(second).toEqual(first);
      rider.wire.send({ ...request, note: "blue door" });
      expect(await rider.wire.next("error")).toMatchObject({ id: "k1", error: { code: "key_reused" } });
      rider.wire.send({ ...request, id: "k2" });
      expect(await rider.wire.next("error")).toMatchObject({ id: "k2", error: { code: "trip_live" } });

      const again = await server.call(
        "POST",
        "/trips",
        rider.token,
        { pickup, dropoff },
        { "idempotency-key": "k1" },
      );
      expect(again).toMatchObject({
        status: 201,
        body: { trip_id: first["order_id"], status: "requested", seq: 1 },
      });
      rider.wire.send({ type: "cancel_trip", id: "c1", order_id: first["order_id"] });
      await rider.wire.next("ack", (ack) => ack["id"] === "c1");
      rider.wire.close();
    });

    test("P8: given what the statechart does not allow now, then illegal_now with the status and what is legal", async () => {
      const driver = await driverAt(200);
      const rider = await newPassenger();
      rider.wire.send({ type: "request_trip", id: "r1", pickup, dropoff });
      const { order_id, offer_id } = await driver.wire.next("new_order");
      driver.wire.send({ type: "accept_order", id: "a1", order_id, offer_id });
      await driver.wire.next("ack", (ack) => ack["id"] === "a1");
      driver.wire.send({ type: "complete_trip", id: "x1", order_id });
      expect(await driver.wire.next("error")).toMatchObject({
        id: "x1",
        error: {
          code: "illegal_now",
          status: "accepted",
          legal: ["cancel_order", "driver_arrived", "driver_departed"],
        },
      });
      driver.wire.send({ type: "dance", id: "x2" });
      expect(await driver.wire.next("error")).toMatchObject({ id: "x2", error: { code: "unknown_type" } });
      driver.wire.send({ type: "driver_location", id: "x3", lat: 95, lng: 1 });
      expect(await driver.wire.next("error")).toMatchObject({
        id: "x3",
        error: { code: "invalid", fields: [{ path: "lat" }] },
      });
      driver.wire.raw("{not json");
      expect(await driver.wire.next("error")).toMatchObject({ error: { code: "malformed" } });
      rider.wire.send({ type: "cancel_trip", order_id, id: "c" });
      expect(await driver.wire.next("cancel_order")).toMatchObject({ order_id, reason: "cancelled" });
      await off(driver.wire);
      rider.wire.close();
    });

    test("P35: given a second connection of the same user, then the first is closed with 4003", async () => {
      const { id, token } = await server.newDriver();
      const first = await server.open(`/ws/driver/${id}`, token);
      await server.open(`/ws/driver/${id}`, token).then((second) => second.next("welcome"));
      expect(await first.closed).toMatchObject({ code: 4003 });
    });

    test("S5: given no token, somebody else's or an unregistered driver's, then 401 or 403 at the upgrade", async () => {
      const { id, token } = await server.newDriver();
      await expect(server.open(`/ws/driver/${id}`, "nonsense")).rejects.toThrow("401");
      await expect(server.open(`/ws/driver/another`, token)).rejects.toThrow("403");
      await expect(server.open(`/ws/passenger/${id}`, token)).rejects.toThrow("403");
      await expect(server.open(`/ws/driver/ghost`, await server.token("ghost", "driver"))).rejects.toThrow(
        "403",
      );
      await expect(server.open(`/ws/admin`, token)).rejects.toThrow("403");
    });
  });

  describe("coming back", () => {
    test("P34: given a server that is restarted in the middle of a trip, then both sides resume and the trip goes on", async () => {
      const driver = await driverAt(150);
      const rider = await newPassenger();
      rider.wire.send({ type: "request_trip", id: "r1", pickup, dropoff });
      const { order_id, offer_id } = await driver.wire.next("new_order");
      driver.wire.send({ type: "accept_order", id: "a1", order_id, offer_id });
      await driver.wire.next("ack", (ack) => ack["id"] === "a1");
      await server.restart();
      expect((await driver.wire.closed).code).toBe(1001);

      const back = await server.open(`/ws/driver/${driver.id}`, driver.token);
      expect(await back.next("welcome")).toMatchObject({
        resume: { status: "en_route", order: { order_id, status: "accepted", full: true }, offers: [] },
      });
      back.send({ type: "accept_order", id: "a1", order_id, offer_id });
      expect(await back.next("ack")).toMatchObject({ id: "a1", order_id });

      const watching = await server.open(`/ws/passenger/${rider.id}`, rider.token);
      expect(await watching.next("welcome")).toMatchObject({ resume: { order_ids: [order_id] } });
      watching.send({ type: "subscribe", id: "s1", order_id, since_seq: 1 });
      await watching.next("order_update", (update) => update["seq"] === 3);
      back.send({ type: "cancel_order", id: "c1", order_id, reason: "flat tyre" });
      await watching.next("order_update", (update) => update["seq"] === 4);
      expect(watching.received.filter((one) => one.type === "order_update").map((one) => one["seq"])).toEqual(
        [2, 3, 4],
      );
      watching.send({ type: "cancel_trip", id: "c", order_id });
      await watching.next("order_update", (update) => update["status"] === "cancelled");
      await off(back);
      watching.close();
    });
  });

  describe("HTTP", () => {
    test("P57, S24: given idle drivers, then nearby is a bare array nearest first, with aliases for passengers, and match gives candidates", async () => {
      const place = { lat: 38.7, lng: 68.9 };
      const near = await driverAt(100, "msgpack", place);
      const far = await driverAt(1_500, "msgpack", place);
      const admin = await server.token("boss", "admin");
      const rider = await server.token("looker", "passenger");
      const path = `/drivers/nearby?lat=${place.lat}&lon=${place.lng}&radius=2`;
      // They went online before their first fix: their market takes them over a moment after it (P49).
      let seen = await server.call("GET", path, admin);
      while (seen.body.length < 2) seen = await server.call("GET", path, admin);
      expect(seen.status).toBe(200);
      expect(seen.body.map((one: { driver_id: string }) => one.driver_id)).toEqual([near.id, far.id]);
      expect(seen.body[0].distance_m).toBeLessThan(120);
      const masked = await server.call("GET", path, rider);
      expect(masked.body).toHaveLength(2);
      expect(masked.body[0].driver_id).not.toBe(near.id);
      const matched = await server.call("POST", "/v1/match", admin, { ...place, limit: 1 });
      expect(matched.body).toMatchObject({ candidates: [{ driver_id: near.id }] });
      expect((await server.call("POST", "/v1/match", rider, { ...place })).status).toBe(403);
      await off(near.wire);
      await off(far.wire);
    });

    test("P49: given a status and one position in a burst, then the driver is found where they are, without a second one", async () => {
      const { id, token } = await server.newDriver();
      const wire = await server.open(`/ws/driver/${id}`, token);
      await wire.next("welcome");
      const place = { lat: 38.5, lng: 68.6 };
      wire.send({ type: "driver_status", id: "s1", status: "available" });
      wire.send({ type: "driver_location", id: "l1", ...place });
      const admin = await server.token("boss", "admin");
      const path = `/drivers/nearby?lat=${place.lat}&lng=${place.lng}&radius=1`;
      let seen = await server.call("GET", path, admin);
      while (seen.body.length === 0) seen = await server.call("GET", path, admin);
      expect(seen.body).toMatchObject([{ driver_id: id }]);
      await off(wire);
    });

    test("P56: given an operator, when they assign a driver, then both are told and the driver need not answer", async () => {
      const driver = await driverAt(12_000);
      const rider = await newPassenger();
      rider.wire.send({ type: "request_trip", id: "r1", pickup, dropoff });
      const { order_id } = await rider.wire.next("ack");
      const admin = await server.token("boss", "admin");
      const near = `/drivers/nearby?lat=${pickup.lat}&lng=${pickup.lng}&radius=15`;
      const isSeen = (one: { driver_id: string }) => one.driver_id === driver.id;
      while (!(await server.call("GET", near, admin)).body.some(isSeen)); // P49: as above
      const assigned = await server.call("POST", `/trips/${order_id}/assign`, admin, {
        driver_id: driver.id,
        reason: "VIP",
      });
      expect(assigned).toMatchObject({
        status: 200,
        body: { status: "accepted", driver: { driver_id: driver.id } },
      });
      expect(await driver.wire.next("new_order")).toMatchObject({ order_id, assigned: true });
      await rider.wire.next("order_update", (update) => update["status"] === "accepted");
      const again = await server.call("POST", `/trips/${order_id}/assign`, admin, { driver_id: "nobody" });
      expect(again.status).toBe(409);
      expect(
        (await server.call("POST", `/trips/${order_id}/cancel`, admin, { reason: "test" })).body.status,
      ).toBe("cancelled");
      expect((await server.call("POST", `/trips/${order_id}/cancel`, rider.token)).status).toBe(409);
      await off(driver.wire);
      rider.wire.close();
    });

    test("P51: given bad input of any kind, then its documented error in the one shape, and nothing changed", async () => {
      const rider = await server.token("careless", "passenger");
      const cases: [number, string, string, string, string | undefined, unknown][] = [
        [401, "unauthenticated", "POST", "/trips", undefined, {}],
        [400, "malformed", "POST", "/trips", rider, "{"],
        [422, "invalid", "POST", "/trips", rider, { pickup: { lat: 0, lng: 0 }, dropoff }],
        [422, "invalid", "POST", "/trips", rider, { pickup, dropoff, note: "a\u0000b" }],
        [413, "too_large", "POST", "/trips", rider, { pickup, dropoff, note: "x".repeat(70_000) }],
        [404, "not_found", "GET", "/trips/none", rider, undefined],
        [404, "not_found", "GET", "/nowhere", rider, undefined],
        [405, "method_not_allowed", "DELETE", "/trips", rider, undefined],
        [403, "forbidden", "POST", "/trips/none/assign", rider, { driver_id: "d" }],
      ];
      for (const [status, code, method, path, token, body] of cases) {
        const reply = await server.call(method, path, token, body);
        expect({ status: reply.status, code: reply.body.error?.code }).toEqual({ status, code });
      }
      expect(await server.call("GET", "/metrics")).toMatchObject({ status: 200 });
    });
  });
});
