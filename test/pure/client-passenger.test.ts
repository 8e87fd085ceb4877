import { WebSocket } from "ws";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPassenger, type PassengerClient } from "../../src/client/passenger-client.ts";
import { scriptedServer, type Caller, type ScriptedServer } from "./client-server.ts";

let server: ScriptedServer;
let passenger: PassengerClient;
let told: { seq: number; status: string }[];
let seen: object[];
let hears: () => void;

beforeEach(async () => {
  server = await scriptedServer();
  told = [];
  seen = [];
  hears = () => undefined;
  passenger = openPassenger(
    { WebSocket, url: server.url, passengerId: "p1", token: () => "t" },
    {
      welcomed: () => undefined,
      updated: ({ seq, status }) => {
        told.push({ seq, status });
        hears();
      },
      nearby: (cars) => void seen.push(cars),
      estimated: (estimate) => {
        seen.push(estimate);
        hears();
      },
    },
  );
});
afterEach(() => {
  passenger.close();
  server.close();
});

const welcomed = async (): Promise<Caller> => {
  const caller = await server.call();
  caller.say({ type: "welcome", server_time: 0, session: "s", resume: { order_ids: [] } });
  return caller;
};
const update = (seq: number, more: object = {}) => ({
  type: "order_update",
  order_id: "t1",
  seq,
  status: "requested",
  state: "requested.searching",
  at: 0,
  ...more,
});
const toldUpTo = async (seq: number) => {
  while (told.at(-1)?.seq !== seq) await new Promise<void>((resolve) => (hears = resolve));
  return told.map((one) => one.seq);
};
const wish = { pickup: { lat: 40.7, lng: -74 }, dropoff: { lat: 40.8, lng: -74 } };

test("B6: given a request, when updates come before and after its ack, then each is told once and in order", async () => {
  const caller = await welcomed();
  const reply = passenger.requestTrip(wish);
  const request = await caller.hear();
  expect(request).toMatchObject({ type: "request_trip", ...wish });
  caller.say(update(1));
  caller.ack(request, { order_id: "t1", seq: 1 });
  for (const seq of [1, 2, 2, 3]) caller.say(update(seq));
  expect(await toldUpTo(3)).toEqual([1, 2, 3]);
  expect(await reply).toMatchObject({ is: "ack", orderId: "t1" });
});

test("B6: given a hole in seq, then the client asks since the last one and tells nothing out of order", async () => {
  const caller = await welcomed();
  void passenger.requestTrip(wish);
  caller.ack(await caller.hear(), { order_id: "t1" });
  for (const seq of [1, 2, 5, 6]) caller.say(update(seq));
  const ask = await caller.hear();
  expect(ask).toMatchObject({ type: "subscribe", order_id: "t1", since_seq: 2 });
  caller.ack(ask);
  for (const seq of [3, 4, 5, 6, 7]) caller.say(update(seq));
  expect(await toldUpTo(7)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("B6: given a followed order, when the connection was lost, then the client resumes it by seq", async () => {
  const first = await welcomed();
  void passenger.requestTrip(wish);
  first.ack(await first.hear(), { order_id: "t1" });
  for (const seq of [1, 2, 3]) first.say(update(seq));
  await toldUpTo(3);
  first.drop();

  const second = await welcomed();
  const ask = await second.hear();
  expect(ask).toMatchObject({ type: "subscribe", order_id: "t1", since_seq: 3 });
  second.ack(ask);
  second.say(update(4));
  expect(await toldUpTo(4)).toEqual([1, 2, 3, 4]);
});

test("B6: given a request that was answered only the second time, then what the first connection missed is asked for", async () => {
  const first = await welcomed();
  void passenger.requestTrip(wish);
  const request = await first.hear();
  first.drop();

  const second = await welcomed();
  const again = await second.hear();
  expect(again).toEqual(request);
  second.ack(again, { order_id: "t1" });
  const ask = await second.hear();
  expect(ask).toMatchObject({ type: "subscribe", order_id: "t1", since_seq: 0 });
});

test("B6: given a request that was answered again, when its trip has ended meanwhile, then the whole trip is told once", async () => {
  const first = await welcomed();
  void passenger.requestTrip(wish);
  await first.hear();
  first.drop();

  const second = await welcomed();
  second.ack(await second.hear(), { order_id: "t1" });
  const ask = await second.hear();
  expect(ask).toMatchObject({ type: "subscribe", order_id: "t1", since_seq: 0 });
  second.say(update(3, { full: true, status: "cancelled", state: "cancelled" }));
  second.ack(ask);
  for (const seq of [1, 2, 3]) second.say(update(seq));
  second.say(update(1, { order_id: "t2", status: "accepted", state: "accepted" }));
  await expect.poll(() => told.at(-1)?.status).toBe("accepted");
  expect(told.map(({ seq, status }) => `${seq} ${status}`)).toEqual(["3 cancelled", "1 accepted"]);
});

test("B6: a whole trip is told as it is, and what follows it goes on from there", async () => {
  const caller = await welcomed();
  void passenger.subscribe("t1");
  const ask = await caller.hear();
  expect(ask).toMatchObject({ type: "subscribe", order_id: "t1" });
  caller.say(update(40));
  caller.ack(ask);
  caller.say(update(120, { full: true }));
  caller.say(update(121));
  expect(await toldUpTo(121)).toEqual([120, 121]);
});

test("B6: an order that ended is followed no longer", async () => {
  const first = await welcomed();
  void passenger.requestTrip(wish);
  first.ack(await first.hear(), { order_id: "t1" });
  first.say(update(1));
  first.say(update(2, { status: "cancelled", state: "cancelled" }));
  await toldUpTo(2);
  first.drop();
  const second = await welcomed();
  void passenger.cancelTrip("t2");
  expect(await second.hear()).toMatchObject({ type: "cancel_trip", order_id: "t2" });
});

const near = { lat: 40.7, lng: -74, radius_m: 900 };

test("B20: given a map, then it is asked for at each welcome, the newest circle and no other, until it is closed", async () => {
  passenger.watchNearby({ ...near, radius_m: 100 });
  passenger.watchNearby(near);
  const first = await welcomed();
  expect(await first.hear()).toEqual({ type: "watch_nearby", ...near });
  first.drop();

  const second = await welcomed();
  expect(await second.hear()).toEqual({ type: "watch_nearby", ...near });
  passenger.watchNearby({ ...near, radius_m: 200 });
  expect(await second.hear()).toMatchObject({ type: "watch_nearby", radius_m: 200 });
  passenger.unwatchNearby();
  expect(await second.hear()).toEqual({ type: "unwatch_nearby" });
  second.drop();

  const third = await welcomed();
  void passenger.rateTrip("t1", 5, 100);
  expect(await third.hear()).toMatchObject({ type: "rate_trip", order_id: "t1", stars: 5, tip: 100 });
});

test("B20: cars and estimates are told as they come", async () => {
  const caller = await welcomed();
  const cars = { type: "driver_location", full: true, drivers: [], gone: [] };
  const estimate = { type: "estimate_update", order_id: "t1", eta_s: 9, distance_m: 1, leg: "pickup", at: 0 };
  caller.say(cars);
  caller.say(estimate);
  while (seen.length < 2) await new Promise<void>((resolve) => (hears = resolve));
  expect(seen).toEqual([cars, estimate]);
});
