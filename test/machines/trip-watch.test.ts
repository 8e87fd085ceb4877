import { beforeEach, describe, expect, test } from "vitest";
import type { TripEvent } from "../../machines/events.ts";
import { meaning } from "../../src/meaning.ts";
import { A, B, C, accept, arrive, assign, giveBack, openTrip, reassign, refused } from "./trip-words.ts";

// What is seen of a trip from outside: positions, lateness, operators.

let scene: ReturnType<typeof openTrip>;
beforeEach(() => {
  scene = openTrip();
  scene.trip(accept(scene.offer(A)));
});

const trip = () => scene.ofTrip();
const stateOf = (id: string) => scene.ofDriver(id).state;
const moving = (by = A): TripEvent => ({ type: "driver.moving", driverId: by, distanceM: 800 });
const seenAt = (distanceM: number, by = A): TripEvent => ({
  type: "driver.arrived",
  driverId: by,
  by: "geofence",
  distanceM,
  fixAgeMs: 0,
  reason: null,
});
const departed: TripEvent = { type: "driver.departed", driverId: A };
const alarmsOf = (decision: ReturnType<typeof scene.trip>) =>
  decision.is === "turn" ? decision.effects : decision.is;

describe("positions", () => {
  test("T23: given an accepted trip, when its driver is seen coming nearer, then it is en route; later it is ignored", () => {
    expect(scene.trip(moving(B))).toEqual(refused("wrong_order"));
    scene.trip(moving());
    expect(trip().state).toBe("en_route");
    expect(scene.trip(moving()).is).toBe("ignored");
    scene.trip(arrive(20));
    expect(scene.trip(moving()).is).toBe("ignored");
  });

  test("T24: given a position within the radius, then the driver has arrived; further out, or another's, not", () => {
    expect(scene.trip(seenAt(101))).toEqual(refused("illegal_now"));
    expect(scene.trip(seenAt(50, B))).toEqual(refused("wrong_order"));
    scene.trip(seenAt(100), 1_000);
    expect(trip()).toMatchObject({ state: "arrived", context: { arrivedAt: scene.now() } });
    expect(stateOf(A)).toBe("at_pickup");
  });

  test("T25: given what positions said, when the driver says it too, then it is recorded and nothing else changes", () => {
    const nothingNew = { is: "turn", steps: [{ row: { changes: {}, effects: [] } }], effects: [] };
    scene.trip(moving());
    expect(scene.trip(departed)).toMatchObject(nothingNew);
    expect(trip().state).toBe("en_route");
    scene.trip(seenAt(50));
    const { arrivedAt } = trip().context;
    expect(scene.trip(departed)).toMatchObject(nothingNew);
    expect(scene.trip(arrive(900), 1_000)).toMatchObject(nothingNew);
    expect(trip().context.arrivedAt).toBe(arrivedAt);
    expect(scene.trip({ ...arrive(20), driverId: B } as TripEvent)).toEqual(refused("wrong_order"));
    expect(trip().state).toBe("arrived");
  });
});

describe("another driver", () => {
  test.each([
    ["accepted", []],
    ["en_route", [moving()]],
    ["arrived", [seenAt(50)]],
  ] as const)(
    "T28: given a trip that is %s, when it is reassigned, then it is as newly accepted",
    (state, before) => {
      for (const event of before) scene.trip(event);
      expect(trip().state).toBe(state);
      scene.trip(reassign(B), 60_000);
      expect(trip()).toMatchObject({
        state: "accepted",
        context: {
          assignment: { driverId: B, acceptedAt: scene.now(), etaS: 60, distanceM: 300 },
          arrivedAt: null,
          tried: [A],
        },
      });
      expect([stateOf(A), stateOf(B)]).toEqual(["idle", "to_pickup"]);
      scene.trip(giveBack(B));
      expect(() => scene.offer(A), "never asked again").toThrow("illegal_now");
    },
  );

  test("T28: given a driver who cannot take it, or has it already, then nothing changes for anybody", () => {
    scene.driver(B, { type: "pause" });
    for (const to of [A, B]) {
      const before = [trip(), scene.ofDriver(A), scene.ofDriver(B)];
      expect(scene.trip(reassign(to))).toEqual(refused("driver_unavailable"));
      expect([trip(), scene.ofDriver(A), scene.ofDriver(B)]).toEqual(before);
    }
  });

  test("T28: given a trip without a driver, or with the passenger on board, then there is nothing to reassign", () => {
    scene.trip(seenAt(50));
    scene.trip({ type: "start", driverId: A });
    expect(scene.trip(reassign(B))).toEqual(refused("illegal_now"));
    scene = openTrip();
    expect(scene.trip(reassign(B))).toEqual(refused("illegal_now"));
  });
});

describe("alarms", () => {
  const late: TripEvent = { type: "pickup.late" };
  const lateMs = 3 * 240_000 + 300_000;

  test("T30: given a lost driver, then an alarm, once, also when they come back; the trip goes on", () => {
    const lost = scene.driver(A, { type: "driver.lost" });
    expect(alarmsOf(lost)).toEqual([
      { do: "raise_alarm", tripId: trip().context.tripId, alarm: "driver_lost" },
    ]);
    scene.driver(A, { type: "driver.back" });
    expect(alarmsOf(scene.driver(A, { type: "driver.lost" }))).toEqual([]);
    expect(trip()).toMatchObject({ state: "accepted", context: { alarms: ["driver_lost"] } });
  });

  test("T30: given another driver, or one who waits at the pickup, then being lost is no alarm", () => {
    expect(scene.trip({ type: "driver.lost", driverId: B }).is).toBe("ignored");
    scene.trip(seenAt(50));
    scene.driver(A, { type: "driver.lost" });
    expect(trip().context.alarms).toEqual([]);
  });

  test("T31: given a late pickup, then an alarm at its deadline and not before, once, also en route", () => {
    expect(meaning.due(trip())).toEqual({ at: scene.now() + lateMs, event: late });
    expect(scene.trip(late, lateMs - 1).is).toBe("ignored");
    scene.trip(moving());
    expect(alarmsOf(scene.trip(late, 1))).toMatchObject([{ do: "raise_alarm", alarm: "pickup_late" }]);
    expect(trip()).toMatchObject({ state: "en_route", context: { alarms: ["pickup_late"] } });
    expect(scene.trip(late).is).toBe("ignored");
    expect(meaning.due(trip())).toBeNull();
  });

  test("T31: given an operator's choice without an ETA, then five minutes are late; given an arrival, nothing is", () => {
    scene = openTrip();
    scene.trip(assign(C));
    expect(meaning.due(trip())?.at).toBe(scene.now() + 300_000);
    scene.trip(seenAt(50, C));
    expect(meaning.due(trip())).toBeNull();
  });

  test("T32: given a ride three times longer than expected, then an alarm, once, and the ride goes on", () => {
    scene.trip(seenAt(50));
    scene.trip({ type: "start", driverId: A });
    const stuck: TripEvent = { type: "ride.stuck" };
    expect(meaning.due(trip())).toEqual({ at: scene.now() + 3 * 610_000, event: stuck });
    expect(scene.trip(stuck, 3 * 610_000 - 1).is).toBe("ignored");
    expect(alarmsOf(scene.trip(stuck, 1))).toMatchObject([{ do: "raise_alarm", alarm: "ride_stuck" }]);
    expect(trip().state).toBe("in_progress");
    expect(meaning.due(trip())).toBeNull();
  });

  test("T33: given an alarm, when the passenger cancels, then it is free, even with the driver there", () => {
    scene.driver(A, { type: "driver.lost" });
    scene.trip(seenAt(50));
    scene.trip({ type: "passenger.cancel", reason: null }, 200_000);
    expect(trip().context.cancelled?.fee).toBe(0);
  });

  test.each([
    ["reassigned", () => scene.trip(reassign(B))],
    ["given back and accepted", () => (scene.trip(giveBack()), scene.trip(accept(scene.offer(B), B)))],
  ] as const)(
    "T33: given an alarm, when the trip is %s, then the next driver begins without one",
    (_, change) => {
      scene.driver(A, { type: "driver.lost" });
      change();
      expect(trip()).toMatchObject({ state: "accepted", context: { alarms: [] } });
      scene.driver(B, { type: "driver.lost" });
      expect(trip().context.alarms).toEqual(["driver_lost"]);
    },
  );
});
