import { type Client, type Town, centre, dropoff, farAway, openTown, stateOf } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { EventRow } from "../../src/domain/row.ts";

let town: Town;
let passenger: Client;
beforeEach(async () => {
  town = await openTown();
  passenger = await town.connect("passenger", "p1");
});
const request = { type: "request_trip", id: "k1", pickup: centre, dropoff };
const codeOf = async (client: Client, message: object): Promise<string> => {
  const errors = client.all("error").length;
  await client.say(message);
  const error = client.all("error")[errors];
  return error ? error["error"].code : "ok";
};

describe("a passenger asks for a trip", () => {
  test("P45: given a request said twice with one key, there is one trip, and the answer is the same while it lives and after", async () => {
    await passenger.say(request);
    await passenger.say(request);
    const [first, second] = passenger.all("ack");
    expect(first).toMatchObject({ id: "k1", order_id: expect.any(String), seq: 1 });
    expect(second).toEqual(first);
    await passenger.say({ type: "cancel_trip", order_id: first!["order_id"] });
    await town.clock.advance(5_000);
    await passenger.say(request);
    expect(passenger.all("ack")[2]).toEqual(first);
    expect(town.tables.rows.filter((row) => row.type === "create")).toHaveLength(1);
  });

  test("P121: given a request said again, then who follows the trip hears nothing twice, and a new connection the whole trip and what comes", async () => {
    await passenger.say(request);
    await passenger.say(request);
    expect(passenger.all("order_update")).toMatchObject([{ seq: 1 }]);
    const again = await town.connect("passenger", "p1");
    await again.say(request);
    await again.say(request);
    expect(again.all("order_update")).toMatchObject([{ seq: 1, full: true }]);
    await again.say({ type: "cancel_trip", order_id: again.last("ack")["order_id"] });
    expect(again.all("order_update")).toMatchObject([{ seq: 1 }, { seq: 2, state: "cancelled" }]);
  });

  test("P123: given a dropoff further than the market serves, then it is refused and named, and the passenger stays free", async () => {
    const north = (metres: number) => ({ ...centre, lat: centre.lat + metres / 111_195 });
    await passenger.say({ ...request, dropoff: north(300_100) });
    expect(passenger.last("error")["error"]).toMatchObject({
      code: "outside_area",
      fields: [{ path: "dropoff", message: "is 301 km away, at most 300 km is served" }],
    });
    expect(await codeOf(passenger, { ...request, dropoff: north(299_900) })).toBe("ok");
  });

  test("P44: given the same key with other content, even for another market, key_reused", async () => {
    await passenger.say(request);
    expect(await codeOf(passenger, { ...request, note: "gate 3" })).toBe("key_reused");
    expect(await codeOf(passenger, { ...request, pickup: farAway })).toBe("key_reused");
    const { order_id } = passenger.last("ack");
    expect(await codeOf(passenger, { type: "cancel_trip", order_id })).toBe("ok");
    await passenger.say({ ...request, id: "k2", pickup: farAway });
    const there = passenger.last("ack")["order_id"];
    expect(await codeOf(passenger, { type: "cancel_trip", id: "k1", order_id: there })).toBe("key_reused");
    const other = await town.connect("passenger", "p2");
    expect(await codeOf(other, request), "keys are each user's own").toBe("ok");
  });

  test("P48: given a live trip, another is refused with trip_live in every market, and allowed once it ended", async () => {
    await passenger.say(request);
    expect(await codeOf(passenger, { ...request, id: "k2" })).toBe("trip_live");
    expect(await codeOf(passenger, { ...request, id: "k2", pickup: farAway })).toBe("trip_live");
    await passenger.say({ type: "cancel_trip", order_id: passenger.last("ack")["order_id"] });
    expect(await codeOf(passenger, { ...request, id: "k2" })).toBe("ok");
  });

  test("P48: given a hold of a trip that no market knows, it holds nobody", async () => {
    town.desk.holdPassenger("p1" as never, "never-written" as never);
    expect(await codeOf(passenger, request)).toBe("ok");
  });

  test("P48: given a request that the log refuses, it holds nobody", async () => {
    const day = Math.floor(town.city.market.now() / 86_400_000);
    town.tables.rows.push({ commandId: `${day}:passenger:p1:k1` } as EventRow);
    expect(await codeOf(passenger, request)).toBe("internal");
    expect(town.desk.liveTripOf("p1" as never)).toBeUndefined();
  });

  test("P48: given a quote nobody gave, it is refused, and the passenger stays free", async () => {
    expect(await codeOf(passenger, { ...request, quote_id: "q" })).toBe("quote_expired");
    expect(await codeOf(passenger, request)).toBe("ok");
  });

  test("S6: given the trip of another passenger, it can be neither cancelled nor followed, live or ended", async () => {
    await passenger.say(request);
    const { order_id } = passenger.last("ack");
    const other = await town.connect("passenger", "p2");
    const tried = async () => [
      await codeOf(other, { type: "cancel_trip", order_id }),
      await codeOf(other, { type: "subscribe", order_id }),
    ];
    expect(await tried()).toEqual(["forbidden", "forbidden"]);
    await passenger.say({ type: "cancel_trip", order_id });
    await town.clock.advance(5_000);
    expect(await tried()).toEqual(["forbidden", "forbidden"]);
    expect(await codeOf(passenger, { type: "cancel_trip", order_id })).toBe("illegal_now");
    expect(await codeOf(passenger, { type: "subscribe", order_id: "nothing" })).toBe("not_found");
  });

  test("P34: given a live trip, the welcome of a new connection names it; ended, it does not", async () => {
    await passenger.say(request);
    const { order_id } = passenger.last("ack");
    const again = await town.connect("passenger", "p1");
    expect(again.heard[0]).toMatchObject({ type: "welcome", resume: { order_ids: [order_id] } });
    expect(passenger.closed).toBe(4003);
    await again.say({ type: "cancel_trip", order_id });
    expect((await town.connect("passenger", "p1")).heard[0]!["resume"]).toEqual({ order_ids: [] });
  });
});

describe("an operator", () => {
  test("S6: given an operator, a trip is assigned to a driver who need not answer, and cancelled", async () => {
    const driver = await town.driverAt("d9", { lat: 38.7, lng: 68.9 }); // too far to be found
    await passenger.say(request);
    const { order_id } = passenger.last("ack");
    const admin = await town.connect("admin", "boss");
    expect(await codeOf(admin, { type: "assign_driver", order_id, driver_id: "d8" })).toBe(
      "driver_unavailable",
    );
    expect(await codeOf(admin, { type: "assign_driver", id: "a1", order_id, driver_id: "d9" })).toBe("ok");
    expect(driver.last("new_order")).toMatchObject({
      order_id,
      assigned: true,
      seq: 2,
      pickup_eta_s: expect.any(Number),
    });
    expect(passenger.last("order_update")).toMatchObject({ state: "accepted", driver: { driver_id: "d9" } });
    expect(driver.all("order_update"), "P120").toEqual([]);
    expect(await codeOf(admin, { type: "cancel_trip", id: "a2", order_id })).toBe("ok");
    expect(driver.last("cancel_order")).toMatchObject({ order_id });
    expect(passenger.last("order_update")).toMatchObject({ state: "cancelled", cancelled_by: "admin" });
    expect(stateOf(town.city, "driver", "d9")).toBe("idle");
  });
});
