import { type Client, type Message, type Town, centre, dropoff, farAway, openTown } from "./session-town.ts";
import { evenly } from "../fixtures/evenly.ts";
import { BUSY, IDLE } from "../../src/location/port.ts";
import { beforeEach, describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { type Position, distanceM } from "../../src/domain/geo.ts";
import { createLocationIndex } from "../../src/location/location-index.ts";
import { createNearby } from "../../src/publish/nearby.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { ms } from "../../src/domain/time.ts";
import { settle } from "../fixtures/fake-clock.ts";

const METRE = 1 / 111_195;
const north = (metres: number): Position => ({ lat: centre.lat + metres * METRE, lng: centre.lng });

let town: Town;
let passenger: Client;
beforeEach(async () => {
  town = await openTown();
  passenger = await town.connect("passenger", "p1");
});
const watch = (client: Client, more: object = {}) =>
  client.say({ type: "watch_nearby", id: "w", ...centre, ...more });
const frames = (client = passenger): Message[] => client.all("driver_location");
const idsOf = (frame: Message): string[] => frame["drivers"].map((one: Message) => one["driver_id"]);

describe("watch_nearby", () => {
  test("P100: given free drivers near and far, then all within the radius at once after the ack, then only who moved", async () => {
    const near = await town.driverAt("d1", north(300));
    await town.driverAt("d2", north(1_900));
    await town.driverAt("d3", north(2_100));
    await watch(passenger);
    expect(passenger.heard.map(({ type }) => type)).toEqual(["welcome", "ack", "driver_location"]);
    expect(frames()[0]).toMatchObject({ full: true, gone: [] });
    expect(idsOf(frames()[0]!).sort()).toEqual(["alias-of-d1", "alias-of-d2"]);

    await town.clock.advance(5_000);
    expect(frames(), "nobody moved").toHaveLength(1);
    await near.say({ type: "driver_location", ...north(320), heading: 90 });
    await town.clock.advance(1_000);
    expect(frames()).toHaveLength(2);
    expect(frames()[1]).toEqual({
      type: "driver_location",
      drivers: [{ driver_id: "alias-of-d1", ...north(320), heading: 90, at: expect.any(Number) }],
      gone: [],
    });
  });

  test("P100: given a moving driver, then at most one frame a second, with the newest position", async () => {
    const driver = await town.driverAt("d1", north(300));
    await watch(passenger);
    for (let i = 1; i <= 40; i++) {
      await town.clock.advance(250);
      await driver.say({ type: "driver_location", ...north(300 + i) });
    }
    expect(frames().length - 1).toBe(10);
  });

  test("P100: given another circle, then the whole of it and who of the earlier one is gone; after unwatch_nearby nothing", async () => {
    await town.driverAt("d1", north(300));
    const other = await town.driverAt("d2", north(4_000));
    await watch(passenger);
    await watch(passenger, { ...north(4_000), radius_m: 1_000 });
    expect(frames()[1]).toMatchObject({ full: true, gone: ["alias-of-d1"] });
    expect(idsOf(frames()[1]!)).toEqual(["alias-of-d2"]);
    await passenger.say({ type: "unwatch_nearby", id: "u" });
    expect(passenger.last("ack")).toEqual({ type: "ack", id: "u" });
    await other.say({ type: "driver_location", ...north(4_010) });
    await town.clock.advance(3_000);
    expect(frames()).toHaveLength(2);
  });

  test("P100: given a radius over 5,000 m or no position, then invalid", async () => {
    await watch(passenger, { radius_m: 5_001 });
    expect(passenger.last("error")).toMatchObject({ id: "w", error: { code: "invalid" } });
    await passenger.say({ type: "watch_nearby", id: "w2" });
    expect(passenger.last("error")).toMatchObject({ id: "w2", error: { code: "invalid" } });
    await watch(passenger, { lng: undefined, lon: farAway.lng, lat: farAway.lat });
    expect(passenger.last("ack")["id"]).toBe("w");
  });

  test("P104: given a driver who is offered a trip, goes offline or falls silent, then gone; free again, then back", async () => {
    const driver = await town.driverAt("d1", north(300));
    await watch(passenger);
    const rider = await town.connect("passenger", "p2");
    await rider.say({ type: "request_trip", id: "r", pickup: centre, dropoff });
    await town.clock.advance(1_000);
    expect(frames().at(-1)).toMatchObject({ drivers: [], gone: ["alias-of-d1"] });
    const { order_id, offer_id } = driver.last("new_order");
    await rider.say({ type: "cancel_trip", order_id });
    await driver.say({ type: "driver_location", ...north(300) });
    await town.clock.advance(1_000);
    expect(idsOf(frames().at(-1)!), `after ${offer_id}`).toEqual(["alias-of-d1"]);
    await town.clock.advance(defaultPolicy.location.fixFreshMs + 1_000);
    expect(frames().at(-1)).toMatchObject({ drivers: [], gone: ["alias-of-d1"] });
    expect(JSON.stringify(frames())).not.toContain('"d1"');
  });

  test("P103: given a peer that did not read for a while, then the next frame says all that it missed", async () => {
    const moving = await town.driverAt("d1", north(300));
    const leaving = await town.driverAt("d2", north(400));
    await watch(passenger);
    passenger.slow = true;
    await moving.say({ type: "driver_location", ...north(330) });
    await leaving.say({ type: "driver_status", status: "offline" });
    await town.clock.advance(3_000);
    expect(frames()).toHaveLength(1);
    passenger.slow = false;
    await town.clock.advance(1_000);
    expect(frames()).toHaveLength(2);
    expect(frames()[1]).toMatchObject({ drivers: [{ driver_id: "alias-of-d1" }], gone: ["alias-of-d2"] });
    expect(passenger.closed).toBeNull();
  });
});

describe("the map's cost", () => {
  const index = () => createLocationIndex(defaultPolicy.location);
  const enter = (locations: ReturnType<typeof index>, id: string, { lat, lng }: Position, at = ms(1_000)) => {
    const slot = locations.enter(id, "standard");
    locations.setStatus(id, IDLE);
    const unknown = Number.NaN;
    locations.fix(slot, lat, lng, unknown, unknown, unknown, unknown, at);
    return slot;
  };

  test("P101: given two looks with one moved driver between, then only the tile they are in is another one", () => {
    const locations = index();
    const slot = enter(locations, "d1", north(0));
    enter(locations, "d2", north(0));
    enter(locations, "d3", north(5_000));
    const first = locations.look(ms(1_000));
    expect(locations.look(ms(1_500)), "at most once a second").toBe(first);
    const unknown = Number.NaN;
    locations.fix(slot, north(1).lat, centre.lng, unknown, unknown, unknown, unknown, ms(2_000));
    const second = locations.look(ms(2_000));
    expect(second.tiles.size).toBe(2);
    const changed = [...second.tiles].filter(([tile, idle]) => first.tiles.get(tile) !== idle);
    expect(changed.map(([, idle]) => idle.map(({ driverId }) => driverId))).toEqual([["d1", "d2"]]);
    expect(second.drivers[1], "who did not move").toBe(first.drivers[1]);
    locations.setStatus("d3", BUSY);
    expect(locations.look(ms(3_000)).tiles.size).toBe(1);
  });

  test("P101: every driver within a radius is in one of its tiles, wherever on earth, whatever the size of the buckets", () => {
    const anywhere = fc.record({
      lat: evenly(-90, 90),
      lng: evenly(-180, 180),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          anywhere,
          fc.constantFrom({ lat: 89.99, lng: 3 }, { lat: 50.1, lng: 180 }, { lat: 64.7, lng: 10.536_199_2 }),
        ),
        fc.integer({ min: 5, max: 11 }),
        fc.integer({ min: 10, max: 5_000 }),
        fc.array(fc.tuple(evenly(-1, 1), evenly(-1, 1)), {
          maxLength: 60,
          size: "max",
        }),
        (point, resolution, radiusM, offsets) => {
          const locations = createLocationIndex({ ...defaultPolicy.location, resolution });
          const spread = (radiusM * METRE) / Math.max(0.01, Math.cos((point.lat * Math.PI) / 180));
          for (const [i, [dLat, dLng]] of offsets.entries()) {
            const lat = Math.max(-90, Math.min(90, point.lat + dLat * radiusM * METRE));
            const lng = ((point.lng + dLng * spread + 540) % 360) - 180;
            enter(locations, `d${i}`, { lat, lng });
          }
          const tiles = new Set(locations.tilesAround(point.lat, point.lng, radiusM));
          const looked = locations.look(ms(1_000));
          for (const [tile, idle] of looked.tiles) {
            if (tiles.has(tile)) continue;
            expect(idle.filter((one) => distanceM(point, one) <= radiusM)).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("P102: given 80 free drivers, then a map shows the 50 nearest", async () => {
    for (let i = 0; i < 80; i++) enter(town.city.locations, `x${i}`, north(10 + i), town.city.market.now());
    await watch(passenger);
    const shown = idsOf(frames()[0]!);
    expect(shown.sort()).toEqual(Array.from({ length: 50 }, (_, i) => `alias-of-x${i}`).sort());
  });

  test("P102: given 5,000 open maps, then each is served once a second, in slices, and one more is refused", async () => {
    const place = town.city;
    const slot = enter(place.locations, "d1", north(100), place.market.now());
    const nearby = createNearby({ clock: town.clock, alias: (id) => id });
    const heard = new Map<number, number>();
    const peerOf = (i: number) => ({
      push: () => {},
      hint: () => Boolean(heard.set(i, (heard.get(i) ?? 0) + 1)),
    });
    const circle = { ...centre, radiusM: 500 };
    for (let i = 0; i < 5_000; i++) expect(nearby.watch(peerOf(i), place, circle)).toBe(true);
    await settle();
    expect(nearby.watch(peerOf(5_000), place, circle)).toBe(false);
    for (let second = 1; second <= 3; second++) {
      const { lat, lng } = north(100 + second);
      const unknown = Number.NaN;
      place.locations.fix(slot, lat, lng, unknown, unknown, unknown, unknown, place.market.now());
      await town.clock.advance(1_500);
    }
    expect([...heard.values()].every((frames) => frames >= 3 && frames <= 4)).toBe(true);
    expect(heard.size).toBe(5_000);
    nearby.stop();
  });
});
