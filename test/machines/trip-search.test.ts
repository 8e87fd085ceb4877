import { beforeEach, expect, test } from "vitest";
import { offerId } from "../../src/domain/ids.ts";
import type { TripPolicy } from "../../src/domain/policy.ts";
import { tripPolicy } from "./scene.ts";
import { A, B, C, accept, openTrip, refused } from "./trip-words.ts";

let scene: ReturnType<typeof openTrip>;
const given = (policy: Partial<TripPolicy> = {}) => (scene = openTrip(policy));
beforeEach(() => void given());

const trip = () => scene.ofTrip();
const stateOf = (id: string) => scene.ofDriver(id).state;

test("T1: a new trip searches, with a deadline and its own copy of the policy", () => {
  expect(trip().state).toBe("requested.searching");
  expect(trip().context.search).toEqual({
    number: 1,
    startedAt: scene.now(),
    dueAt: scene.now() + tripPolicy.searchMs,
    offersMade: 0,
    wave: 0,
    over: false,
  });
  expect(trip().context.policy).toEqual(tripPolicy);
});

test("T2: an offer is asked of the driver, and of each driver only once", () => {
  const id = scene.offer(A);
  expect(trip().state).toBe("requested.offering");
  expect(scene.ofDriver(A).context.offer).toEqual({ tripId: trip().context.tripId, offerId: id });
  scene.trip({ type: "offer.declined", offerId: id, driverId: A, reason: null });
  expect(() => scene.offer(A)).toThrow("illegal_now");
});

test("T2: a search makes only so many offers", () => {
  given({ offersPerSearch: 1 });
  scene.offer(A);
  expect(() => scene.offer(B)).toThrow("illegal_now");
});

test("T3: an offer has a deadline to answer and one for its receipt, which ends with the confirmation", () => {
  const id = scene.offer(A);
  expect(trip().context.offers[id]).toMatchObject({
    dueAt: scene.now() + 16_500,
    receiptDueAt: scene.now() + 5_000,
  });
  scene.trip({ type: "offer.delivered", offerId: id, driverId: A });
  expect(trip().context.offers[id]).toMatchObject({ receiptDueAt: null });
});

test("T4: acceptance assigns the driver and withdraws the other offers", () => {
  const first = scene.offer(A);
  const second = scene.offer(B);
  scene.trip(accept(first), 1_000);
  expect(trip().state).toBe("accepted");
  expect(trip().context.assignment).toEqual({
    driverId: A,
    acceptedAt: scene.now(),
    etaS: 240,
    distanceM: 900,
  });
  expect(trip().context.closed).toEqual({ [first]: "accepted", [second]: "withdrawn" });
  expect([stateOf(A), stateOf(B)]).toEqual(["to_pickup", "idle"]);
});

test("T5: an acceptance is judged by its own time, though the deadline was not fed yet", () => {
  const id = scene.offer(A);
  expect(scene.trip(accept(id), 16_500)).toEqual(refused("offer_expired"));
  expect(trip().state).toBe("requested.offering");
});

test("T5: an offer may be accepted to its last millisecond, without a receipt", () => {
  scene.trip(accept(scene.offer(A)), 16_499);
  expect(trip().state).toBe("accepted");
});

test("T5: an offer that ran out is expired, any other closed, foreign or unknown one is withdrawn", () => {
  const expired = scene.offer(A);
  scene.trip({ type: "offer.due", offerId: expired }, 16_500);
  expect(scene.trip(accept(expired))).toEqual(refused("offer_expired"));
  const declined = scene.offer(B);
  expect(scene.trip(accept(declined, C))).toEqual(refused("offer_withdrawn"));
  scene.trip({ type: "offer.declined", offerId: declined, driverId: B, reason: null });
  expect(scene.trip(accept(declined, B))).toEqual(refused("offer_withdrawn"));
  expect(scene.trip(accept(offerId("unknown")))).toEqual(refused("offer_withdrawn"));
});

test("T6: a declined offer is closed and its driver free again", () => {
  const id = scene.offer(A);
  scene.trip({ type: "offer.declined", offerId: id, driverId: A, reason: "too far" });
  expect(trip().context.closed).toEqual({ [id]: "declined" });
  expect(stateOf(A)).toBe("idle");
});

test("T7: when the last live offer closes the trip searches on", () => {
  const [first, second] = [scene.offer(A), scene.offer(B)];
  scene.trip({ type: "offer.declined", offerId: first, driverId: A, reason: null });
  expect(trip().state).toBe("requested.offering");
  scene.trip({ type: "offer.declined", offerId: second, driverId: B, reason: null });
  expect(trip().state).toBe("requested.searching");
});

test("T7: or ends without a driver when the search has spent its offers", () => {
  given({ offersPerSearch: 1 });
  scene.trip({ type: "offer.declined", offerId: scene.offer(A), driverId: A, reason: null });
  expect(trip().state).toBe("no_driver_found");
});

test("T8: an unanswered offer expires at its deadline, not before, and counts as a miss", () => {
  const id = scene.offer(A);
  expect(scene.trip({ type: "offer.due", offerId: id }, 16_499).is).toBe("ignored");
  scene.trip({ type: "offer.due", offerId: id }, 1);
  expect(trip().context.closed).toEqual({ [id]: "expired" });
  expect(scene.ofDriver(A).context.misses).toBe(1);
});

test("T8: an offer nobody confirmed to show is undelivered, without a miss", () => {
  const id = scene.offer(A);
  expect(scene.trip({ type: "receipt.due", offerId: id }, 4_999).is).toBe("ignored");
  scene.trip({ type: "receipt.due", offerId: id }, 1);
  expect(trip().context.closed).toEqual({ [id]: "undelivered" });
  expect(scene.ofDriver(A)).toMatchObject({ state: "idle", context: { misses: 0 } });
});

test("T9: a lapsed offer gives driver and offer back to the search, which gets the lost time too", () => {
  given({ offersPerSearch: 1 });
  const { dueAt } = trip().context.search;
  scene.trip({ type: "offer.lapsed", offerId: scene.offer(A) });
  scene.trip({ type: "search.extended", byMs: 7_000 });
  expect(trip().state).toBe("requested.searching");
  expect(trip().context.search.dueAt).toBe(dueAt + 7_000);
  expect(scene.offer(A)).toBeDefined();
});

test("T10: the deadline of a search without a live offer ends it, and only its own one", () => {
  expect(scene.trip({ type: "search.due", search: 1 }, 179_999).is).toBe("ignored");
  expect(scene.trip({ type: "search.due", search: 2 }, 1).is).toBe("ignored");
  scene.trip({ type: "search.due", search: 1 });
  expect(trip().state).toBe("no_driver_found");
});

test("T11: the search deadline never kills a live offer, but no new one is made", () => {
  scene.trip({ type: "search.extended", byMs: -170_000 });
  const id = scene.offer(A);
  scene.trip({ type: "search.due", search: 1 }, 10_000);
  expect(() => scene.offer(B)).toThrow("illegal_now");
  scene.trip(accept(id));
  expect(trip().state).toBe("accepted");
});

test("T11: the last offer after the search deadline ends the trip when it closes", () => {
  scene.trip({ type: "search.extended", byMs: -170_000 });
  const id = scene.offer(A);
  scene.trip({ type: "search.due", search: 1 }, 10_000);
  scene.trip({ type: "offer.declined", offerId: id, driverId: A, reason: null });
  expect(trip().state).toBe("no_driver_found");
});
