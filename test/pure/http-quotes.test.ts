import { type World, dropoff, openWorld, pickup } from "./http-world.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { createQuotes } from "../../src/session/quotes.ts";
import { passengerId } from "../../src/domain/ids.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
const p1 = ["p1", "passenger"] as const;
const METRE = 1 / 111_195;
const ride = { pickup, dropoff };
const quoted = async (body: object = ride) => {
  const { status, body: told } = await world.told("POST /quotes", { as: p1, body });
  expect(status).toBe(201);
  return told as { quote_id: string; fare: object; distance_m: number; expires_at: string };
};
const request = (quote_id: string, more: object = {}, as: readonly [string, "passenger"] = p1) =>
  world.told("POST /trips", { as, body: { ...ride, quote_id, ...more } });

describe("quotes", () => {
  test("P60: given a quote, when its ride is requested, also from a few metres off, then the trip has that fare", async () => {
    await world.drive("d1", 0.001);
    const { quote_id, fare, expires_at, ...rest } = await quoted();
    expect(quote_id).toMatch(/^[A-Za-z0-9_-]{64}$/);
    expect(rest).toMatchObject({
      pickup_eta_s: expect.any(Number) as number,
      duration_s: expect.any(Number) as number,
    });
    expect(Date.parse(expires_at)).toBeGreaterThan(world.place.market.now() + 298_000);
    await world.clock.advance(60_000);
    const moved = { pickup: { ...pickup, lat: pickup.lat + 8 * METRE } };
    const { status, body } = await request(quote_id, moved);
    expect([status, body["fare"]]).toEqual([201, fare]);
  });

  test("P174: given a market that names its vehicle types, when another is asked for, then it is invalid and named, in quotes and requests", async () => {
    Object.assign(world.place, { policy: { ...world.place.policy, vehicleTypes: ["standard", "van"] } });
    const refused = {
      status: 422,
      body: {
        error: {
          code: "invalid",
          fields: [{ path: "vehicle_type", message: "is none of standard, van" }],
        },
      },
    };
    const body = { ...ride, vehicle_type: "helicopter" };
    expect(await world.told("POST /quotes", { as: p1, body })).toMatchObject(refused);
    expect(await world.told("POST /trips", { as: p1, body })).toMatchObject(refused);
    const van = { as: p1, body: { ...ride, vehicle_type: "van" } };
    expect((await world.told("POST /trips", van)).status).toBe(201);
  });

  test("P60: without a driver near, the quote has no time to the pickup", async () => {
    expect(await quoted()).toMatchObject({ pickup_eta_s: null });
  });

  test("P60: given dearer fares, a quote of before still holds, and a ride without one costs what it costs now", async () => {
    const { quote_id, fare } = await quoted();
    const place = {
      ...world.place,
      policy: { ...world.place.policy, fare: { ...world.place.policy.fare, minimum: 999_999 } },
    };
    const wish = { ...ride, vehicleType: "standard", passenger: passengerId("p1") };
    const quotes = createQuotes("s".repeat(32));
    expect(quotes.redeem(place, wish, quote_id)?.fare).toEqual(fare);
    expect(quotes.give(place, wish).fare.amount).toBe(999_999);
    expect(createQuotes("another secret").redeem(place, wish, quote_id)).toBeNull();
  });

  test("P60: a quote that is over, another's, for another ride, or made up is quote_expired", async () => {
    const { quote_id } = await quoted();
    const far = { pickup: { ...pickup, lat: pickup.lat + 15 * METRE } };
    const refused = [
      await request(quote_id, far),
      await request(quote_id, { dropoff: pickup }),
      await request(quote_id, { vehicle_type: "van" }),
      await request(quote_id, {}, ["p2", "passenger"]),
      await request("made-up"),
      await request(`A${quote_id.slice(1)}` === quote_id ? `B${quote_id.slice(1)}` : `A${quote_id.slice(1)}`),
    ];
    await world.clock.advance(300_000);
    refused.push(await request(quote_id));
    for (const { status, body } of refused)
      expect([status, (body["error"] as { code: string }).code]).toEqual([409, "quote_expired"]);
  });

  test("P123: given a dropoff further than the market serves, then neither quote nor trip, over 400 km as over half the earth", async () => {
    for (const lng of [pickup.lng + 4.6, pickup.lng - 180]) {
      const far = { pickup, dropoff: { lat: pickup.lat, lng } };
      for (const call of ["POST /quotes", "POST /trips"]) {
        const { status, body } = await world.told(call, { as: p1, body: far });
        expect([status, body["error"]]).toEqual([
          422,
          expect.objectContaining({
            code: "outside_area",
            fields: [expect.objectContaining({ path: "dropoff" })],
          }),
        ]);
      }
    }
  });

  test("P52: no quote outside every service area, nor for anybody but a passenger", async () => {
    const south = { pickup: { lat: -10, lng: 5 }, dropoff };
    expect(await world.codeOf("POST /quotes", { as: p1, body: south })).toEqual([422, "outside_area"]);
    expect(await world.codeOf("POST /quotes", { as: ["a", "admin"], body: ride })).toEqual([
      403,
      "forbidden",
    ]);
  });
});
