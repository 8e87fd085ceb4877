import { type Client, type Town, centre, dropoff, farAway, openTown, stateOf } from "./session-town.ts";
import { beforeEach, expect, test } from "vitest";
import type { ActorRef } from "../../src/domain/row.ts";
import type { Directory } from "../../src/session/directory.ts";
import type { HttpPorts } from "../../src/http/ports.ts";
import type { Place } from "../../src/session/desk.ts";
import type { Quarantine } from "../../src/market/quarantine.ts";
import { act } from "../../src/effects/act.ts";
import { createLanes } from "../../src/publish/lane.ts";
import { heal } from "../fixtures/memory-log.ts";
import { holdUnread } from "../../src/session/hold-unread.ts";
import { passengerId, tripId } from "../../src/domain/ids.ts";
import { fold } from "../../src/market/fold.ts";
import { releaseQuarantined, retryQuarantined } from "../../src/http/quarantine.ts";
import { settle } from "../fixtures/fake-clock.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
const driver: ActorRef = { kind: "driver", id: "d1" };

/** As a server finds it that can read only so many of its rows. */
const quarantined = (place: Place, of: ActorRef, readable: number): void => {
  const rows = town.tables.rows.filter((row) => row.actorId === of.id);
  const good = rows.slice(0, readable).reduce<ReturnType<typeof place.market.peek>>(fold, undefined);
  const found = { good, seq: rows.length, why: "a row cannot be read" };
  (place.market.quarantine as Quarantine).hold(of, found, 0);
  if (good !== undefined) (town.desk as Directory).noticed(place, good);
};
const repaired = async (how: "retry" | "release", { kind, id }: ActorRef) => {
  const ports = { ...town.session, audit: () => settle(), counts: { refused: () => {} } };
  const route = (how === "retry" ? retryQuarantined : releaseQuarantined)(ports as unknown as HttpPorts);
  const token = await town.session.tokens.sign("a1", "admin", 60);
  const { status, body } = await route({
    method: "POST",
    path: "",
    params: { kind, id },
    query: new URLSearchParams(),
    header: (name) => (name === "authorization" ? `Bearer ${token}` : ""),
    body: Buffer.from(JSON.stringify({ reason: "by hand" })),
    address: "::1",
  });
  await settle();
  return { status, said: JSON.parse(String(body)) as Record<string, any> };
};

/** A driver on the way to a passenger. */
const ride = async (): Promise<{ driven: Client; rider: Client; trip: ActorRef }> => {
  const driven = await town.driverAt("d1", centre);
  const rider = await town.connect("passenger", "p1");
  await rider.say({ type: "request_trip", id: "k1", pickup: centre, dropoff });
  const { order_id, offer_id } = driven.last("new_order");
  await driven.say({ type: "accept_order", id: "a", order_id, offer_id });
  expect(stateOf(town.city, "driver", "d1")).toBe("to_pickup");
  return { driven, rider, trip: { kind: "trip", id: order_id } };
};

test("M110: given a driver on a ride who was in quarantine, and whose app was told that they are offline, when an operator retries, then the app is told of the ride", async () => {
  const { driven, trip } = await ride();
  quarantined(town.city, driver, 1);
  await driven.hangUp();
  const again = await town.connect("driver", "d1");
  expect(again.last("welcome")["resume"]).toMatchObject({ status: "offline", order: null });
  expect(await repaired("retry", driver)).toMatchObject({ status: 200, said: { state: "to_pickup" } });
  expect(again.closed).toBe(1013);
  const back = await town.connect("driver", "d1");
  expect(back.last("welcome")["resume"]).toMatchObject({ status: "en_route", order: { order_id: trip.id } });
});

test("M110: given a trip of which nothing could be read, and apps that do not know it, when an operator releases it, then its passenger and its driver are told anew", async () => {
  const { driven, rider, trip } = await ride();
  quarantined(town.city, trip, 0);
  await rider.hangUp();
  const again = await town.connect("passenger", "p1");
  expect(again.last("welcome")["resume"]).toEqual({ order_ids: [] });
  expect(await repaired("release", trip)).toMatchObject({ status: 200, said: { state: "cancelled" } });
  expect([again.closed, driven.closed]).toEqual([1013, 1013]);
  const back = await town.connect("driver", "d1");
  expect(back.last("welcome")["resume"]).toMatchObject({ status: "available", order: null });
});

test("M111, P80: given a driver in quarantine in one market, then they go to work in no other, and after a retry they work there", async () => {
  await town.driverAt("d1", centre);
  quarantined(town.city, driver, 1);
  const abroad = await town.connect("driver", "d1");
  await abroad.say({ type: "driver_location", ...farAway });
  await abroad.say({ type: "driver_status", id: "x", status: "available" });
  expect(abroad.last("error")["error"]).toMatchObject({
    code: "illegal_now",
    message: expect.stringContaining("quarantine"),
  });
  expect(stateOf(town.country, "driver", "d1")).toBeUndefined();
  expect(await repaired("retry", driver)).toMatchObject({ status: 200, said: { state: "idle" } });
});

test("M111: given rows brought back from before a driver went to another market, when an operator retries, then that is refused and says where they work; a release takes them offline", async () => {
  await town.driverAt("d1", centre);
  quarantined(town.city, driver, 1);
  (town.desk as Directory).noticed(town.country, { ...town.city.market.peek(driver)!, state: "idle" });
  const { status, said } = await repaired("retry", driver);
  expect([status, said["error"].code]).toEqual([409, "illegal_now"]);
  expect(said["error"].message).toContain("country");
  expect(await repaired("release", driver)).toMatchObject({ status: 200, said: { state: "offline" } });
});

test("M114: given a live trip of which nothing can be read, when the server has started, then its passenger is told that it is live, and asks for another once it was released", async () => {
  const { rider, trip } = await ride();
  quarantined(town.city, trip, 0);
  town.desk.releasePassenger(passengerId("p1"), tripId(trip.id)); // who starts knows nobody
  await holdUnread(town.desk, town.city);
  const request = { type: "request_trip", pickup: centre, dropoff };
  await rider.say({ ...request, id: "k2" });
  expect(rider.last("error")["error"].code).toBe("trip_live");
  expect(await repaired("release", trip)).toMatchObject({ status: 200, said: { state: "cancelled" } });
  const back = await town.connect("passenger", "p1");
  await back.say({ ...request, id: "k3" });
  expect(back.last("ack")["order_id"]).not.toBe(trip.id);
});

test("M115, E1: given a driver whose offer lapsed for a trip in quarantine, when the trip's next row is not in the log yet, then they are told of it no sooner than the log", async () => {
  const { driven, rider, trip } = await ride();
  const tripIs = tripId(trip.id);
  town.tables.down = true;
  await rider.say({ type: "cancel_trip", id: "c", order_id: trip.id });
  const driverPeer = () => town.session.registry.driverPeer("d1" as never);
  const ports = { desk: town.desk, lanes: createLanes(), driverPeer, alarmed: () => {} };
  const lapsed = { do: "send_cancel", driverId: "d1", tripId: tripIs, offerId: "2", reason: "lapsed" };
  act(ports, town.city, { market: town.city.market.id, steps: [], effects: [lapsed] });
  await settle();
  expect(driven.all("cancel_order")).toEqual([]);
  heal(town.tables);
  await settle();
  const { seq } = driven.all("cancel_order").find(({ reason }) => reason === "lapsed")!;
  expect(seq).toBe(town.tables.rows.findLast(({ actorId }) => actorId === trip.id)!.seq);
});
