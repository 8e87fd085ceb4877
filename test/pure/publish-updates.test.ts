import { type Client, type Message, type Town, centre, dropoff, openTown } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { createLane } from "../../src/publish/lane.ts";
import { createTopics } from "../../src/publish/topics.ts";
import { tripId } from "../../src/domain/ids.ts";
import { settle } from "../fixtures/fake-clock.ts";

let town: Town;
let passenger: Client;
let driver: Client;
beforeEach(async () => {
  town = await openTown();
  driver = await town.driverAt("d1", centre);
  passenger = await town.connect("passenger", "p1");
});
const request = { type: "request_trip", id: "k1", pickup: centre, dropoff };
const updates = (client: Client) => client.all("order_update");
const seqs = (messages: Message[]) => messages.map((message) => message["seq"]);
const ride = async (from: number, to: number) => {
  const { order_id, offer_id } = driver.last("new_order");
  const steps = ["accept_order", "driver_departed", "driver_arrived", "start_trip", "complete_trip"];
  for (const type of steps.slice(from, to)) await driver.say({ type, order_id, offer_id });
};

describe("order updates", () => {
  test("P30: given a whole ride, its passenger hears of each row once, in order, and its driver from acceptance on", async () => {
    await passenger.say(request);
    await ride(0, 5);
    const { order_id } = passenger.last("ack");
    const rows = town.tables.rows.filter((row) => row.actorId === order_id);
    expect(updates(passenger).map(({ seq, state }) => [seq, state])).toEqual(
      rows.map((row) => [row.seq, row.toState]),
    );
    expect(rows.map((row) => row.toState)).toEqual([
      "requested.searching",
      "requested.offering",
      "accepted",
      "en_route",
      "arrived",
      "in_progress",
      "completed",
    ]);
    expect(updates(driver).map(({ state }) => state)).toEqual(rows.slice(2).map((row) => row.toState));
    expect(passenger.heard.map(({ type }) => type).slice(0, 3), "first the ack").toEqual([
      "welcome",
      "ack",
      "order_update",
    ]);
  });

  test("S7: given an offer that is not accepted yet, the passenger is not told who the driver is", async () => {
    await passenger.say(request);
    expect(JSON.stringify(updates(passenger))).not.toContain('"d1"');
    await ride(0, 1);
    expect(updates(passenger).at(-1)!["driver"]).toEqual({
      driver_id: "d1",
      first_name: "Driver d1",
      vehicle_type: "standard",
      license_plate: "0d1",
      ...centre,
    });
  });

  test("S8: given a trip, its driver learns of the passenger the first name, and nothing else", async () => {
    await passenger.say(request);
    await ride(0, 1);
    expect(driver.last("new_order")["passenger"]).toEqual({ first_name: "Passenger p1", rating: null });
    const told = JSON.stringify(driver.heard.filter(({ type }) => type !== "new_order"));
    expect(told).not.toMatch(/p1|Driver d1/);
  });

  test("P31: given slow lookups of records, updates still come in order, none before the driver is known", async () => {
    await passenger.say(request);
    town.lookupMs = 300;
    await ride(0, 2);
    expect(seqs(updates(passenger)), "held back").toEqual([1, 2]);
    await town.clock.advance(300);
    expect(seqs(updates(passenger))).toEqual([1, 2, 3, 4]);
    expect(updates(passenger)[2]!["driver"]).toMatchObject({ first_name: "Driver d1" });
    expect(seqs(updates(driver))).toEqual([3, 4]);
  });

  test("P31: given a lookup that fails, the update goes without the name, and nothing is stuck", async () => {
    const lane = createLane();
    const told: unknown[] = [];
    lane.runWith(Promise.reject(new Error("the database is gone")), (found) => told.push(["first", found]));
    lane.runWith(Promise.resolve(2), (found) => told.push(["second", found]));
    lane.run(() => told.push("third"));
    expect(told).toEqual([]);
    await settle();
    expect(told).toEqual([["first", undefined], ["second", 2], "third"]);
  });

  test("P122: given a ride to its end, then the last update tells the fare, to both, and to who reads it from the log", async () => {
    await passenger.say(request);
    await ride(0, 5);
    const { order_id, fare } = driver.last("new_order");
    expect(
      updates(passenger)
        .filter((update) => update["fare"])
        .map(({ seq }) => seq),
    ).toEqual([1, 7]);
    expect(updates(passenger).at(-1)).toMatchObject({ state: "completed", fare });
    expect(updates(driver).at(-1)).toMatchObject({ state: "completed", fare });
    const back = await town.connect("passenger", "p1");
    await back.say({ type: "subscribe", order_id, since_seq: 6 });
    expect(updates(back)).toEqual([updates(passenger).at(-1)]);
  });

  test("P47: given a driver on the way, the passenger sees them move at most once a second", async () => {
    await passenger.say(request);
    await ride(0, 1);
    for (let i = 0; i < 12; i++) {
      await town.clock.advance(250);
      await driver.say({ type: "driver_location", lat: centre.lat + i * 1e-5, lng: centre.lng, heading: 90 });
    }
    const seen = passenger.all("driver_location");
    expect(seen).toHaveLength(3);
    expect(seen[1]!["at"] - seen[0]!["at"]).toBe(1_000);
    expect(seen[0]).toMatchObject({
      order_id: driver.last("new_order")["order_id"],
      driver_id: "d1",
      heading: 90,
    });
  });
});

describe("subscribe", () => {
  const again = async (since?: number): Promise<Client> => {
    const client = await town.connect("passenger", "p1");
    await client.say({
      type: "subscribe",
      id: "s",
      order_id: driver.last("new_order")["order_id"],
      since_seq: since,
    });
    return client;
  };

  test("P32: given what it has already, a client gets the missing updates, the same as those who were there", async () => {
    await passenger.say(request);
    await ride(0, 3);
    const live = updates(passenger);
    for (let since = 0; since <= live.length; since++) {
      const back = await again(since);
      const unplaced = (update: Message) =>
        update["driver"] ? { ...update, driver: { ...update["driver"], lat: null, lng: null } } : update;
      expect(updates(back)).toEqual(live.slice(since).map(unplaced));
      expect(back.last("ack")).toMatchObject({ id: "s", seq: live.length });
    }
  });

  test("P32: given nothing, or a seq that is ahead, a client gets the whole trip, then what comes", async () => {
    await passenger.say(request);
    await ride(0, 1);
    for (const since of [undefined, 99]) {
      const back = await again(since);
      expect(updates(back)).toMatchObject([
        {
          full: true,
          seq: 3,
          state: "accepted",
          pickup: centre,
          dropoff,
          fare: { currency: "TJS" },
          driver: { driver_id: "d1" },
        },
      ]);
    }
    const back = await again();
    await ride(1, 2);
    expect(seqs(updates(back))).toEqual([3, 4]);
  });

  test("P32: given more than 100 missing, a client gets the whole trip", async () => {
    await passenger.say(request);
    const { order_id } = passenger.last("ack");
    // Offers that lapse and are made again: two rows each.
    for (let i = 0; i < 60; i++) {
      const trip = town.city.market.peek({ kind: "trip", id: order_id })!;
      const [offerId] = Object.keys(trip.context["offers"] as object);
      town.city.market.submit(
        {
          to: { kind: "trip", id: order_id },
          event: { type: "offer.lapsed", offerId },
          by: "system",
          key: null,
          hash: 0,
        },
        () => {},
      );
      await settle();
    }
    const last = updates(passenger).at(-1)!["seq"];
    expect(last).toBeGreaterThan(101);
    expect(updates(await again(last - 100))).toHaveLength(100);
    expect(updates(await again(last - 101))).toMatchObject([{ full: true, seq: last }]);
  });

  test("P32: given updates that come while the missing ones are fetched, none is lost, twice or out of order", async () => {
    await passenger.say(request);
    await ride(0, 1);
    for (const since of [0, undefined]) {
      town.lookupMs = 500;
      const back = await again(since);
      await ride(1, 5);
      expect(updates(back), "still fetching").toEqual([]);
      await town.clock.advance(2_000);
      const got = seqs(updates(back));
      expect(got).toEqual(since === undefined ? [7] : [1, 2, 3, 4, 5, 6, 7]);
      town.lookupMs = 0;
    }
  });

  test("P32: given a subscription while an update still waits for a record, it is not told twice", async () => {
    await passenger.say(request);
    town.lookupMs = 300;
    await ride(0, 1);
    const back = await again();
    await town.clock.advance(1_000);
    await ride(1, 2);
    expect(seqs(updates(back))).toEqual([3, 4]);
  });

  test("P32: given an ended trip, it is told whole, with its driver for 15 minutes", async () => {
    await passenger.say(request);
    await ride(0, 5);
    await town.clock.advance(5_000);
    expect(updates(await again())).toMatchObject([
      { full: true, state: "completed", driver: { driver_id: "d1", lat: null } },
    ]);
    await town.clock.advance(15 * 60_000);
    expect(updates(await again())).toMatchObject([{ full: true, driver: null }]);
    expect(JSON.stringify(updates(await again(0)))).not.toContain('"d1"');
  });

  test("P36: given 20 trips followed, one more is refused, and one given up makes room", () => {
    const topics = createTopics();
    const peer = { push: () => {}, hint: () => true };
    const follow = (i: number) => topics.follow(tripId(`t${i}`), peer, 0) !== null;
    for (let i = 0; i < 20; i++) expect(follow(i)).toBe(true);
    expect([follow(20), follow(3)]).toEqual([false, true]);
    topics.end(tripId("t3"));
    expect(follow(20)).toBe(true);
  });

  test("P36: given an unsubscribe, no more updates come; a closed connection follows nothing", async () => {
    await passenger.say(request);
    await passenger.say({ type: "unsubscribe", id: "u", order_id: driver.last("new_order")["order_id"] });
    const heard = updates(passenger).length;
    const back = await again();
    await back.hangUp();
    await ride(0, 1);
    expect([updates(passenger).length, updates(back).length]).toEqual([heard, 1]);
  });
});
