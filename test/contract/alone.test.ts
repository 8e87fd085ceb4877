import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { type Client, type Kind, type Message, type Place } from "./alone-client.ts";
import { call, newKey, openClient, signToken } from "./alone-client.ts";

// A trip as told by the outside contract alone: nothing here or in `alone-client.ts` knows the server's code.

const secret = "known to the operator and to the server";
const codes =
  "malformed unauthenticated token_expired forbidden not_found method_not_allowed illegal_now already_exists trip_live offer_expired offer_withdrawn driver_unavailable wrong_order bad_code key_reused quote_expired outside_area invalid unknown_type too_large rate_limited busy unavailable internal";

describe("a client written from the contract page alone", () => {
  let database: Database;
  let server: ServerProcess;
  beforeAll(async () => {
    database = await freshDatabase();
    server = await newServer({ DATABASE_URL: database.url, DG_JWT_SECRET: secret });
    await server.start();
  });
  afterAll(async () => {
    await server.remove();
    await database.drop();
  });

  const operator = signToken(secret, "operator-1", "admin");
  const get = (path: string, token: string) => call(server.url + path, token);
  const post = (path: string, token: string | undefined, body: object) =>
    call(server.url + path, token, body);
  const open = (path: string, token: string, kind: Kind): Promise<Client> =>
    openClient(server.socketUrl + path, token, kind);

  const register = async (kind: Kind, who: "drivers" | "passengers", name: string) => {
    const { status, body } = await post(`/${who}/register`, undefined, {
      email: `${name}.${kind}@example.com`,
      first_name: name,
      ...(who === "drivers" && { vehicle_type: "standard", license_plate: `01 ${name} TJ` }),
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return { id: String(body[who === "drivers" ? "driver_id" : "passenger_id"]), token: String(body.token) };
  };
  const goOnline = async (kind: Kind, name: string, place: Place) => {
    const { id, token } = await register(kind, "drivers", name);
    const client = await open(`/ws/driver/${id}`, token, kind);
    expect(client.welcome).toMatchObject({ type: "welcome", server_time: expect.any(Number) });
    expect(client.welcome["resume"]).toMatchObject({ status: "offline", order: null, offers: [] });
    await client.order({ type: "driver_status", status: "available" });
    client.ping(place);
    return { id, token, client };
  };

  /** The updates of a trip that a connection heard. */
  const updatesOf = (client: Client, tripId: string): Message[] =>
    client.heard.filter((message) => message["type"] === "order_update" && message["order_id"] === tripId);
  const updateTo = (client: Client, tripId: string, status: string): Promise<Message> =>
    client.heardOf("order_update", (update) => update["order_id"] === tripId && update["status"] === status);
  const contiguousFrom = (first: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => first + i);

  const expectRefusal = (error: any, ...allowed: string[]): void => {
    expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(codes.split(" ")).toContain(error.code);
    expect(allowed).toContain(error.code);
    if (error.code === "illegal_now")
      expect(error).toMatchObject({ status: expect.any(String), legal: expect.any(Array) });
  };

  const stories: [Kind, Place][] = [
    ["JSON", { lat: 38.56, lng: 68.78 }],
    ["MessagePack", { lat: 38.6, lng: 68.74 }],
  ];
  test.each(stories)(
    "P1, P32, P34, P51, T28 and D20: it completes a trip in %s, reassignment and resume included",
    async (kind, pickup) => {
      const north = (metres: number): Place => ({ lat: pickup.lat + metres / 111_195, lng: pickup.lng });
      const dropoff = north(2_500);
      const first = await goOnline(kind, "Anor", north(40));
      const second = await goOnline(kind, "Bahor", north(300));
      const { id, token } = await register(kind, "passengers", "Zarina");
      let rider = await open(`/ws/passenger/${id}`, token, kind);
      expect(rider.welcome["resume"]).toEqual({ order_ids: [] });

      // Both cars are on the map, under names that are not theirs.
      await rider.order({ type: "watch_nearby", ...pickup, radius_m: 1_000 });
      const onMap = new Set<string>();
      await rider.heardOf("driver_location", (frame) => {
        for (const car of frame["drivers"] ?? []) onMap.add(car.driver_id);
        for (const gone of frame["gone"] ?? []) onMap.delete(gone);
        return onMap.size === 2;
      });
      expect([...onMap]).not.toContain(first.id);

      const { status, body: quote } = await post("/quotes", token, { pickup, dropoff });
      expect(status).toBe(201);
      expect(quote.fare).toEqual({ amount: expect.any(Number), currency: "TJS" });
      expect(Date.parse(quote.expires_at)).toBeGreaterThan(Date.now());

      const request = {
        type: "request_trip",
        id: newKey(),
        pickup: { lat: pickup.lat, lon: pickup.lng },
        dropoff,
        quote_id: quote.quote_id,
      };
      const requested = await rider.order(request);
      const trip = String(requested["order_id"]);
      expect(await rider.order(request), "the same key again").toEqual(requested);

      // Driver 1 is asked and says yes.
      const offer = await first.client.heardOf("new_order", ({ order_id }) => order_id === trip);
      expect(offer).toMatchObject({ fare: quote.fare, passenger: { first_name: "Zarina" } });
      const answer = { order_id: trip, offer_id: offer["offer_id"] };
      await first.client.order({ type: "offer_received", ...answer });
      const acceptance = { type: "accept_order", id: newKey(), ...answer };
      const accepted = await first.client.order(acceptance);
      expect(await first.client.order(acceptance), "a second click, same key").toEqual(accepted);
      expect(await updateTo(rider, trip, "accepted")).toMatchObject({ driver: { driver_id: first.id } });
      expectRefusal((await rider.ask({ ...request, id: newKey() }))["error"], "trip_live");

      // The operator gives the trip to driver 2.
      const assign = { driver_id: second.id, reason: "nearer to the exit" };
      expectRefusal((await post(`/trips/${trip}/assign`, token, assign)).body.error, "forbidden");
      const assigned = await post(`/trips/${trip}/assign`, operator, assign);
      expect(assigned.status, JSON.stringify(assigned.body)).toBe(200);
      expect(await first.client.heardOf("cancel_order", ({ order_id }) => order_id === trip)).toMatchObject({
        reason: expect.stringContaining("reassigned"),
        seq: expect.any(Number),
      });
      const given = await second.client.heardOf(
        "new_order",
        ({ order_id, assigned }) => order_id === trip && assigned === true,
      );
      expect(given).not.toHaveProperty("offer_id");
      await rider.heardOf("order_update", ({ driver }) => driver?.driver_id === second.id);
      expectRefusal(
        (await first.client.ask({ type: "driver_departed", order_id: trip }))["error"],
        "wrong_order",
        "illegal_now",
      );

      // Both lose their network: driver 2 is told their order, the passenger what they missed.
      second.client.drop();
      const before = updatesOf(rider, trip);
      rider.drop();
      const driver = await open(`/ws/driver/${second.id}`, second.token, kind);
      expect(driver.welcome["resume"]).toMatchObject({
        status: "en_route",
        order: { type: "order_update", order_id: trip, status: "accepted", seq: expect.any(Number) },
        offers: [],
      });
      const departed = await driver.order({ type: "driver_departed", order_id: trip });
      rider = await open(`/ws/passenger/${id}`, token, kind);
      expect(rider.welcome["resume"]).toEqual({ order_ids: [trip] });
      await rider.order({ type: "subscribe", order_id: trip, since_seq: before.at(-1)!["seq"] });
      await updateTo(rider, trip, "en_route");
      expect(updatesOf(rider, trip).at(-1)!["seq"]).toBeGreaterThanOrEqual(departed["seq"]);

      // To the pickup, pinging until the passenger sees the car there.
      const drive = setInterval(() => driver.ping(north(5 + Math.random())), 250);
      try {
        await rider.heardOf(
          "driver_location",
          ({ order_id, driver_id, lat }) =>
            order_id === trip && driver_id === second.id && lat < north(20).lat,
        );
      } finally {
        clearInterval(drive);
      }
      await driver.order({ type: "driver_arrived", order_id: trip });
      await updateTo(rider, trip, "arrived");
      await driver.order({ type: "start_trip", order_id: trip });
      await updateTo(rider, trip, "in_progress");
      await driver.order({ type: "complete_trip", order_id: trip, distance_m: 2_600 });
      await updateTo(rider, trip, "completed");

      const after = updatesOf(rider, trip);
      expect(after.filter(({ full }) => full === true)).toEqual([]);
      // One a row, also for who repeated the request.
      const seqs = [...before, ...after].map(({ seq }) => Number(seq));
      expect(seqs).toEqual(contiguousFrom(1, seqs.length));
      expect(after.at(-1), "the receipt").toMatchObject({ status: "completed", fare: quote.fare });
      await rider.order({ type: "rate_trip", order_id: trip, stars: 5, tip: 100 });

      // Second clicks, and words that are none, are refused in the one shape.
      const again = { type: "complete_trip", order_id: trip };
      expectRefusal((await driver.ask(again))["error"], "illegal_now", "wrong_order");
      expectRefusal((await rider.ask({ type: "cancel_trip", order_id: trip }))["error"], "illegal_now");
      const rated = await rider.ask({ type: "rate_trip", order_id: trip, stars: 1 });
      expectRefusal(rated["error"], "already_exists");
      const cancelled = await post(`/trips/${trip}/cancel`, token, { reason: "too late" });
      expect(cancelled.status).toBe(409);
      expectRefusal(cancelled.body.error, "illegal_now");
      expect(cancelled.body.error.status).toBe("completed");
      const reassigned = await post(`/trips/${trip}/assign`, operator, { driver_id: first.id });
      expect(reassigned.status).toBe(409);
      expectRefusal(reassigned.body.error, "illegal_now");
      driver.babble();
      const babbled = await driver.heardOf("error", ({ error }) => error.code === "malformed");
      expect(babbled).not.toHaveProperty("id");

      // The record, for the passenger and for the operator.
      const kept = await get(`/trips/${trip}`, token);
      expect(kept.status).toBe(200);
      expect(kept.body).toMatchObject({
        trip_id: trip,
        passenger_id: id,
        status: "completed",
        seq: seqs.at(-1),
        fare: quote.fare,
        driver: { driver_id: second.id, first_name: "Bahor", license_plate: "01 Bahor TJ" },
        cancelled_at: null,
      });
      expect(new Date(kept.body.completed_at).toISOString()).toBe(kept.body.completed_at);
      const events = await get(`/trips/${trip}/events`, operator);
      expect(events.status).toBe(200);
      expect(events.body.items.map(({ seq }: Message) => seq)).toEqual(contiguousFrom(1, seqs.at(-1)!));
      expect((await get(`/trips/${trip}/events`, token)).status).toBe(403);
      await expect
        .poll(async () => JSON.stringify((await get(`/trips/${trip}/why`, operator)).body))
        .toContain(first.id);

      for (const client of [first.client, driver]) {
        await client.order({ type: "driver_status", status: "offline" });
        client.drop();
      }
      rider.drop();
    },
  );
});
