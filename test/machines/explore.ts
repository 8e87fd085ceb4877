import { asDriver, asTrip, charts, meaning } from "../../src/meaning.ts";
import { createDriver, createTrip, driver, driverPolicy, emptyWorld, goOnline, step, trip } from "./scene.ts";
import { driverId, offerId } from "../../src/domain/ids.ts";
import { ms } from "../../src/domain/time.ts";
import type { Actor, Input } from "../../src/market/ports.ts";
import type { ActorRef } from "../../src/domain/row.ts";
import type { DriverEvent, TripEvent } from "../../machines/events.ts";
import type { World } from "./scene.ts";

// A breadth-first walk over everything that one trip and two drivers can come to. Times and ids are left out
// of what counts as the same; deadlines are fed at their own time, in any order.

export interface Visit {
  readonly world: World;
  /** Keys of the worlds one command away. */
  readonly exits: readonly string[];
}
export const drivers = ["A", "B"];

export interface Try {
  readonly to: ActorRef;
  readonly event: Input;
  readonly at: number;
}

export const explore = (): ReadonlyMap<string, Visit> => {
  const start = begin();
  const visits = new Map<string, Visit>();
  const seen = new Set([sameness(start)]);
  const queue = [start];
  for (const world of queue) {
    const exits = new Set<string>();
    if (charts.trip.final(asTrip(world.actors.get("trip:trip-1")!).state)) {
      visits.set(sameness(world), { world, exits: [] });
      continue;
    }
    for (const { to, event, at } of tries(world)) {
      const next = step(world, to, event, at);
      if (next.decision.is !== "turn") continue;
      const key = sameness(next.world);
      exits.add(key);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next.world);
    }
    visits.set(sameness(world), { world, exits: [...exits] });
  }
  return visits;
};

const begin = (): World => {
  const births: readonly (readonly [ActorRef, DriverEvent | TripEvent])[] = [
    ...drivers.map((id) => [driver(id), createDriver(id)] as const),
    [driver("B"), goOnline({ missesToPause: 2 })],
    [trip, createTrip({ offersPerSearch: 2, redispatches: 1 })],
  ];
  return births.reduce((world, [to, event]) => step(world, to, { ...event }).world, emptyWorld);
};

/** Everything anybody might say in this world: right, wrong, early, late, twice. */
export const tries = (world: World): readonly Try[] => [
  ...tripTries(world),
  ...drivers.flatMap((id) => driverTries(world, id)),
];

export const tripTries = (world: World): Try[] => {
  const { context } = asTrip(world.actors.get("trip:trip-1")!);
  const offers = [...Object.keys(context.offers), ...Object.keys(context.closed), "unknown"].map(offerId);
  const events: (readonly [TripEvent, number])[] = [];
  const now = (...said: TripEvent[]) => said.forEach((event) => events.push([event, world.at]));
  const at = (dueAt: number, event: TripEvent) => events.push([event, Math.max(world.at, dueAt)]);

  now(createTrip());
  for (const id of drivers.map(driverId)) {
    now({ type: "offer", driverId: id, wave: 1, etaS: 240, distanceM: 900, fixAgeMs: 0 });
    now({ type: "admin.assign", adminId: "x", driverId: id, etaS: null, distanceM: null, reason: null });
    now({ type: "admin.reassign", adminId: "x", driverId: id, etaS: 240, distanceM: 900, reason: null });
    for (const reason of ["flat tyre", "safety"]) now({ type: "driver.cancel", driverId: id, reason });
    now({ type: "driver.departed", driverId: id }, { type: "start", driverId: id });
    now({ type: "driver.arrived", driverId: id, by: "driver", distanceM: 50, fixAgeMs: 0, reason: null });
    now({ type: "driver.arrived", driverId: id, by: "driver", distanceM: 101, fixAgeMs: 0, reason: null });
    now({ type: "driver.moving", driverId: id, distanceM: 700 }, { type: "driver.lost", driverId: id });
    now({ type: "complete", driverId: id, distanceM: 4_000 });
    for (const offerId of offers) {
      now({ type: "offer.delivered", offerId, driverId: id });
      now({ type: "offer.accepted", offerId, driverId: id });
      now({ type: "offer.declined", offerId, driverId: id, reason: null });
      const dueAt = context.offers[offerId]?.dueAt ?? 0;
      at(dueAt, { type: "offer.accepted", offerId, driverId: id });
    }
  }
  for (const offerId of offers) {
    now({ type: "offer.due", offerId }, { type: "receipt.due", offerId }, { type: "offer.lapsed", offerId });
    const offer = context.offers[offerId];
    at(offer?.dueAt ?? 0, { type: "offer.due", offerId });
    at(offer?.receiptDueAt ?? 0, { type: "receipt.due", offerId });
  }
  const alarmAt = meaning.due(world.actors.get("trip:trip-1")!)?.at ?? 0;
  for (const type of ["pickup.late", "ride.stuck"] as const) {
    now({ type });
    at(alarmAt, { type });
  }
  for (const search of [context.search.number, 0]) at(context.search.dueAt, { type: "search.due", search });
  now({ type: "search.due", search: context.search.number }, { type: "search.extended", byMs: 5_000 });
  now({ type: "passenger.cancel", reason: null }, { type: "admin.cancel", adminId: "x", reason: "test" });
  now({ type: "admin.complete", adminId: "x", distanceM: 4_000, reason: "phone lost" });
  return events.map(([event, at]) => ({ to: trip, event: { ...event }, at }));
};

/** A's app says everything, B's only comes and goes: that keeps the walk small. A's first miss pauses, B's does not. */
export const driverTries = (world: World, id: string): Try[] => {
  const { context } = asDriver(world.actors.get(`driver:${id}`)!);
  const to = driver(id);
  const events: Input[] = [{ ...goOnline({ missesToPause: id === "A" ? 1 : 2 }) }, { type: "go_offline" }];
  const all: Try[] = [];
  if (id === "A") {
    for (const type of ["pause", "resume", "driver.lost", "driver.back", "driver.left"])
      events.push({ type });
    events.push({ type: "driver.entered", vehicleType: "standard", policy: driverPolicy });
    const lostAt = context.lostAt ?? ms(0);
    all.push({ to, event: { type: "lost.due", lostAt }, at: world.at });
    all.push({
      to,
      event: { type: "lost.due", lostAt },
      at: Math.max(world.at, lostAt + driverPolicy.lostOfflineMs),
    });
  }
  return [...all, ...events.map((event) => ({ to, event, at: world.at }))];
};

/** What the trip says to a driver, said by nobody: only to see which of it the driver's chart takes. */
export const hearsay = (id: string): Input[] => {
  const events: Input[] = [{ ...createDriver(id) }];
  for (const tripId of ["trip-1", "another"]) {
    events.push({ type: "offer", tripId, offerId: "99", dueAt: 0, shownUntil: 0, etaS: 1, distanceM: 1 });
    for (const type of ["taken", "assign", "completed"]) events.push({ type, tripId });
    for (const type of ["declined", "expired", "undelivered", "lapsed"]) events.push({ type, tripId });
    for (const type of ["arrived", "started"]) events.push({ type, tripId });
    for (const type of ["withdrawn", "freed"]) events.push({ type, tripId, reason: "test" });
  }
  return events;
};

/** What must differ for two worlds to be two: no times, no ids of offers, no counters that change nothing. */
const sameness = (world: World): string =>
  [...world.actors.values()]
    .map((actor) => (actor.kind === "trip" ? tripSameness(actor) : driverSameness(actor)))
    .join("\n");

export const tripSameness = (actor: Actor): string => {
  const { state, context } = asTrip(actor);
  const { search, redispatches, tried, offers, closed, assignment, alarms } = context;
  const live = Object.values(offers).map((offer) => `${offer.driverId}${offer.receiptDueAt === null}`);
  // However it ended, nothing follows (I3).
  if (charts.trip.final(state)) return state;
  const ranOut = Object.values(closed).some((end) => end === "expired" || end === "undelivered");
  return [
    state,
    // A next search starts anew.
    state.startsWith("requested") && [search.offersMade, search.over],
    redispatches,
    tried.toSorted(),
    live.toSorted(),
    ranOut,
    assignment?.driverId,
    // Elsewhere an alarm is only history: it changes nothing that may follow.
    alarms
      .filter((alarm) => (state === "in_progress") === (alarm === "ride_stuck") && state !== "arrived")
      .toSorted(),
  ].join("|");
};

export const driverSameness = (actor: Actor): string => {
  const { state, context } = asDriver(actor);
  const { offer, tripId, after, misses, lostAt } = context;
  return [state, offer !== null, tripId, after, misses, lostAt !== null].join("|");
};
