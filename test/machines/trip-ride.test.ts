import { beforeEach, expect, test } from "vitest";
import type { TripPolicy } from "../../src/domain/policy.ts";
import { createTrip } from "./scene.ts";
import { A, B, accept, arrive, assign, giveBack, openTrip, refused } from "./trip-words.ts";

let scene: ReturnType<typeof openTrip>;
const given = (policy: Partial<TripPolicy> = {}) => (scene = openTrip(policy));
beforeEach(() => void given());

const trip = () => scene.ofTrip();
const stateOf = (id: string) => scene.ofDriver(id).state;
const acceptedByA = () => scene.trip(accept(scene.offer(A)));
const arrivedWithA = () => {
  acceptedByA();
  scene.trip(arrive(20));
};
const ridingWithA = () => {
  arrivedWithA();
  scene.trip({ type: "start", driverId: A });
};

test("T12: a passenger may cancel until the start; offered and assigned drivers are free again", () => {
  scene.offer(A);
  scene.trip({ type: "passenger.cancel", reason: "late" });
  expect(trip().context.cancelled).toEqual({ by: "passenger", reason: "late", at: scene.now(), fee: 0 });
  expect(stateOf(A)).toBe("idle");

  given();
  arrivedWithA();
  scene.trip({ type: "passenger.cancel", reason: null });
  expect([trip().state, stateOf(A)]).toEqual(["cancelled", "idle"]);

  given();
  ridingWithA();
  expect(scene.trip({ type: "passenger.cancel", reason: null })).toEqual(refused("illegal_now"));
});

test("T12: it is free before acceptance, soon after it and for a late driver; otherwise the market's fee is owed", () => {
  const owed = (cancelAfterMs: number) => {
    given();
    scene.trip(accept(scene.offer(A)));
    scene.trip({ type: "passenger.cancel", reason: null }, cancelAfterMs);
    return trip().context.cancelled?.fee;
  };
  expect(owed(120_000)).toBe(0);
  expect(owed(120_001)).toBe(500);
  const etaMs = 240_000;
  expect(owed(etaMs + 300_000)).toBe(500);
  expect(owed(etaMs + 300_001)).toBe(0);

  given();
  arrivedWithA();
  scene.trip({ type: "passenger.cancel", reason: null }, etaMs + 300_001);
  expect(trip().context.cancelled?.fee, "a driver who waits is not late").toBe(500);

  given();
  scene.offer(A);
  scene.trip({ type: "passenger.cancel", reason: null }, 150_000);
  expect(trip().context.cancelled?.fee).toBe(0);
});
test("T13: an operator may cancel any live trip, also with the passenger on board", () => {
  ridingWithA();
  scene.trip({ type: "admin.cancel", adminId: "admin-1", reason: "accident" });
  expect(trip()).toMatchObject({ state: "cancelled", context: { cancelled: { by: "admin" } } });
  expect(stateOf(A)).toBe("idle");
});

test("T14: a driver who cancels for safety ends the trip", () => {
  acceptedByA();
  scene.trip(giveBack(A, "safety"));
  expect(trip()).toMatchObject({ state: "cancelled", context: { cancelled: { by: "driver" } } });
  expect(stateOf(A)).toBe("idle");
});

test("T15: a trip given back searches again at the same fare, and never asks that driver", () => {
  scene.trip(assign(A));
  scene.trip(giveBack(), 60_000);
  expect(trip()).toMatchObject({
    state: "requested.searching",
    context: {
      assignment: null,
      redispatches: 1,
      tried: [A],
      fare: { amount: 1_850, currency: "TJS" },
      search: { number: 2, dueAt: scene.now() + 120_000, offersMade: 0, wave: 0, over: false },
    },
  });
  expect(stateOf(A)).toBe("idle");
  expect(() => scene.offer(A)).toThrow("illegal_now");
});

test("T16: a trip that was given back too often ends without a driver", () => {
  given({ redispatches: 1 });
  acceptedByA();
  scene.trip(giveBack());
  scene.trip(accept(scene.offer(B), B));
  scene.trip(giveBack(B));
  expect(trip()).toMatchObject({ state: "no_driver_found", context: { assignment: null } });
  expect(stateOf(B)).toBe("idle");
});

test("T17: a driver sets off and arrives within the radius", () => {
  acceptedByA();
  scene.trip({ type: "driver.departed", driverId: A });
  expect(trip().state).toBe("en_route");
  scene.trip(arrive(100), 1_000);
  expect(trip()).toMatchObject({ state: "arrived", context: { arrivedAt: scene.now() } });
  expect(stateOf(A)).toBe("at_pickup");
});

test("T17: further away, or without a fresh fix, arriving takes a reason", () => {
  acceptedByA();
  const far = scene.trip(arrive(340.4));
  expect(far).toEqual(refused("illegal_now"));
  expect(far).toMatchObject({ refusal: { message: expect.stringMatching(/340 m .* 100 m/) } });
  expect(scene.trip(arrive(null))).toEqual(refused("illegal_now"));
  scene.trip(arrive(null, "underground"));
  expect(trip().state).toBe("arrived");
});

test("T18: a ride starts and ends, the fare stays the quoted one, the driver is free", () => {
  ridingWithA();
  expect([trip().state, stateOf(A)]).toEqual(["in_progress", "on_trip"]);
  scene.trip({ type: "complete", driverId: A, distanceM: 4_311 }, 600_000);
  expect(trip()).toMatchObject({
    state: "completed",
    context: { completedAt: scene.now(), drivenM: 4_311, fare: { amount: 1_850 } },
  });
  expect(stateOf(A)).toBe("idle");
});

test("T18: an operator may end the ride of a lost phone", () => {
  ridingWithA();
  scene.driver(A, { type: "driver.lost" });
  scene.trip({ type: "admin.complete", adminId: "admin-1", distanceM: 4_000, reason: "phone lost" });
  expect(trip()).toMatchObject({ state: "completed", context: { drivenM: 4_000 } });
  expect(stateOf(A)).toBe("idle");
});

test("T19: only the driver of a trip may drive it", () => {
  acceptedByA();
  expect(scene.trip({ type: "driver.departed", driverId: B })).toEqual(refused("wrong_order"));
  expect(scene.trip(giveBack(B))).toEqual(refused("wrong_order"));
  expect(trip().state).toBe("accepted");
});

test("T20: what comes too late to matter is ignored: deadlines, receipts and declines of closed offers", () => {
  const id = scene.offer(A);
  scene.trip(accept(id));
  for (const event of [
    { type: "offer.due", offerId: id },
    { type: "receipt.due", offerId: id },
    { type: "search.due", search: 1 },
    { type: "offer.delivered", offerId: id, driverId: A },
    { type: "offer.declined", offerId: id, driverId: A, reason: null },
  ] as const)
    expect(scene.trip(event, 200_000).is, event.type).toBe("ignored");
});

test("T21: an operator assigns a driver, who need not answer; live offers are withdrawn first", () => {
  const id = scene.offer(A);
  scene.trip(assign(B));
  expect(trip()).toMatchObject({
    state: "accepted",
    context: { assignment: { driverId: B, etaS: null }, closed: { [id]: "withdrawn" } },
  });
  expect([stateOf(A), stateOf(B)]).toEqual(["idle", "to_pickup"]);
});

test("T21: even the driver who has its offer, but nobody who is busy", () => {
  scene.offer(A);
  scene.trip(assign(A));
  expect(stateOf(A)).toBe("to_pickup");

  const second = { kind: "trip", id: "trip-2" } as const;
  scene.send(second, createTrip({}, second.id));
  expect(scene.send(second, assign(A))).toEqual(refused("driver_unavailable"));
  expect(scene.ofTrip(second.id).state).toBe("requested.searching");
});
