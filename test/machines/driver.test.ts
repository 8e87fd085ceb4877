import { beforeEach, expect, test } from "vitest";
import { driverId, tripId } from "../../src/domain/ids.ts";
import type { DriverEvent } from "../../machines/events.ts";
import { createDriver, createTrip, driver, driverPolicy, goOnline, openScene, trip } from "./scene.ts";

const A = driverId("A");
const aTrip = tripId(trip.id);
let scene: ReturnType<typeof openScene>;
beforeEach(() => {
  scene = openScene(A);
  scene.trip(createTrip());
});

const me = () => scene.ofDriver(A);
const say = (event: DriverEvent, waitMs?: number) => scene.driver(A, event, waitMs);
const effectsOf = (decision: ReturnType<typeof say>) =>
  decision.is === "turn" ? decision.effects : decision;
const take = () => scene.trip({ type: "offer.accepted", offerId: scene.offer(A), driverId: A });
const ride = () => {
  take();
  scene.trip({ type: "driver.arrived", driverId: A, by: "driver", distanceM: 10, fixAgeMs: 0, reason: null });
  scene.trip({ type: "start", driverId: A });
};
const cancel = () => scene.trip({ type: "passenger.cancel", reason: null });
const missOn = (id: string) => {
  const ref = { kind: "trip", id } as const;
  scene.send(ref, createTrip({}, id));
  scene.send(ref, { type: "offer.due", offerId: scene.offer(A, ref) }, 16_500);
};
const unavailable = expect.objectContaining({
  is: "refused",
  refusal: expect.objectContaining({ code: "driver_unavailable" }),
});

test("D1: a driver is born offline and goes online with vehicle and policy", () => {
  scene.send(driver("N"), createDriver("N"));
  expect(scene.ofDriver("N").state).toBe("offline");
  scene.send(driver("N"), { ...goOnline(), vehicleType: "comfort" } as DriverEvent, 1_000);
  expect(scene.ofDriver("N").state).toBe("idle");
  expect(scene.ofDriver("N").context).toEqual({
    driverId: "N",
    vehicleType: "comfort",
    policy: driverPolicy,
    since: scene.now(),
    offer: null,
    tripId: null,
    after: "idle",
    misses: 0,
    lostAt: null,
  });
});

test("D1: coming into a market is the same as going online there", () => {
  say({ type: "go_offline" });
  say({ type: "driver.entered", vehicleType: "comfort", policy: driverPolicy });
  expect(me()).toMatchObject({ state: "idle", context: { vehicleType: "comfort" } });
});

test("D2: an idle driver takes an offer and is sent it", () => {
  const decision = scene.trip({
    type: "offer",
    driverId: A,
    wave: 1,
    etaS: 240,
    distanceM: 900,
    fixAgeMs: 0,
  });
  expect(me().state).toBe("offered");
  expect(effectsOf(decision)).toEqual([
    {
      do: "send_offer",
      driverId: A,
      tripId: aTrip,
      offerId: me().context.offer!.offerId,
      shownUntil: scene.now() + 15_000,
      etaS: 240,
      distanceM: 900,
    },
  ]);
});

test("D3: an offered driver has one offer and takes no other ask", () => {
  scene.offer(A);
  const second = { kind: "trip", id: "trip-2" } as const;
  scene.send(second, createTrip({}, second.id));
  expect(() => scene.offer(A, second)).toThrow("driver_unavailable");
  expect(say({ type: "assign", tripId: tripId(second.id) })).toEqual(unavailable);
  expect(say({ type: "taken", tripId: tripId(second.id) })).toEqual(unavailable);
  expect(me().context.offer?.tripId).toBe(aTrip);
});

test("D4: a taken offer sends the driver to the pickup and ends a row of misses", () => {
  missOn("trip-2");
  take();
  expect(me()).toMatchObject({ state: "to_pickup", context: { tripId: aTrip, offer: null, misses: 0 } });
});

test("D5: a declined offer frees the driver and ends a row of misses", () => {
  missOn("trip-2");
  scene.trip({ type: "offer.declined", offerId: scene.offer(A), driverId: A, reason: null });
  expect(me()).toMatchObject({ state: "idle", context: { offer: null, misses: 0 } });
});

test("D6: withdrawn, lapsed or undelivered frees the driver, keeps the misses and is sent", () => {
  missOn("trip-2");
  const first = scene.offer(A);
  const lapsed = scene.trip({ type: "offer.lapsed", offerId: first });
  expect(me()).toMatchObject({ state: "idle", context: { misses: 1 } });
  expect(effectsOf(lapsed)).toEqual([
    { do: "send_cancel", driverId: A, tripId: aTrip, offerId: first, reason: "lapsed" },
  ]);
  scene.offer(A);
  expect(effectsOf(cancel())).toMatchObject([{ do: "send_cancel", reason: "cancelled" }]);
  expect(me()).toMatchObject({ state: "idle", context: { misses: 1 } });
});

test("D7: an expired offer is a miss", () => {
  missOn("trip-2");
  expect(me()).toMatchObject({ state: "idle", context: { misses: 1 } });
});

test("D8: the third miss in a row pauses, and resuming starts a new row", () => {
  for (const id of ["trip-2", "trip-3", "trip-4"]) missOn(id);
  expect(me()).toMatchObject({ state: "paused", context: { misses: 3 } });
  say({ type: "resume" });
  expect(me()).toMatchObject({ state: "idle", context: { misses: 0 } });
});

test.each([
  ["pause", "paused"],
  ["go_offline", "offline"],
] as const)("D9: %s while offered declines the offer in the same turn", (type, state) => {
  const id = scene.offer(A);
  say({ type });
  expect(me()).toMatchObject({ state, context: { offer: null } });
  expect(scene.ofTrip()).toMatchObject({
    state: "requested.searching",
    context: { closed: { [id]: "declined" } },
  });
});

test("D10: an idle driver who is assigned a trip has nothing to answer", () => {
  const decision = scene.trip({
    type: "admin.assign",
    adminId: "admin-1",
    driverId: A,
    etaS: null,
    distanceM: null,
    reason: null,
  });
  expect(me()).toMatchObject({ state: "to_pickup", context: { tripId: aTrip } });
  expect(effectsOf(decision)).toEqual([{ do: "send_assignment", driverId: A, tripId: aTrip }]);
});

test("D11: a driver follows the legs of their own trip only", () => {
  take();
  say({ type: "arrived", tripId: tripId("trip-2") });
  expect(me().state).toBe("to_pickup");
  scene.trip(
    { type: "driver.arrived", driverId: A, by: "driver", distanceM: 10, fixAgeMs: 0, reason: null },
    5_000,
  );
  expect(me()).toMatchObject({ state: "at_pickup", context: { since: scene.now() } });
  scene.trip({ type: "start", driverId: A });
  expect(me().state).toBe("on_trip");
});

test("D12: the end of a trip makes its driver idle; a freed one is told", () => {
  take();
  expect(effectsOf(cancel())).toEqual([
    { do: "send_cancel", driverId: A, tripId: aTrip, offerId: null, reason: "cancelled" },
  ]);
  expect(me()).toMatchObject({ state: "idle", context: { tripId: null } });
});

test.each([
  ["go_offline", "offline"],
  ["pause", "paused"],
] as const)("D13: %s on a trip waits for its end", (type, state) => {
  ride();
  say({ type });
  expect(me().state).toBe("on_trip");
  scene.trip({ type: "complete", driverId: A, distanceM: null });
  expect(me()).toMatchObject({ state, context: { tripId: null, after: "idle" } });
});

test("D13: and is taken back by going online again", () => {
  take();
  say({ type: "go_offline" });
  say(goOnline());
  cancel();
  expect(me().state).toBe("idle");
});

test("D14: a driver pauses, resumes and leaves at will, and saying it twice changes nothing", () => {
  expect(say(goOnline()).is).toBe("ignored");
  say({ type: "pause" });
  expect(say({ type: "pause" }).is).toBe("ignored");
  say({ type: "resume" });
  expect(me().state).toBe("idle");
  say({ type: "go_offline" });
  expect(say({ type: "go_offline" }).is).toBe("ignored");
});

test("D15: an ask the driver cannot take undoes the whole turn", () => {
  say({ type: "pause" });
  const before = scene.ofTrip();
  expect(() => scene.offer(A)).toThrow("driver_unavailable");
  expect(scene.ofTrip()).toEqual(before);
});

test("D16: a lost driver gets no offers, keeps the trip, and is back with a word", () => {
  say({ type: "driver.lost" });
  expect(say({ type: "driver.lost" }).is).toBe("ignored");
  expect(() => scene.offer(A)).toThrow("driver_unavailable");
  say({ type: "driver.back" });
  expect(say({ type: "driver.back" }).is).toBe("ignored");
  take();
  say({ type: "driver.lost" });
  expect(say({ type: "lost.due", lostAt: scene.now() }, 300_000).is).toBe("ignored");
  expect([me().state, scene.ofTrip().state]).toEqual(["to_pickup", "accepted"]);
});

test("D17: lost for too long while idle is offline; an older deadline is not", () => {
  const earlier = scene.now();
  say({ type: "driver.lost" }, 1_000);
  const lostAt = scene.now();
  expect(say({ type: "lost.due", lostAt: earlier }, 300_000).is).toBe("ignored");
  say({ type: "lost.due", lostAt });
  expect(me()).toMatchObject({ state: "offline", context: { lostAt: null } });
});

test("D19: a driver who is lost on a trip tells it, and nobody else", () => {
  const alone = say({ type: "driver.lost" });
  expect(alone).toMatchObject({ steps: [{ row: { actorKind: "driver", effects: [] } }] });
  say({ type: "driver.back" });
  take();
  say({ type: "driver.lost" });
  expect(scene.ofTrip()).toMatchObject({ state: "accepted", context: { alarms: ["driver_lost"] } });
});

test("D20: a driver whose trip goes to another is free, where they wanted to go, and told so", () => {
  scene.send(driver("B"), createDriver("B"));
  scene.send(driver("B"), goOnline());
  take();
  say({ type: "pause" });
  const decision = scene.trip({
    type: "admin.reassign",
    adminId: "admin-1",
    driverId: driverId("B"),
    etaS: null,
    distanceM: null,
    reason: null,
  });
  expect(me()).toMatchObject({ state: "paused", context: { tripId: null } });
  expect(effectsOf(decision)).toEqual([
    { do: "send_assignment", driverId: "B", tripId: aTrip },
    { do: "send_cancel", driverId: A, tripId: aTrip, offerId: null, reason: "reassigned" },
  ]);
});

test("D17: leaving the market while idle is offline there", () => {
  say({ type: "driver.left" });
  expect(me().state).toBe("offline");
});
