import { type RideState, newRide, nextRide } from "../../web/src/ride/ride-model.ts";
import { describe, expect, test } from "vitest";
import type { OrderUpdate } from "../../src/protocol/server-messages.ts";
import { lookOf } from "../../web/src/ride/look-of.ts";
import { moneyText } from "../../web/src/app/told.ts";
import { tipsFor } from "../../web/src/ride/tips.ts";

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
const driver = {
  driver_id: "d1",
  first_name: "Dilshod",
  vehicle_type: "standard",
  license_plate: "0101TJ",
  lat: 38.57,
  lng: 68.79,
};
const fare = { amount: 1_850, currency: "TJS" };

const after = (state: RideState, ...events: Parameters<typeof nextRide>[1][]): RideState =>
  events.reduce(nextRide, state);
const update = (seq: number, status: OrderUpdate["status"], more: Partial<OrderUpdate> = {}) => ({
  is: "update" as const,
  update: { type: "order_update" as const, order_id: "t1", seq, status, state: status, at: seq, ...more },
});
const planned = after(newRide, { is: "place", at: pickup }, { is: "place", at: dropoff });

describe("what a passenger's page knows", () => {
  test("B43: given an empty plan, when the map is tapped, then the pickup is set, then the dropoff, and that again", () => {
    expect(planned.plan).toMatchObject({ pickup, dropoff, placing: "dropoff" });
    const again = after(planned, { is: "place", at: driver });
    expect(again.plan).toMatchObject({ pickup, dropoff: driver });
    const moved = after(planned, { is: "placing", kind: "pickup" }, { is: "place", at: driver });
    expect(moved.plan).toMatchObject({ pickup: driver, dropoff, placing: "dropoff" });
  });

  test("B43: given a trip of one's own plan, when updates come, then each changes what it names and nothing else", () => {
    const accepted = after(
      planned,
      update(1, "requested", { fare }),
      update(2, "accepted", { driver, eta_s: 240 }),
      update(3, "en_route"),
    );
    expect(accepted.trip).toMatchObject({ status: "en_route", pickup, dropoff, driver, fare, etaS: 240 });
    expect(accepted.trip?.car).toMatchObject({ id: "d1", lat: 38.57 });

    const lost = after(accepted, update(4, "requested", { driver: null, eta_s: null }));
    expect(lost.trip).toMatchObject({ status: "requested", driver: null, car: null, etaS: null, fare });
  });

  test("B43: given a trip on its way, when the car moves and the estimate changes, then they are shown, of this trip only", () => {
    const accepted = after(planned, update(1, "requested"), update(2, "accepted", { driver, eta_s: 240 }));
    const at = {
      type: "driver_location" as const,
      driver_id: "d1",
      lat: 38.575,
      lng: 68.795,
      heading: 90,
      at: 3,
    };
    const estimate = {
      type: "estimate_update" as const,
      eta_s: 120,
      distance_m: 900,
      leg: "pickup" as const,
      at: 3,
    };
    const moved = after(
      accepted,
      { is: "moved", location: { ...at, order_id: "t1" } },
      { is: "estimate", estimate: { ...estimate, order_id: "t1" } },
      { is: "moved", location: { ...at, order_id: "t0", lat: 1 } },
      { is: "estimate", estimate: { ...estimate, order_id: "t0", eta_s: 1 } },
    );
    expect(moved.trip).toMatchObject({ car: { lat: 38.575, heading: 90 }, etaS: 120 });
    const aboard = after(moved, update(3, "in_progress"));
    expect(aboard.trip?.etaS, "what was left to the pickup says nothing of the ride").toBeNull();
  });

  test("B43: given cars around, when they move, go and are told anew, then those there are shown", () => {
    const cars = (ids: string[], gone: string[], full?: true) => ({
      is: "nearby" as const,
      cars: {
        type: "driver_location" as const,
        drivers: ids.map((driver_id) => ({ driver_id, ...pickup, heading: null, at: 1 })),
        gone,
        ...(full && { full }),
      },
    });
    const ids = (state: RideState) => state.cars.map(({ id }) => id);
    const some = after(newRide, cars(["a", "b"], [], true), cars(["b", "c"], ["a"]));
    expect(ids(some)).toEqual(["b", "c"]);
    expect(ids(after(some, cars(["d"], [], true)))).toEqual(["d"]);
  });

  test("B43: given a trip that has ended, when it is closed, then the next one starts where it left its passenger", () => {
    const done = after(planned, update(1, "requested"), update(2, "completed"), { is: "closed" });
    expect(done).toMatchObject({ trip: null, plan: { pickup: dropoff, dropoff: null, placing: "dropoff" } });
    const called = after(planned, update(1, "requested"), update(2, "cancelled"), { is: "closed" });
    expect(called.plan).toMatchObject({ pickup, dropoff: null, placing: "dropoff" });
  });

  test("B43: given a trip, when a car moves, then the map looks elsewhere only once the trip is about something new", () => {
    const accepted = after(planned, update(1, "requested"), update(2, "accepted", { driver }));
    const location = {
      type: "driver_location" as const,
      order_id: "t1",
      driver_id: "d1",
      ...pickup,
      heading: 0,
      at: 3,
    };
    const moved = after(accepted, { is: "moved", location });
    const about = ({ plan, trip }: RideState) => lookOf(plan, trip).about;
    expect(about(moved)).toBe(about(accepted));
    expect(about(after(moved, update(3, "arrived")))).not.toBe(about(moved));
  });
});

test("B51: given a fare, when a tip is chosen, then tips are whole units of its currency, each once", () => {
  expect(tipsFor(fare)).toEqual([0, 100, 200, 400]);
  expect(tipsFor({ amount: 500, currency: "TJS" })).toEqual([0, 100]);
  expect(tipsFor({ amount: 1_850, currency: "JPY" })).toEqual([0, 93, 185, 370]);
});

test("B123: given amounts in minor units, when they are told or tips are made of them, then by ISO 4217, also where people write no digits", () => {
  const plain = (text: string) => text.replace(/[^\d.,]/g, "");
  const told = (amount: number, currency: string) => plain(moneyText("en", { amount, currency }));
  expect(told(1_850, "TJS")).toBe("18.50");
  expect(told(1_850, "JPY")).toBe("1,850");
  expect(told(1_850, "KWD")).toBe("1.850");
  for (const currency of ["AFN", "ALL", "IRR", "LBP", "MMK", "PKR", "RSD"])
    expect(told(123_450, currency), currency).toBe("1,234.50");
  expect(told(1_250_000, "IQD")).toBe("1,250.000");
  expect(tipsFor({ amount: 123_450, currency: "PKR" })).toEqual([0, 6_200, 12_400, 24_700]);
});
