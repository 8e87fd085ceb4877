import type { Actor, Emission, Input, Market, Meaning, Turn, Words } from "../../src/market/ports.ts";
import { type FakeClock, fakeClock } from "../fixtures/fake-clock.ts";
import { type Line, ask, commandOf, driverRef, tripRef } from "../fixtures/story.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { assign, createMachine, emit } from "xstate";
import { driverMachine, driverVersion } from "../../machines/driver.ts";
import { tripMachine, tripVersion } from "../../machines/trip.ts";
import type { ActorRef } from "../../src/domain/row.ts";
import { chartOf } from "../../src/market/chart.ts";
import { decidingChart, upcast } from "../../src/market/versions.ts";
import { explainDifference } from "../../src/replay/explain.ts";
import { meaning as today } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";
import { walkMarket } from "../../src/replay/walk-market.ts";

// A tomorrow: a trip waits at the pickup in a state of its own, its driver "sets off" instead of "departing" and
// "vanishes" instead of being "lost", which drivers of tomorrow tell it, and completing says the metres by another
// name. Everything of today is still about.

/** A part of a chart's configuration with other names in it, as keys and as targets. */
const renamed = <T>(part: T, names: Readonly<Record<string, string>>): T => {
  if (Array.isArray(part)) return part.map((one) => renamed<unknown>(one, names)) as T;
  if (typeof part === "string") return (names[part] ?? part) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).map(([key, one]) => [names[key] ?? key, renamed<unknown>(one, names)]);
  return Object.fromEntries(entries) as T;
};
const states = { arrived: "waiting_at_pickup" };
const events = { "driver.departed": "driver.set_off", "driver.lost": "driver.vanished" };
const tripOfTomorrow = createMachine(
  renamed(tripMachine.config, { ...states, ...events }) as object,
  {
    ...tripMachine.implementations,
    actions: {
      ...tripMachine.implementations.actions,
      keepCompletion: assign(({ event: { at, drivenM } }) => ({ completedAt: at, drivenM })),
    },
  } as object,
);
const vanished = ({ context }: { context: { driverId: string; tripId: string | null } }): Emission => ({
  type: "tell",
  to: context.tripId === null ? [] : [{ kind: "trip", id: context.tripId }],
  event: { type: "driver.vanished", driverId: context.driverId },
});
const driverOfTomorrow = driverMachine.provide({ actions: { tellLost: emit(vanished as never) as never } });

const named =
  (names: Readonly<Record<string, string>>) =>
  ({ type, ...body }: Input): Input => ({ ...body, type: names[type] ?? type });
const olderNames = Object.fromEntries(Object.entries(events).map(([then, now]) => [now, then]));
const tripWords: Words = {
  hears(event) {
    const { drivenM: distanceM, ...rest } = event;
    return event.type === "complete" ? { ...rest, distanceM } : named(olderNames)(event);
  },
  heard(event) {
    const { distanceM: drivenM, ...rest } = event;
    return event.type === "complete" ? { ...rest, drivenM } : named(events)(event);
  },
  says: (emission) => emission,
};
const driverWords: Words = {
  hears: (event) => event,
  heard: (event) => event,
  // All that a driver ever says to others goes to a trip.
  says: (emission) =>
    emission.type === "effect" ? emission : { ...emission, event: named(events)(emission.event) },
};

/** Facts about actors know every state that there ever was; here the new one is to them what the old one is. */
const known = (actor: Actor): Actor =>
  actor.state === states.arrived ? { ...actor, state: "arrived" } : actor;
const tomorrow: Meaning = {
  ...today,
  charts: {
    trip: chartOf("trip", "trip@2", tripOfTomorrow),
    driver: chartOf("driver", "driver@2", driverOfTomorrow),
  },
  older: [
    chartOf("trip", tripVersion, tripMachine, tripWords),
    chartOf("driver", driverVersion, driverMachine, driverWords),
  ],
  listRow: (actor) => ({ ...today.listRow(known(actor)), state: actor.state }),
  describe: (actor, legal, who) => today.describe(known(actor), legal, who),
};

let tables: MemoryTables;
let clock: FakeClock;
let market: Market;
/** As who publishes hears of them. */
let told: Turn[];
let alarms: string[];

const open = async (meaning: Meaning): Promise<void> => {
  market = await openMarket({
    log: memoryLog(tables),
    clock,
    meaning,
    committed: (turn) => told.push(turn),
    appended: () => {},
    fenced: () => {},
    alarm: (what, { actor }) => alarms.push(`${what}: ${String(actor)}`),
  });
  market.start();
};
beforeEach(() => {
  [tables, clock, told, alarms] = [memoryTables(), fakeClock(), [], []];
});
const say = async (meaning: Meaning, verb: Line["verb"], driver = 1, trip = 1): Promise<void> => {
  const command = commandOf({ verb, driver, trip }, market, null)!;
  // Whoever sends commands knows the words of its day, and no other.
  const now = meaning === tomorrow && command.to.kind === "trip";
  const event = now ? tripWords.heard(command.event) : command.event;
  expect(await ask(market, { ...command, event }), verb).toMatchObject({ is: "done" });
};
const rowsOf = ({ kind, id }: ActorRef) =>
  tables.rows
    .filter((row) => row.actorKind === kind && row.actorId === id)
    .map(({ machine, type, toState }) => `${machine} ${type} -> ${toState}`);
const toldOf = ({ kind, id }: ActorRef) =>
  told
    .flatMap(({ steps }) => steps)
    .filter(({ row }) => row.actorKind === kind && row.actorId === id)
    .map(({ row }) => row.type);
const differences = (meaning: Meaning): string[] => {
  const found: string[] = [];
  const walk = walkMarket(meaning, (some) => found.push(...some.map(explainDifference)));
  walk.take(tables.rows, []);
  walk.end([]);
  return found;
};

describe("a statechart that was changed", () => {
  /** Driver 1 on the way to trip 1, driver 2 online, driver 3 at rest; then the server is killed, and tomorrow's starts. */
  beforeEach(async () => {
    await open(today);
    for (const driver of [1, 2, 3]) await say(today, "online", driver);
    for (const verb of ["create", "offer", "accept"] as const) await say(today, verb);
    await say(today, "offline", 3);
    await clock.advance(1_500);
    await open(tomorrow);
    told = [];
  });

  test("E130: given a live trip, when its statechart has a new version, then the trip finishes on its own, and the next one is born on the new", async () => {
    for (const verb of ["depart", "arrive", "start", "complete"] as const) await say(tomorrow, verb);
    expect(rowsOf(tripRef(1)).slice(3)).toEqual([
      "trip@1 driver.departed -> en_route",
      "trip@1 driver.arrived -> arrived",
      "trip@1 start -> in_progress",
      "trip@1 complete -> completed",
    ]);
    for (const verb of ["create", "offer", "accept", "depart", "arrive"] as const)
      await say(tomorrow, verb, 2, 2);
    expect(rowsOf(tripRef(2)).slice(3)).toEqual([
      "trip@2 driver.set_off -> en_route",
      "trip@2 driver.arrived -> waiting_at_pickup",
    ]);
    await clock.advance(1_500);
    expect(tables.actors.get("trip:t1")!.machine).toBe("trip@1");
    expect(tables.actors.get("trip:t2")!.machine).toBe("trip@2");
    await open(tomorrow); // killed once more
    for (const verb of ["start", "complete"] as const) await say(tomorrow, verb, 2, 2);
    for (const [at, driven] of [
      ["t1", { distanceM: 4_321 }],
      ["t2", { drivenM: 4_321 }],
    ] as const) {
      const row = tables.rows.findLast(({ actorId }) => actorId === at)!;
      expect(row).toMatchObject({ body: driven, changes: { drivenM: 4_321 } });
      expect(upcast(tomorrow, row).body).toMatchObject({ drivenM: 4_321 });
    }
    expect(differences(tomorrow)).toEqual([]);
    expect(alarms).toEqual([]);
  });

  test("E130: given drivers, then one who is online stays on their version until they rest, and who wakes from rest goes on by the new", async () => {
    await say(tomorrow, "pause", 2);
    await say(tomorrow, "offline", 2);
    for (const driver of [2, 3]) await say(tomorrow, "online", driver);
    expect(rowsOf(driverRef(2)).slice(2)).toEqual([
      "driver@1 pause -> paused",
      "driver@1 go_offline -> offline",
      "driver@2 go_online -> idle",
    ]);
    expect(rowsOf(driverRef(3)).at(-1)).toBe("driver@2 go_online -> idle");
    expect(differences(tomorrow)).toEqual([]);
  });

  test("E131: given drivers and trips of both versions, then they understand each other, and each row is in the words of its own", async () => {
    await say(tomorrow, "lost"); // both of today
    await say(tomorrow, "online", 3);
    for (const verb of ["create", "offer", "accept"] as const) await say(tomorrow, verb, 2, 2);
    await say(tomorrow, "lost", 2, 2); // a trip of tomorrow hears a driver of today
    await say(tomorrow, "admin reassigns", 3, 1);
    await say(tomorrow, "lost", 3); // and the other way round
    expect(rowsOf(tripRef(1)).filter((row) => /lost|vanished/.test(row))).toEqual([
      "trip@1 driver.lost -> accepted",
      "trip@1 driver.lost -> accepted",
    ]);
    expect(rowsOf(tripRef(2)).at(-1)).toBe("trip@2 driver.vanished -> accepted");
    expect(tables.rows.at(-2)).toMatchObject({ actorId: "d3", effects: ["tell trip:t1 driver.vanished"] });
    expect(differences(tomorrow)).toEqual([]);
  });

  test("E132: given a row in the words of an older version, then who tells people of it gets it in today's, and knows by them what may be sent", async () => {
    await say(tomorrow, "depart");
    await say(tomorrow, "lost");
    expect(toldOf(tripRef(1))).toEqual(["driver.set_off", "driver.vanished"]);
    expect(toldOf(driverRef(1))).toEqual(["driver.lost"]);
    const read = tables.rows.filter(({ actorId }) => actorId === "t1").map((row) => upcast(tomorrow, row));
    expect(read.map(({ type }) => type).slice(-2)).toEqual(["driver.set_off", "driver.vanished"]);
    expect(read.at(-1)).toEqual({ ...tables.rows.at(-1), type: "driver.vanished" });
    const trip = market.peek(tripRef(1))!;
    expect(decidingChart(tomorrow, trip, trip).legal(trip)).toContain("driver.set_off");
    expect(decidingChart(tomorrow, trip, trip).legal(trip)).not.toContain("driver.departed");
  });

  test("E133: given a log in which versions follow each other, then a row that names another version than decided it is found", async () => {
    for (const verb of ["depart", "arrive"] as const) await say(tomorrow, verb);
    expect(differences(tomorrow)).toEqual([]);
    const at = tables.rows.findIndex(({ type }) => type === "driver.departed");
    tables.rows[at] = { ...tables.rows[at]!, machine: "trip@2" };
    expect(differences(tomorrow)).not.toEqual([]);
  });

  test("M60: given the server of today again, then who lives by what it does not know is in quarantine, and the rest runs", async () => {
    await say(tomorrow, "create", 2, 2);
    await say(tomorrow, "online", 3);
    await clock.advance(1_500);
    await open(today);
    expect(alarms.toSorted()).toEqual([
      "an actor is in quarantine: driver:d3",
      "an actor is in quarantine: trip:t2",
    ]);
    for (const verb of ["depart", "arrive", "start", "complete"] as const) await say(today, verb);
  });
});
