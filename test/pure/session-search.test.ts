import { type Client, type Town, centre, dropoff, openTown, stateOf } from "./session-town.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { EventRow } from "../../src/domain/row.ts";
import { settle } from "../fixtures/fake-clock.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
const request = { type: "request_trip", id: "k1", pickup: centre, dropoff };
const ask = async (id: string): Promise<Client> => {
  const passenger = await town.connect("passenger", id);
  await passenger.say(request);
  return passenger;
};
const north = (metres: number) => ({ lat: centre.lat + metres / 111_195, lng: centre.lng });
const offers = (...drivers: Client[]) => drivers.map((driver) => driver.all("new_order").length);
const answer = async (driver: Client, type: "accept_order" | "decline_order") => {
  const { order_id, offer_id } = driver.last("new_order");
  await driver.say({ type, order_id, offer_id });
};

describe("the open pool", () => {
  test("O20: given a driver nearby, a request is offered at once, to the nearest, in the same moment", async () => {
    const [far, near] = [await town.driverAt("d1", north(900)), await town.driverAt("d2", north(300))];
    await ask("p1");
    expect(offers(far, near)).toEqual([0, 1]);
    expect(near.last("new_order")).toMatchObject({
      pickup_distance_m: 300,
      expires_in_ms: 15_000,
      pickup: centre,
    });
  });

  test("O20: given nobody at first, a driver who comes online later gets it within a round", async () => {
    const passenger = await ask("p1");
    await town.clock.advance(20_000);
    const driver = await town.driverAt("d1", north(300));
    expect(offers(driver)).toEqual([0]);
    await town.clock.advance(1_000);
    expect(offers(driver)).toEqual([1]);
    await answer(driver, "accept_order");
    expect(passenger.last("order_update")["state"]).toBe("accepted");
  });

  test("O20: given a decline, the next are asked at once, and who declined is not asked again", async () => {
    const drivers = [];
    for (let i = 1; i <= 3; i++) drivers.push(await town.driverAt(`d${i}`, north(i * 100)));
    await ask("p1");
    expect(offers(...drivers)).toEqual([1, 0, 0]);
    await answer(drivers[0]!, "decline_order");
    expect(offers(...drivers), "the second wave asks three").toEqual([1, 1, 1]);
    await answer(drivers[1]!, "accept_order");
    expect(drivers[2]!.last("cancel_order")).toMatchObject({
      offer_id: drivers[2]!.last("new_order")["offer_id"],
    });
    await town.clock.advance(30_000);
    expect(offers(...drivers)).toEqual([1, 1, 1]);
  });

  test("O23: given two requests in one moment and two drivers, each gets one, nobody two", async () => {
    const drivers = [await town.driverAt("d1", north(100)), await town.driverAt("d2", north(200))];
    const [one, two] = [await town.connect("passenger", "p1"), await town.connect("passenger", "p2")];
    await Promise.all([one.say(request), two.say(request)]);
    await settle();
    expect(offers(...drivers)).toEqual([1, 1]);
    expect(town.search.stats, "and no proposal was in vain").toMatchObject({ offers: 2, refused: 0 });
  });

  test("O22: given a driver who was taken meanwhile, the next one is asked at once", async () => {
    const drivers = [await town.driverAt("d1", north(100)), await town.driverAt("d2", north(200))];
    const passenger = await town.connect("passenger", "p1");
    // Decided, and not yet written, when the search looks at who is free.
    await Promise.all([passenger.say(request), drivers[0]!.say({ type: "driver_status", status: "paused" })]);
    expect(stateOf(town.city, "driver", "d1")).toBe("paused");
    expect(offers(...drivers)).toEqual([0, 1]);
    expect(town.search.stats.refused).toBe(1);
  });

  test("O23: given an offer that the log refuses, its driver is free again", async () => {
    const driver = await town.driverAt("d1", north(100));
    const inTheWay = { actorKind: "driver", actorId: "d1", seq: 3 } as EventRow;
    town.tables.rows.push(inTheWay);
    await ask("p1");
    expect([stateOf(town.city, "driver", "d1"), ...offers(driver)]).toEqual(["idle", 0]);
    town.tables.rows.splice(town.tables.rows.indexOf(inTheWay), 1);
    await town.clock.advance(1_000);
    expect(offers(driver)).toEqual([1]);
  });

  test("O21: given a market that cannot write, no offer is made until it can", async () => {
    await ask("p1");
    const driver = await town.driverAt("d1", north(100));
    town.tables.down = true;
    const create = {
      type: "create",
      driverId: "d7",
      vehicleType: "standard",
      policy: town.city.policy.driver,
    };
    const to = { kind: "driver" as const, id: "d7" };
    town.city.market.submit({ to, event: create, by: "driver", key: null, hash: 0 }, () => {});
    await town.clock.advance(5_000);
    expect(town.city.market.stats.waiting, "nothing more was decided").toBe(1);
    town.tables.down = false;
    for (const resolve of town.tables.waiting.splice(0)) resolve();
    await settle();
    await driver.say({ type: "driver_location", ...north(100) });
    await town.clock.advance(1_000);
    expect(offers(driver)).toEqual([1]);
  });

  test("O20: given a driver who is gone, an offer not shown lapses, and the next one is asked", async () => {
    const drivers = [await town.driverAt("d1", north(100)), await town.driverAt("d2", north(200))];
    await drivers[0]!.hangUp();
    await ask("p1");
    expect(offers(...drivers)).toEqual([0, 0]);
    await town.clock.advance(5_000);
    await town.clock.advance(1_000);
    expect(offers(drivers[1]!)).toEqual([1]);
  });
});
