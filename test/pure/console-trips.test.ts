import { NODE, layoutOf, wayKey } from "../../web/src/console/trips/chart-layout.ts";
import { carAt, eventAt, waysUntil } from "../../web/src/console/trips/replay.ts";
import { describe, expect, test } from "vitest";
import { languages, words } from "../../web/src/words/words.ts";
import type { Order } from "../../web/src/console/console-model.ts";
import type { TripEvent } from "../../web/src/console/trips/replay.ts";
import { actionsIn } from "../../web/src/console/trips/actions-in.ts";
import { drawingOf } from "../../machines/drawing.ts";
import { driverOf, eventWords } from "../../web/src/console/trips/event-words.ts";
import { driverMachine } from "../../machines/driver.ts";
import { driverStatusOf, tripStatusOf } from "../../machines/context.ts";
import { examples } from "../../src/protocol/http-examples.ts";
import { tripMachine } from "../../machines/trip.ts";
import { tripRows } from "../../web/src/console/trips/trip-rows.ts";
import type { ChartBody } from "../../src/protocol/chart-bodies.ts";
import type { TripBody } from "../../src/protocol/http-bodies.ts";
import { whoMayDriver, whoMayTrip } from "../../machines/events.ts";

const chart = drawingOf("trip", tripMachine, tripStatusOf, whoMayTrip) as ChartBody;
const drivers = drawingOf("driver", driverMachine, driverStatusOf, whoMayDriver) as ChartBody;

const event = (
  seq: number,
  at: number,
  type: string,
  to: string,
  more: Partial<TripEvent> = {},
): TripEvent => ({
  seq,
  position: seq * 10,
  caused_by: null,
  at: new Date(at).toISOString(),
  type,
  by: "system",
  from: null,
  to,
  body: {},
  changes: {},
  effects: [],
  ...more,
});

describe("the statechart, drawn", () => {
  test.each([chart, drivers])(
    "B90: given $name, then no two states overlap, and each way leads between its own",
    (one) => {
      const { states, ways, width, height } = layoutOf(one);
      expect(states.map(({ id }) => id)).toEqual(one.states.map(({ id }) => id));
      for (const a of states) {
        expect(a.x + NODE.width).toBeLessThanOrEqual(width);
        expect(a.y + NODE.height).toBeLessThanOrEqual(height);
        for (const b of states)
          if (a !== b)
            expect(Math.abs(a.x - b.x) >= NODE.width || Math.abs(a.y - b.y) >= NODE.height).toBe(true);
      }
      const drawn = new Set(ways.map(({ from, to }) => wayKey(from, to)));
      const told = one.transitions
        .filter(({ from, to }) => from !== to)
        .map(({ from, to }) => wayKey(from, to));
      expect(drawn).toEqual(new Set(told));
      expect(ways.flatMap(({ causes }) => causes)).toHaveLength(told.length);
      for (const { path } of ways) expect(path).not.toMatch(/NaN|undefined/);
    },
  );

  test("B90: given the trip's chart, then progress goes from left to right, and ends in the last column", () => {
    const { states } = layoutOf(chart);
    const x = (id: string) => states.find((state) => state.id === id)!.x;
    const order = [
      "requested.searching",
      "requested.offering",
      "accepted",
      "en_route",
      "arrived",
      "in_progress",
      "completed",
    ];
    expect(order.map(x)).toEqual(order.map(x).toSorted((a, b) => a - b));
    expect([x("cancelled"), x("no_driver_found")]).toEqual([x("completed"), x("completed")]);
  });

  test("B92: given a state, then an operator may do what the chart says there, and nothing once it ended", () => {
    expect(actionsIn(chart, "requested.searching")).toEqual(["admin.assign", "admin.cancel"]);
    expect(actionsIn(chart, "arrived")).toEqual(["admin.reassign", "admin.cancel"]);
    expect(actionsIn(chart, "in_progress")).toEqual(["admin.complete", "admin.cancel"]);
    expect(actionsIn(chart, "completed")).toEqual([]);
    expect(actionsIn(null, "arrived")).toEqual([]);
  });
});

describe("a moment of a trip", () => {
  const events = [
    event(1, 1_000, "create", "requested.searching"),
    event(2, 2_000, "offer", "requested.offering", { from: "requested.searching" }),
    event(3, 2_500, "offer.delivered", "requested.offering", { from: "requested.offering" }),
    event(4, 4_000, "offer.accepted", "accepted", { from: "requested.offering" }),
  ];
  const point = (at: number, lat: number, heading: number | null = null) => ({
    at: new Date(at).toISOString(),
    lat,
    lng: 10,
    heading,
    leg: "pickup" as const,
  });

  test("B91: given a moment, then the last event by then, and the ways taken so far", () => {
    expect([0, 1_999, 2_000, 3_999, 9_999].map((at) => eventAt(events, at))).toEqual([0, 0, 1, 2, 3]);
    expect([...waysUntil(events, 2)]).toEqual(["requested.searching requested.offering"]);
    expect(waysUntil(events, 3).has("requested.offering accepted")).toBe(true);
  });

  test("B91: given a track, then the car is between its points, nowhere before them, and waits in a gap", () => {
    const track = [point(1_000, 1), point(6_000, 2), point(60_000, 3)];
    expect(carAt(track, 999)).toBeNull();
    expect(carAt(track, 2_000)).toMatchObject({ lat: 1.2, lng: 10 });
    expect(carAt(track, 59_000)).toMatchObject({ lat: 2, heading: 0 });
    expect(carAt(track, Infinity)).toMatchObject({ lat: 3 });
    expect(carAt([], 1)).toBeNull();
    expect(carAt([point(0, 1, 350), point(10_000, 1, 10)], 5_000)!.heading).toBeCloseTo(0);
  });
});

describe("rows of the table", () => {
  const { legal: _, ...shown } = examples.trip.answer;
  const trip = shown as unknown as TripBody;
  const order = {
    ...trip,
    seq: 5,
    status: "en_route",
    requested_at: 1,
    accepted_at: 2,
    passenger_name: "Parvin",
  };

  test("B93: given a page and what was pushed since, then each trip as it is newest", () => {
    const pushed = new Map([[trip.trip_id, order as unknown as Order]]);
    expect(tripRows([trip], pushed)).toMatchObject([
      { status: "en_route", seq: 5, requestedAt: 1, passengerName: "Parvin" },
    ]);
    const older = new Map([[trip.trip_id, { ...order, seq: 3 } as unknown as Order]]);
    expect(tripRows([trip], older)).toMatchObject([
      { status: "accepted", requestedAt: Date.parse("2026-07-01T08:30:00.000Z"), endedAt: null },
    ]);
    expect(tripRows([trip], new Map())).toMatchObject([{ status: "accepted", passengerName: null }]);
    const ended = { ...trip, status: "completed" as const, passenger_name: "Parvin" };
    expect(tripRows([ended], new Map())).toMatchObject([{ passengerName: "Parvin" }]);
  });
});

describe.each(languages)("words in %s", (language) => {
  const { console: said } = words[language];

  test("B94: given every event of a trip and every state, then there are words for it", () => {
    for (const type of [...Object.keys(whoMayTrip), "repaired"]) {
      const told = eventWords(
        said,
        language,
        event(1, 0, type, "accepted", { body: { reason: "so it was", wave: 1 } }),
        "Ali",
      );
      expect(told, type).not.toBe(type);
      expect(told).not.toContain("undefined");
    }
    for (const { id } of chart.states) expect(said.trips.states[id], id).toBeDefined();
  });

  test("B94: given what an operator did, then the sentence says who and why", () => {
    const body = { adminId: "a7", driverId: "d1", reason: "asked by phone", etaS: 60, distanceM: 900 };
    const told = eventWords(said, language, event(2, 0, "admin.assign", "accepted", { body }), "Ali");
    for (const part of ["a7", "Ali", "asked by phone"]) expect(told).toContain(part);
  });
});

test("B94: given an answer that names an offer only, then its driver is found", () => {
  const events = [
    event(1, 0, "offer", "requested.offering", { position: 42, body: { driverId: "d1" } }),
    event(2, 0, "offer.due", "requested.searching", { body: { offerId: "42" } }),
    event(3, 0, "search.due", "no_driver_found"),
  ];
  expect(events.map((_, i) => driverOf(events, i))).toEqual(["d1", "d1", null]);
});
