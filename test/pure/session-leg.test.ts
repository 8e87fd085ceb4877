import { type Client, type Town, centre, dropoff, openTown, stateOf } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { asTrip } from "../../src/meaning.ts";
import { heal } from "../fixtures/memory-log.ts";
import { settle } from "../fixtures/fake-clock.ts";

let town: Town;
let driver: Client;
let passenger: Client;
let id: string;

const north = (metres: number) => ({ lat: centre.lat + metres / 111_195, lng: centre.lng });
/** Accepted by a driver who is so far from the pickup. */
const accepted = async (metres: number) => {
  town = await openTown();
  driver = await town.driverAt("d1", north(metres));
  passenger = await town.connect("passenger", "p1");
  await passenger.say({ type: "request_trip", id: "k1", pickup: centre, dropoff });
  const { order_id, offer_id } = driver.last("new_order");
  await driver.say({ type: "accept_order", order_id, offer_id });
  id = order_id;
};
const state = () => stateOf(town.city, "trip", id);
/** Positions so far from the pickup, apart enough that none is a jump. */
const fixes = async (...metres: number[]) => fixesEvery(20_000, ...metres);
const fixesEvery = async (ms: number, ...metres: number[]) => {
  for (const far of metres) {
    await town.clock.advance(ms);
    await driver.say({ type: "driver_location", ...north(far) });
  }
};
const rows = (type: string) => town.tables.rows.filter((row) => row.type === type);
beforeEach(() => accepted(1_000));

describe("coming nearer", () => {
  test("L14: given two positions, each nearer, in all 50 m, then the trip is en route, once", async () => {
    await fixes(970, 951);
    expect(state(), "49 m").toBe("accepted");
    await fixes(949);
    expect(state()).toBe("en_route");
    await fixes(800, 700, 600, 500);
    expect(rows("driver.moving")).toMatchObject([
      { body: { driverId: "d1", distanceM: expect.closeTo(949, 0) }, commandId: null },
    ]);
  });

  test("L14: given one position that is much nearer, or the same one again, then it is not yet", async () => {
    await fixes(700);
    expect(state(), "one can be an error").toBe("accepted");
    await fixes(700, 690);
    expect(state(), "a row of nearer ones began anew").toBe("accepted");
    await fixes(680);
    expect(state()).toBe("en_route");
  });

  test("L14: given a driver who first goes away, then it counts from the furthest", async () => {
    await fixes(1_100, 1_200, 1_170, 1_151);
    expect(state()).toBe("accepted");
    await fixes(1_149);
    expect(state()).toBe("en_route");
  });

  test("L14: given a driver who stands and trembles, then nothing is said", async () => {
    await fixes(1_000, 985, 970, 990, 1_005, 975, 960, 1_000);
    expect(state()).toBe("accepted");
  });

  test("T25: given a driver who departed by themselves, then nothing is said; and the other way round it is acknowledged the same each time", async () => {
    await driver.say({ type: "driver_departed", id: "dep", order_id: id });
    await fixes(900, 800, 700);
    expect(rows("driver.moving")).toEqual([]);

    await accepted(1_000);
    await fixes(900, 800);
    expect(state()).toBe("en_route");
    await driver.say({ type: "driver_departed", id: "dep", order_id: id });
    const ack = driver.last("ack");
    expect(ack).toMatchObject({ id: "dep", order_id: id });
    await fixes(90, 80);
    await driver.say({ type: "start_trip", order_id: id });
    await driver.say({ type: "driver_departed", id: "dep", order_id: id });
    expect(driver.last("ack")).toEqual(ack);
    expect(driver.all("error")).toEqual([]);
  });
});

describe("being there", () => {
  test("L15: given two positions in a row inside the radius, then the driver has arrived, from accepted too", async () => {
    await fixes(99, 101, 98);
    expect(state(), "not in a row").toBe("accepted");
    await fixes(97);
    expect(state()).toBe("arrived");
    expect(rows("driver.arrived")).toMatchObject([
      { body: { driverId: "d1", by: "geofence", distanceM: expect.closeTo(97, 0), fixAgeMs: 0 } },
    ]);
    expect(stateOf(town.city, "driver", "d1")).toBe("at_pickup");

    await accepted(60);
    await fixes(60, 60);
    expect(state()).toBe("arrived");
  });

  test("L15: given a position that is noise, then it does not count", async () => {
    await fixes(120, 90);
    await town.clock.advance(5_000);
    await driver.say({ type: "driver_location", ...north(50), accuracy_m: 500 });
    expect(state()).toBe("en_route");
    await fixes(80);
    expect(state()).toBe("arrived");
  });

  test("T25: given an arrival seen by positions, when the driver says it too, then it is acknowledged and they go on", async () => {
    await fixes(90, 80);
    for (const type of ["driver_departed", "driver_arrived", "start_trip"])
      await driver.say({ type, id: type, order_id: id });
    expect(driver.all("error")).toEqual([]);
    expect(state()).toBe("in_progress");
  });

  test("L15: given a driver on the ride, then the pickup is watched no more", async () => {
    await fixes(90, 80);
    await driver.say({ type: "start_trip", order_id: id });
    await fixes(300, 80, 70, 60);
    expect(rows("driver.arrived")).toHaveLength(1);
    expect(state()).toBe("in_progress");
  });
});

describe("said once", () => {
  test("L16: given a log that does not answer, then it is said once, and again only after the market commits", async () => {
    town.tables.down = true;
    await fixes(90, 80);
    expect(state(), "decided, and not in the log").toBe("arrived");
    await fixes(70, 60, 50);
    expect(rows("driver.arrived")).toEqual([]);
    heal(town.tables);
    await settle();
    await fixes(40, 30);
    expect(rows("driver.arrived")).toHaveLength(1);
  });

  test("L16: given a fact that changes nothing, then it is said again after 10 s, six times at most", async () => {
    const { market } = town.city;
    const submit = market.submit;
    const said: number[] = [];
    market.submit = (command, done) => {
      if (command.event.type !== "driver.arrived") return submit(command, done);
      said.push(market.now());
      done({ is: "refused", refusal: { code: "internal", message: "test" } });
    };
    await fixes(50);
    await fixesEvery(2_500, ...Array.from({ length: 40 }, () => 50));
    expect(said.slice(1).map((at, i) => at - said[i]!)).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
  });
});

describe("every connection", () => {
  test("L17: given a driver who comes back, then they are watched on from where they were assigned", async () => {
    await fixes(980);
    await driver.hangUp();
    driver = await town.connect("driver", "d1");
    await fixes(960, 940);
    expect(state()).toBe("en_route");
    await driver.hangUp();
    driver = await town.connect("driver", "d1");
    await fixes(90, 80);
    expect(state()).toBe("arrived");
  });

  test("L17: given another status on the way, then the count goes on", async () => {
    await fixes(970);
    await driver.say({ type: "driver_status", status: "paused" });
    await fixes(940);
    expect(state()).toBe("en_route");
  });
});

describe("operators", () => {
  const assign = async (to: string) => {
    const operator = await town.connect("admin", "a1");
    await operator.say({ type: "assign_driver", id: `to-${to}`, order_id: id, driver_id: to });
    return operator;
  };

  test("T28: given another driver, then the old one is told, the new one has it, and each is watched as they are", async () => {
    const other = await town.driverAt("d2", north(-500));
    await fixes(900, 800);
    const operator = await assign("d2");
    expect(operator.last("ack")).toMatchObject({ order_id: id });
    expect(driver.last("cancel_order")).toMatchObject({ order_id: id, reason: "reassigned" });
    expect(other.last("new_order")).toMatchObject({ order_id: id, assigned: true, pickup_distance_m: 500 });
    expect(state()).toBe("accepted");
    await fixes(90, 80, 70);
    expect(state(), "no longer their trip").toBe("accepted");
    driver = other;
    await fixes(-450, -420);
    expect(state()).toBe("en_route");
    await fixes(-90, -80);
    expect(state()).toBe("arrived");
  });

  test("T28: given a driver who cannot take it, then it is refused and nobody hears anything", async () => {
    const operator = await assign("nobody");
    expect(operator.last("error")["error"]).toMatchObject({ code: "driver_unavailable", status: "accepted" });
    expect(operator.last("error")["error"].legal).toContain("assign_driver");
    expect(driver.all("cancel_order")).toEqual([]);
  });

  test("T30: given a driver lost on the way, then operators are told after grace, and the passenger's seq has no hole", async () => {
    await fixes(900, 800);
    await driver.hangUp();
    await town.clock.advance(9_000);
    expect(town.alarms).toEqual([]);
    await town.clock.advance(2_000);
    expect(town.alarms).toEqual([`driver_lost ${id}`]);
    expect(asTrip(town.city.market.peek({ kind: "trip", id })!).context.alarms).toEqual(["driver_lost"]);
    const seqs = passenger.all("order_update").map(({ seq }) => Number(seq));
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  });

  test("T31, T32: given a pickup that is late, then a ride that is stuck, then operators are told of each", async () => {
    const { assignment, durationS } = asTrip(town.city.market.peek({ kind: "trip", id })!).context;
    await town.clock.advance(3_000 * assignment!.etaS! + 300_000);
    await settle();
    expect(town.alarms).toEqual([`pickup_late ${id}`]);
    await fixes(90, 80);
    await driver.say({ type: "start_trip", order_id: id });
    await town.clock.advance(3_000 * durationS + 1_000);
    await settle();
    expect(town.alarms).toEqual([`pickup_late ${id}`, `ride_stuck ${id}`]);
    expect(state()).toBe("in_progress");
  });
});
