import { describe, expect, test } from "vitest";
import type { Actor, Chart, Input } from "../../src/market/ports.ts";
import { cellsOf } from "./cells.ts";
import {
  driverSameness,
  driverTries,
  drivers,
  explore,
  hearsay,
  tripSameness,
  tripTries,
} from "./explore.ts";
import { asDriver, asTrip, charts, meaning } from "../../src/meaning.ts";
import { step, trip } from "./scene.ts";
import { driverTable, tripTable } from "./tables.ts";

const visits = explore();
const scenes = [...visits.values()].map(({ world }) => {
  const tripActor = world.actors.get("trip:trip-1")!;
  const driverActors = drivers.map((id) => world.actors.get(`driver:${id}`)!);
  return { world, tripActor, driverActors, trip: asTrip(tripActor), drivers: driverActors.map(asDriver) };
});
const legOf: Readonly<Record<string, string>> = {
  accepted: "to_pickup",
  en_route: "to_pickup",
  arrived: "at_pickup",
  in_progress: "on_trip",
};

describe("in every state that one trip and two drivers can reach", () => {
  test("T7: offering has a live offer, and no other state has one", () => {
    for (const { trip } of scenes)
      expect(Object.keys(trip.context.offers).length > 0, trip.state).toBe(
        trip.state === "requested.offering",
      );
  });

  test("T4: a trip has an assignment from acceptance on, and never while it is requested", () => {
    for (const { trip } of scenes) {
      const { assignment } = trip.context;
      if (trip.state in legOf || trip.state === "completed") expect(assignment, trip.state).not.toBeNull();
      else if (trip.state !== "cancelled") expect(assignment, trip.state).toBeNull();
    }
  });

  test("D3: a driver has an offer exactly while offered, and it is live in the trip", () => {
    for (const { trip, drivers } of scenes)
      for (const { state, context } of drivers) {
        expect(context.offer !== null, state).toBe(state === "offered");
        if (context.offer)
          expect(trip.context.offers[context.offer.offerId]?.driverId).toBe(context.driverId);
      }
  });

  test("T3: whoever has a live offer of the trip is offered exactly that one", () => {
    for (const { trip, drivers } of scenes)
      for (const [offerId, { driverId }] of Object.entries(trip.context.offers)) {
        const holder = drivers.find(({ context }) => context.driverId === driverId)!;
        expect(holder.context.offer?.offerId, holder.state).toBe(offerId);
      }
  });

  test("I1: trip and driver agree who drives and on which leg, and at most one driver has the trip", () => {
    for (const { trip, tripActor, drivers } of scenes) {
      const bound = drivers.filter(({ context }) => context.tripId !== null);
      const claim = meaning.claim(tripActor);
      expect(bound.map(({ context }) => context.driverId)).toEqual(claim ? [claim.driverId] : []);
      for (const { state } of bound) expect(state).toBe(legOf[trip.state]);
      for (const { state, context } of drivers)
        expect(context.tripId !== null, state).toBe(Object.values(legOf).includes(state));
    }
  });

  test("D16: nobody is lost while offline", () => {
    for (const { drivers } of scenes)
      for (const { state, context } of drivers) if (state === "offline") expect(context.lostAt).toBeNull();
  });

  test("I6: from every world the trip can still come to an end", () => {
    const canEnd = new Set<string>();
    for (const [key, { world }] of visits)
      if (charts.trip.final(world.actors.get("trip:trip-1")!.state)) canEnd.add(key);
    for (let before = -1; before !== canEnd.size;) {
      before = canEnd.size;
      for (const [key, { exits }] of visits) if (exits.some((exit) => canEnd.has(exit))) canEnd.add(key);
    }
    expect(canEnd.size).toBe(visits.size);
  });

  test("I6: a requested trip always has a deadline, and a deadline fed in time is never ignored", () => {
    for (const { world, tripActor, driverActors, trip: requested } of scenes) {
      if (requested.state.startsWith("requested")) expect(meaning.due(tripActor)).not.toBeNull();
      for (const actor of [tripActor, ...driverActors]) {
        const due = meaning.due(actor);
        if (!due) continue;
        const { decision } = step(world, actor, due.event, due.at);
        expect(decision.is, `${due.event.type} in ${actor.state}`).toBe("turn");
      }
    }
  });

  test("I3: an ended trip takes nothing any more", () => {
    for (const { world, tripActor } of scenes) {
      if (!charts.trip.final(tripActor.state)) continue;
      for (const { to, event, at } of tripTries(world))
        expect(step(world, to, event, at).decision.is, event.type).not.toBe("turn");
    }
  });

  test("T9: after a gap no offer is live, every driver is free of it, and the search goes on", () => {
    for (const { world, tripActor, trip: before } of scenes) {
      if (!before.state.startsWith("requested")) continue;
      let after = world;
      for (const event of meaning.afterGap(tripActor, 60_000)) after = step(after, trip, event).world;
      const now = asTrip(after.actors.get("trip:trip-1")!);
      // A search that was over gets its time back too, and goes on if that suffices.
      const { over, dueAt } = before.context.search;
      const ended = over && dueAt + 60_000 <= world.at;
      expect(now.state).toBe(ended ? "no_driver_found" : "requested.searching");
      for (const id of drivers) expect(after.actors.get(`driver:${id}`)!.state).not.toBe("offered");
      if (ended) continue;
      expect(now.context.search.dueAt).toBe(before.context.search.dueAt + 60_000);
    }
  });
});

describe.each([
  {
    title: "T22: told everything, a trip does what its table says and nothing else",
    chart: charts.trip,
    table: tripTable,
    heard: scenes.map(({ world, tripActor }) => ({
      actor: tripActor,
      same: tripSameness(tripActor),
      said: () => tripTries(world),
    })),
  },
  {
    title: "D18: told everything, a driver does what its table says and nothing else",
    chart: charts.driver,
    table: driverTable,
    heard: scenes.flatMap(({ world, driverActors }) =>
      driverActors.map((actor) => ({
        actor,
        same: `${actor.id} ${driverSameness(actor)}`,
        said: () => [
          ...driverTries(world, "A"),
          ...hearsay(actor.id).map((event) => ({ event, at: world.at })),
        ],
      })),
    ),
  },
])("$title", ({ chart, table, heard }) => {
  test("and each of its cells was met", () => {
    const { columns, rows, cell } = cellsOf(table);
    const met = new Map<string, Set<string>>();
    const seen = new Set<string>();
    for (const { actor, same, said } of heard) {
      if (seen.has(same) || chart.final(actor.state)) continue;
      seen.add(same);
      for (const { event, at } of said()) {
        const key = `${event.type} ${actor.state}`;
        met.set(key, (met.get(key) ?? new Set()).add(outcome(chart, actor, event, at)));
      }
    }
    for (const state of columns.filter((state) => !chart.final(state)))
      for (const event of rows.filter((row) => row !== "always")) {
        const listed = cell(event, state);
        const byItself = listed.includes("=") ? cell("always", state) : [];
        // "=" may also be written as the name of the state itself.
        const found = [...(met.get(`${event} ${state}`) ?? [])]
          .map((token) => (token === "=" && listed.includes(state) ? state : token))
          .filter((token) => listed.includes(token) || !byItself.includes(token));
        expect(found.toSorted(), `${event} in ${state}`).toEqual(listed.toSorted());
      }
  });
});

/** What came of it, as a token of the table; what was recorded must fold to the same (I5). */
const outcome = (chart: Chart, actor: Actor, event: Input, at: number): string => {
  const next = chart.next(actor, actor.id, { ...event, at: at as never, position: 1_000 });
  switch (next.is) {
    case "ignored":
      return ".";
    case "unhandled":
      return "-";
    case "refused":
      return `!${next.code}`;
    case "moved":
      expect(JSON.parse(JSON.stringify(next.to.context))).toStrictEqual(next.to.context);
      expect({ ...actor.context, ...next.changes }).toStrictEqual(next.to.context);
      return next.to.state === actor.state ? "=" : next.to.state;
    default:
      return next satisfies never;
  }
};
