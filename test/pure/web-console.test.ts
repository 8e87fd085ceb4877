import {
  type Car,
  type ConsoleState,
  type Order,
  type Row,
  ROWS_KEPT,
  consoleAfter,
  countsOf,
  nothingYet,
  serverNow,
} from "../../web/src/console/console-model.ts";
import { LINE_OPACITY, mapColours } from "../../web/src/console/map/colours.ts";
import * as grounds from "../../web/src/map/base-style.ts";
import { anyRow, fits } from "../../web/src/console/log/log-filter.ts";
import { describe, expect, test } from "vitest";
import { hashOf, routeOf } from "../../web/src/console/route.ts";
import { pathOf, roundUp, scaleOf } from "../../web/src/console/numbers/chart-lines.ts";
import { changedShapes } from "../../web/src/console/map/shapes.ts";
import { serverExamples } from "../../src/protocol/socket-examples.ts";
import type { Stats } from "../../src/protocol/server-messages.ts";
import { tokenIn } from "../../web/src/console/token-in.ts";

const order = (serverExamples["admin"]!["active_orders"] as { orders: Order[] }).orders[0]!;
const car = (id: string, more: Partial<Car> = {}): Car => ({
  driver_id: id,
  lat: 38.56,
  lng: 68.78,
  heading: 90,
  status: "available",
  at: 1_000,
  ...more,
});
const { log, system_stats: stats } = serverExamples["admin"] as unknown as {
  log: { row: Row };
  system_stats: Stats;
};
const after = (...events: Parameters<typeof consoleAfter>[1][]): ConsoleState =>
  events.reduce(consoleAfter, nothingYet);

describe("what the desk knows", () => {
  test("B70: given live orders and one that ends, then it goes; a full frame forgets those of before", () => {
    const orders = [order, { ...order, trip_id: "t2" }];
    const first = after({ type: "active_orders", full: true, orders });
    expect([...first.orders.keys()]).toEqual([order.trip_id, "t2"]);
    const ended = { ...order, status: "completed" as const };
    const second = consoleAfter(first, { type: "active_orders", full: false, orders: [ended] });
    expect([...second.orders.keys()]).toEqual(["t2"]);
    expect(first.orders.size, "what was shown stays as it was").toBe(2);
    expect(consoleAfter(second, { type: "active_orders", full: true, orders: [] }).orders.size).toBe(0);
  });

  test("B70: given cars, then counts where there are too many, then cars again, then never both", () => {
    const cars = { type: "drivers" as const, full: true, drivers: [car("d1"), car("d2")], gone: [] };
    const shown = after(cars, {
      ...cars,
      full: false,
      drivers: [car("d2", { status: "paused" })],
      gone: ["d1"],
    });
    expect([...countsOf(shown.cars)]).toEqual([["paused", 1]]);
    const cell = { cell: "c1", count: 2_100, lat: 1, lng: 2 };
    const counted = consoleAfter(shown, { type: "drivers", full: true, cells: [cell] });
    expect([counted.cars.size, counted.counted?.size]).toEqual([0, 1]);
    const fewer = consoleAfter(counted, { type: "drivers", full: false, cells: [{ ...cell, count: 0 }] });
    expect(fewer.counted?.size).toBe(0);
    expect(consoleAfter(fewer, cars)).toMatchObject({ counted: null, cars: { size: 2 } });
  });

  test("B70: given a car that does not say where it looks, then it looks where it went, also while it stands", () => {
    const told = (lat: number, lng: number) => ({
      type: "drivers" as const,
      full: false,
      drivers: [car("d1", { heading: null, lat, lng })],
      gone: [],
    });
    const heading = (...places: [number, number][]) =>
      after(...places.map(([lat, lng]) => told(lat, lng))).cars.get("d1")!.heading;
    expect(heading([38, 68])).toBeNull();
    expect(heading([38, 68], [38, 68.001])).toBeCloseTo(90);
    expect(heading([38, 68], [38, 68.001], [38.000_001, 68.001])).toBeCloseTo(90);
  });

  test("B70: given the last hour and then a second after another, then an hour is kept, one for 15 s and the newest", () => {
    const at = (ms: number): Stats => ({ ...stats, at: ms });
    const history = Array.from({ length: 240 }, (_, i) => at(i * 15_000));
    let state = after({ type: "system_stats", ...at(3_590_000), history });
    for (let s = 3_591; s <= 3_700; s++)
      state = consoleAfter(state, { type: "system_stats", ...at(s * 1_000) });
    expect(state.newest!.at).toBe(3_700_000);
    const times = state.hour.map((one) => one.at);
    expect(times[0]).toBeGreaterThan(100_000);
    expect(new Set(times.slice(1).map((time, i) => time - times[i]!))).toEqual(new Set([15_000]));
    expect(times).toHaveLength(240);
  });

  test("B125: given a desk whose clock is wrong, when the server has told its numbers, then their time is now", () => {
    expect(serverNow(after({ type: "system_stats", ...stats, at: 3_600_000 }))).toBe(3_600_000);
    expect(Math.abs(serverNow(nothingYet) - Date.now())).toBeLessThan(60_000);
  });

  test("B70: given more rows than are kept, then the newest are, the newest first", () => {
    const rows = Array.from({ length: ROWS_KEPT + 7 }, (_, i) => ({ ...log.row, position: i }));
    const state = after({ type: "rows", rows: rows.slice(0, 10) }, { type: "rows", rows: rows.slice(10) });
    expect(state.rows).toHaveLength(ROWS_KEPT);
    expect([state.rows[0]!.position, state.rows.at(-1)!.position]).toEqual([ROWS_KEPT + 6, 7]);
  });

  test("B112: given rows that were read and rows that were pushed, in whatever order, then each is there once, newest first", () => {
    const row = (position: number, at: number) => ({ ...log.row, position, at });
    const state = after(
      { type: "rows", rows: [row(5, 50)] },
      { type: "rows", rows: [row(5, 50), row(4, 40), row(3, 40)] },
      { type: "rows", rows: [row(6, 50)] },
    );
    expect(state.rows.map(({ position }) => position)).toEqual([6, 5, 4, 3]);
  });

  test("B70: given cells of supply and demand, then one that has neither goes", () => {
    const cell = { cell: "c", supply: 1, demand: 0, outline: [[1, 2]] };
    const state = after({ type: "cells", full: true, cells: [cell, { ...cell, cell: "d" }] });
    const next = consoleAfter(state, { type: "cells", full: false, cells: [{ ...cell, supply: 0 }] });
    expect([...next.cells.keys()]).toEqual(["d"]);
  });
});

describe("the map's shapes", () => {
  test("B76: given a change of one part, then only what is made of it is drawn again", () => {
    const state = after({ type: "active_orders", full: true, orders: [order] });
    expect(Object.keys(changedShapes(state, null)).sort()).toEqual([
      "cars",
      "cells",
      "counted",
      "legs",
      "requests",
    ]);
    expect(changedShapes(consoleAfter(state, { type: "rows", rows: [log.row] }), state)).toEqual({});
    const moved = consoleAfter(state, { type: "drivers", full: false, drivers: [car("d1")], gone: [] });
    expect(Object.keys(changedShapes(moved, state)).sort()).toEqual(["cars", "legs"]);
  });

  test("B76: given a request, a driver on the way and a ride, then a point, two lines, and one from the car", () => {
    const driver = { ...order.driver!, driver_id: "d1" };
    const shapesOf = (more: Partial<Order>) =>
      changedShapes(
        after(
          { type: "drivers", full: true, drivers: [car("d1", { lat: 38.5, lng: 68.5 })], gone: [] },
          { type: "active_orders", full: true, orders: [{ ...order, ...more }] },
        ),
        null,
      );
    const lines = (more: Partial<Order>) =>
      shapesOf(more).legs!.features.map(({ geometry, properties }) => [
        (properties as { leg: string }).leg,
        geometry.coordinates[0],
      ]);
    expect(lines({ status: "requested", driver: null })).toEqual([]);
    expect(shapesOf({ status: "requested", driver: null }).requests!.features).toHaveLength(1);
    const pickup = [order.pickup.lng, order.pickup.lat];
    expect(lines({ status: "en_route", driver })).toEqual([
      ["approach", [68.5, 38.5]],
      ["ride", pickup],
    ]);
    expect(shapesOf({ status: "en_route", driver }).requests!.features).toHaveLength(0);
    expect(lines({ status: "in_progress", driver })).toEqual([["ride", [68.5, 38.5]]]);
  });
});

describe("small parts", () => {
  test("B71: a token is found in a link, alone, and in nothing else", () => {
    expect(tokenIn(" aa.b-b.c_c\n")).toBe("aa.b-b.c_c");
    expect(tokenIn("http://host:8000/admin#aa.bb.cc")).toBe("aa.bb.cc");
    for (const text of ["", "aa.bb", "#/map", "#/map?trip=a.b.c", "a b.c.d"])
      expect(tokenIn(text)).toBeNull();
  });

  test("B72: a view with a detail over it is a link, and anything else is the map", () => {
    const route = { view: "drivers", detail: { kind: "trip", id: "a/b?&#" } } as const;
    expect(routeOf(hashOf(route))).toEqual(route);
    expect(routeOf("#/nothing")).toEqual({ view: "map", detail: null });
    expect(routeOf("")).toEqual({ view: "map", detail: null });
  });

  test("B72, B137: log rows are filtered by kind, part of the id, name or word, and market", () => {
    const { row } = log;
    expect(fits(anyRow, row)).toBe(true);
    expect(fits({ ...anyRow, actor: "driver" }, row)).toBe(false);
    expect(fits({ ...anyRow, id: row.actor_id.slice(0, 8) }, row)).toBe(true);
    expect(fits({ ...anyRow, id: `…${row.actor_id.slice(-8)}` }, row)).toBe(true);
    expect(fits({ ...anyRow, id: `${row.actor_id}x` }, row)).toBe(false);
    expect(fits({ ...anyRow, type: "new_order_assigned" }, row)).toBe(true);
    expect(fits({ ...anyRow, type: "offer" }, row)).toBe(true);
    expect(fits({ ...anyRow, market: "nyc" }, row)).toBe(false);
  });

  test("B73: a chart shows what there is of the last hour, is as high as a round number, and has no line over a gap", () => {
    expect([0, 0.3, 1, 12, 20, 21].map(roundUp)).toEqual([1, 0.5, 1, 20, 20, 50]);
    const times = [3_600_000, 3_615_000, 3_900_000];
    const values = [0, 5, 10];
    const box = { left: 0, right: 360, top: 0, bottom: 100 };
    const scale = scaleOf([{ name: "", colour: "", values }], times, box);
    expect(pathOf(values, times, scale)).toBe("M0.0 100.0L18.0 50.0M360.0 0.0");
    expect(scaleOf([], [0, 7_200_000], box).from).toBe(3_600_000);
    expect(scaleOf([], [7_200_000], box).from).toBe(6_900_000);
  });
});

describe("colours", () => {
  const channels = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  /** WCAG 2: relative luminance of sRGB. */
  const luminance = (rgb: readonly number[]): number => {
    const linear = rgb
      .map((part) => part / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  };
  const contrast = (colour: string, ground: string, opacity = 1): number => {
    const under = channels(ground);
    const drawn = channels(colour).map((part, i) => part * opacity + under[i]! * (1 - opacity));
    const [less, more] = [luminance(drawn), luminance(under)].toSorted((a, b) => a - b);
    return (more! + 0.05) / (less! + 0.05);
  };

  test.each([
    [false, [grounds.light.ground, "#ffffff"]],
    [true, [grounds.dark.ground, "#141414", "#1f1f1f"]],
  ] as const)(
    "B136: given a dark page: %s, then all of its map stands out 3 to 1 from the grounds it is on",
    (dark, under) => {
      const { drivers, request } = mapColours(dark);
      for (const ground of under)
        for (const [name, colour] of Object.entries({ ...drivers, request }))
          expect.soft(contrast(colour, ground), `${name} on ${ground}`).toBeGreaterThan(3);
      for (const line of [drivers.on_trip, drivers.en_route])
        expect(contrast(line, under[0], LINE_OPACITY)).toBeGreaterThan(3);
      expect(new Set(Object.values(drivers)).size).toBe(7);
    },
  );
});
