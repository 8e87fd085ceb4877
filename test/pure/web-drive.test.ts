import { answerBy } from "../../web/src/drive/answer-by.ts";
import { type DriveState, newDrive, nextDrive, targetOf } from "../../web/src/drive/drive-model.ts";
import { bearing, between } from "../../web/src/map/glide.ts";
import { dayIn, earnedToday } from "../../web/src/drive/today.ts";
import { describe, expect, test } from "vitest";
import type { OrderUpdate } from "../../src/protocol/server-messages.ts";
import type { TripBody } from "../../src/protocol/http-bodies.ts";
import { distanceM } from "../../src/domain/geo.ts";
import { drive } from "../../web/src/drive/simulated-car.ts";

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
const fare = { amount: 1_850, currency: "TJS" };
const passenger = { first_name: "Parvin", rating: null };
const order = {
  type: "new_order" as const,
  order_id: "t1",
  offer_id: "o1",
  seq: 2,
  expires_at: 0,
  expires_in_ms: 15_000,
  pickup,
  dropoff,
  pickup_eta_s: 240,
  pickup_distance_m: 900,
  fare,
  passenger,
};
const after = (state: DriveState, ...events: Parameters<typeof nextDrive>[1][]): DriveState =>
  events.reduce(nextDrive, state);
const update = (status: OrderUpdate["status"], more: Partial<OrderUpdate> = {}) => ({
  is: "update" as const,
  update: { type: "order_update" as const, order_id: "t1", seq: 3, status, state: status, at: 1, ...more },
});
const welcome = (more: object) => ({
  is: "welcome" as const,
  resume: { status: "available" as const, order: null, offers: [], ...more },
  nowMs: 1_000,
});
const offered = after(newDrive, welcome({}), { is: "offer", order, nowMs: 1_000 });
const accepted = after(offered, { is: "accepted", orderId: "t1" });

describe("what a driver's page knows", () => {
  test("B44: given an offer, when it comes, then its time is counted by this device's clock", () => {
    expect(offered.offer?.endsAtMs).toBe(16_000);
  });

  test("B44: given an offer, when it is accepted and the trip goes on, then the page shows each leg, whichever word comes first", () => {
    expect(accepted).toMatchObject({ status: "en_route", offer: null, order: { status: "accepted" } });
    expect(after(offered, update("accepted"), { is: "accepted", orderId: "t1" })).toEqual(accepted);
    expect(targetOf(accepted.order)).toEqual(pickup);
    const arrived = after(accepted, update("arrived"));
    expect(arrived).toMatchObject({ status: "at_pickup" });
    expect(targetOf(arrived.order)).toBeNull();
    const riding = after(arrived, update("in_progress"));
    expect(targetOf(riding.order)).toEqual(dropoff);
    const done = after(riding, update("completed", { fare: { ...fare, amount: 2_000 } }));
    expect(done).toMatchObject({
      order: null,
      news: { is: "completed", order: { fare: { amount: 2_000 } } },
    });
  });

  test("B44: given an offer or an order, when it is withdrawn, then the driver is told and is free; what is withdrawn of another changes nothing", () => {
    const cancel = { type: "cancel_order" as const, order_id: "t1", seq: 4, reason: "expired" };
    expect(after(offered, { is: "withdrawn", cancel })).toMatchObject({
      offer: null,
      news: { is: "offer-gone", reason: "expired" },
    });
    expect(after(accepted, { is: "withdrawn", cancel })).toMatchObject({
      order: null,
      status: "available",
      news: { is: "lost" },
    });
    expect(after(accepted, { is: "withdrawn", cancel: { ...cancel, order_id: "t0" } })).toBe(accepted);
  });

  test("B44, B120: given an order in hand, when the server welcomes without it, then it is the driver's no more; with it, a page that knew nothing has all of it", () => {
    expect(after(accepted, welcome({}))).toMatchObject({ order: null, news: { is: "lost" } });
    const full = { ...update("arrived").update, full: true as const, pickup, dropoff, fare, passenger };
    const again = after(newDrive, welcome({ status: "at_pickup", order: full }));
    expect(again).toMatchObject({
      status: "at_pickup",
      order: { status: "arrived", firstName: "Parvin", pickup },
      news: null,
    });
  });
});

describe("B45: a simulated car", () => {
  const car = { ...pickup, heading: 0, speedMps: 0 };
  test("B45: given a target, when it drives, then it goes straight there as fast as said, and stops there", () => {
    const way = distanceM(pickup, dropoff);
    const near = drive(car, dropoff, 12, 10);
    expect(distanceM(car, near)).toBeCloseTo(120, 0);
    expect(distanceM(near, dropoff)).toBeCloseTo(way - 120, 0);
    expect(near.heading).toBeCloseTo(bearing(pickup, dropoff), 6);
    const there = drive(near, dropoff, 45, 10_000);
    expect(distanceM(there, dropoff)).toBeLessThan(0.01);
    expect(drive(there, dropoff, 45, 1)).toMatchObject({ speedMps: 0, heading: there.heading });
  });
  test("B45: given no target, when time passes, then it stands", () => {
    expect(drive(car, null, 45, 60)).toEqual(car);
  });
});

test("B52: given two fixes, when a car glides between them, then it turns the shorter way round and goes no further", () => {
  const from = { lat: 0, lng: 0, heading: 350 };
  const to = { lat: 1, lng: 2, heading: 10 };
  expect(between(from, to, 0.5)).toEqual({ lat: 0.5, lng: 1, heading: 0 });
  expect(between(to, from, 0.25).heading).toBeCloseTo(5);
  expect(between(from, to, 3)).toEqual(to);
  expect(bearing({ lat: 38, lng: 68 }, { lat: 39, lng: 68 })).toBe(0);
  expect(bearing({ lat: 38, lng: 68 }, { lat: 38, lng: 67 })).toBeCloseTo(270);
});

describe("today's earnings", () => {
  const trip = (completed_at: string | null, amount: number, currency = "TJS") =>
    ({ trip_id: `${completed_at}`, completed_at, fare: { amount, currency } }) as TripBody;
  const now = Date.parse("2026-11-22T20:30:00.000Z"); // 01:30 on the 23rd in Dushanbe

  test("B46: given rides around midnight, when they are summed, then the day is the market's and money is kept by currency", () => {
    const trips = [
      trip("2026-11-22T19:00:00.000Z", 1_000), // 00:00 on the 23rd
      trip("2026-11-22T18:59:59.000Z", 5_000),
      trip("2026-11-22T20:00:00.000Z", 700),
      trip("2026-11-22T20:10:00.000Z", 900, "USD"),
      trip(null, 3_000),
    ];
    expect(earnedToday(trips, "Asia/Dushanbe", now)).toMatchObject({
      rides: [{ fare: { amount: 1_000 } }, { fare: { amount: 700 } }, { fare: { amount: 900 } }],
      sums: [
        { amount: 1_700, currency: "TJS" },
        { amount: 900, currency: "USD" },
      ],
    });
    expect(dayIn("Asia/Dushanbe", now)).toBe("2026-11-23");
    expect(dayIn("UTC", now)).toBe("2026-11-22");
  });
});

test("B47, B133: given an offer, when Enter or Escape is pressed, then it is answered, but by Enter on a control as that control says, and once", () => {
  const focused = (tag: string) => ({
    matches: (selector: string) => selector.split(", ").includes(tag),
  });
  const pressed = (key: string, on: string, repeat = false) => answerBy({ key, repeat }, focused(on));
  expect(["Enter", "Escape", " "].map((key) => pressed(key, "h1"))).toEqual(["accept", "decline", null]);
  expect(["button", "a", "input", "[role=radio]"].map((on) => pressed("Enter", on))).toEqual(
    Array.from({ length: 4 }, () => null),
  );
  expect([pressed("Escape", "button"), pressed("Escape", "input")]).toEqual(["decline", null]);
  expect(pressed("Enter", "h1", true)).toBeNull();
  expect(answerBy({ key: "Enter", repeat: false }, null)).toBe("accept");
});
