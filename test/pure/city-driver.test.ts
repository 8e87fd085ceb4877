import { afterEach, beforeEach, expect, test } from "vitest";
import { usualMix } from "../../bench/city/people/behaviour.ts";
import { type Car, parkedCar } from "../../bench/city/people/car.ts";
import { startDriver, type Driver } from "../../bench/city/people/driver.ts";
import { openTally, type Tally } from "../../bench/city/tally.ts";
import { scriptedServer, type Caller, type ScriptedServer } from "./client-server.ts";

const spawn = { lat: 40.7, lng: -74 };
const order = {
  order_id: "t1",
  seq: 5,
  pickup: { lat: 40.71, lng: -74 },
  dropoff: { lat: 40.75, lng: -74 },
  fare: null,
};
const trip = { type: "order_update", full: true, state: "en_route", at: 0, ...order };
const nothing = { status: "available", order: null, offers: [] };

let server: ScriptedServer;
let tally: Tally;
let driver: Driver;
let forHire: boolean;

/** Seat 3 of seed 1 neither declines, ignores, cancels nor loses its network in its first trips. */
beforeEach(async () => {
  server = await scriptedServer();
  tally = openTally();
  const city = {
    url: "",
    socketUrl: server.url,
    token: () => "t",
    seed: 1,
    run: "r",
    speed: 100_000,
    mix: usualMix,
    tally,
  };
  forHire = true;
  const car: Car = { ...parkedCar(city, spawn), isFree: () => forHire };
  driver = startDriver(city, "d1", 3, car);
});
afterEach(() => {
  driver.close();
  server.close();
});

const welcomed = async (resume: object): Promise<Caller> => {
  const caller = await server.call();
  caller.say({ type: "welcome", server_time: 0, session: "s", resume });
  return caller;
};
const types = async (caller: Caller, count: number) => {
  const heard: string[] = [];
  while (heard.length < count) {
    const said = await caller.hear();
    heard.push(said.type);
    caller.ack(said, { order_id: "t1" });
  }
  return heard;
};
const theWay = ["driver_departed", "driver_arrived", "start_trip", "complete_trip"];

test("B8: an offer is confirmed, accepted and driven to its end, and every step's key is noted", async () => {
  const caller = await welcomed({ ...nothing, status: "offline" });
  expect(await types(caller, 1)).toEqual(["driver_status"]);
  await driver.online;
  caller.say({ type: "new_order", offer_id: "7", expires_at: 0, expires_in_ms: 1, ...order });
  expect(await types(caller, 6)).toEqual(["offer_received", "accept_order", ...theWay]);
  await caller.roundTrip();
  expect(tally.history.acknowledged.size).toBe(5);
  expect([...tally.faults]).toEqual([]);
});

test("B8: a driver who comes back goes on from where the server says the order is", async () => {
  const caller = await welcomed({ ...nothing, status: "at_pickup", order: { ...trip, status: "arrived" } });
  expect(await types(caller, 2)).toEqual(["start_trip", "complete_trip"]);
});

test("B8: a step the server took first is not an error", async () => {
  const caller = await welcomed({ ...nothing, status: "en_route", order: { ...trip, status: "en_route" } });
  const arrived = await caller.hear();
  const error = { code: "illegal_now", message: "", status: "arrived", legal: [] };
  caller.say({ type: "error", id: arrived.id, error });
  expect(await types(caller, 2)).toEqual(["start_trip", "complete_trip"]);
  expect([...tally.faults]).toEqual([]);
});

test("B8: an order the server no longer knows of is dropped", async () => {
  const first = await welcomed({ ...nothing, status: "at_pickup", order: { ...trip, status: "arrived" } });
  const start = await first.hear();
  first.drop();
  const second = await welcomed(nothing);
  const again = await second.hear();
  expect(again).toEqual(start);
  second.say({
    type: "error",
    id: again.id,
    error: { code: "illegal_now", message: "", status: "cancelled" },
  });
  second.say({ type: "new_order", offer_id: "9", expires_at: 0, expires_in_ms: 1, ...order, order_id: "t2" });
  expect(await second.hear()).toMatchObject({ type: "offer_received", order_id: "t2", offer_id: "9" });
  expect([...tally.faults]).toEqual([]);
});

test("B8: a driver found paused goes available again", async () => {
  const caller = await welcomed({ ...nothing, status: "paused" });
  expect(await caller.hear()).toMatchObject({ type: "driver_status", status: "available" });
});

test("B8: an offer to a driver who serves an order is a fault", async () => {
  const caller = await welcomed({ ...nothing, status: "at_pickup", order: { ...trip, status: "arrived" } });
  await caller.hear();
  caller.say({ type: "new_order", offer_id: "9", expires_at: 0, expires_in_ms: 1, ...order, order_id: "t2" });
  await caller.roundTrip();
  await new Promise(setImmediate);
  expect([...tally.faults.keys()]).toEqual(["an offer for a driver who has an order (I10)"]);
});

test("B8: an offer that is over in the packet it came in is over, whatever the driver would have made of it", async () => {
  const caller = await welcomed(nothing);
  await caller.roundTrip();
  caller.say({ type: "new_order", offer_id: "9", expires_at: 0, expires_in_ms: 1, ...order });
  caller.say({ type: "cancel_order", order_id: "t1", offer_id: "9", reason: "expired" });
  await caller.roundTrip();
  await new Promise(setImmediate);
  expect(driver.believes()).toEqual({ driverId: "d1", forHire: true, orderId: null });
});

test("B8: a driver whose answer came too late may have been paused for it, and is available again", async () => {
  const caller = await welcomed(nothing);
  await caller.roundTrip();
  caller.say({ type: "new_order", offer_id: "9", expires_at: 0, expires_in_ms: 1, ...order });
  caller.ack(await caller.hear());
  const accept = await caller.hear();
  expect(accept).toMatchObject({ type: "accept_order", offer_id: "9" });
  // In one packet, so that the refusal is heard first.
  caller.say({ type: "cancel_order", order_id: "t1", offer_id: "9", reason: "expired" });
  caller.say({ type: "error", id: accept.id, error: { code: "offer_expired", message: "" } });
  expect(await caller.hear()).toMatchObject({ type: "driver_status", status: "available" });
});

test("B11: a driver whose cab has a fare of its own pauses, and is available again after it", async () => {
  const caller = await welcomed(nothing);
  await caller.roundTrip();
  forHire = false;
  driver.ping();
  const paused = await caller.hear();
  expect(paused).toMatchObject({ type: "driver_status", status: "paused" });
  caller.ack(paused);
  driver.ping();
  forHire = true;
  driver.ping();
  expect(await caller.hear()).toMatchObject({ type: "driver_status", status: "available" });
});

test("B11: a driver who is not for hire at first is there and says nothing", async () => {
  forHire = false;
  const caller = await welcomed({ ...nothing, status: "offline" });
  await driver.online;
  forHire = true;
  driver.ping();
  expect(await caller.hear()).toMatchObject({ type: "driver_status", status: "available" });
});

test("B11: an order is driven to its end, whatever the recording says meanwhile; an offer that crossed the pausing is left alone", async () => {
  const caller = await welcomed({ ...nothing, status: "at_pickup", order: { ...trip, status: "arrived" } });
  forHire = false;
  driver.ping();
  expect(await types(caller, 2)).toEqual(["start_trip", "complete_trip"]);
  await caller.roundTrip();
  driver.ping();
  const paused = await caller.hear();
  expect(paused).toMatchObject({ type: "driver_status", status: "paused" });
  caller.ack(paused);
  caller.say({ type: "new_order", offer_id: "9", expires_at: 0, expires_in_ms: 1, ...order, order_id: "t2" });
  await caller.roundTrip();
  forHire = true;
  driver.ping();
  expect(await caller.hear()).toMatchObject({ type: "driver_status", status: "available" });
});
