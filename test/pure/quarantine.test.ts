import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import { type Line, ask, commandOf, driverContext, driverRef, tripRef } from "../fixtures/story.ts";
import type { Market, Meaning, Outcome } from "../../src/market/ports.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { beforeEach, describe, expect, test } from "vitest";
import type { ActorRef } from "../../src/domain/row.ts";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";
import { rerunTurn } from "../../src/replay/rerun-turn.ts";
import { fold } from "../../src/market/fold.ts";
import { checkTrip } from "../../src/archive/check-trip.ts";
import { explainDifference } from "../../src/replay/explain.ts";
import { walkMarket } from "../../src/replay/walk-market.ts";

let tables: MemoryTables;
let clock: FakeClock;
let market: Market;
let alarms: string[];

const open = async (charts: Partial<Meaning["charts"]> = {}): Promise<void> => {
  market = await openMarket({
    log: memoryLog(tables),
    clock,
    meaning: { ...meaning, charts: { ...meaning.charts, ...charts } },
    committed: () => {},
    appended: () => {},
    fenced: () => {},
    alarm: (what, { actor }) => alarms.push(`${what}: ${String(actor)}`),
  });
  market.start();
};
beforeEach(async () => {
  [tables, clock, alarms] = [memoryTables(), fakeClock(), []];
  await open();
});

const line = (verb: Line["verb"], driver = 1, trip = 1): Line => ({ verb, driver, trip });
const say = (one: Line) => ask(market, commandOf(one, market, null)!);
const tell = async (...lines: Line[]): Promise<void> => {
  for (const one of lines) expect(await say(one), one.verb).toMatchObject({ is: "done" });
};
const offered = () => tell(line("online"), line("online", 2), line("create"), line("offer"));
const accepted = async () => {
  await offered();
  await tell(line("accept"));
};
const rowsOf = ({ kind, id }: ActorRef) =>
  tables.rows.filter((row) => row.actorKind === kind && row.actorId === id);
/** The market is killed, and somebody's hand was on its tables. */
const reopened = async (damage: () => void): Promise<void> => {
  await clock.advance(1_500);
  await market.close();
  damage();
  await open();
  await clock.advance(2_000);
};
const lose = (of: ActorRef, seq: number): void => {
  const at = tables.rows.findIndex((row) => row.actorId === of.id && row.seq === seq);
  tables.rows.splice(at, 1);
  tables.actors.delete(`${of.kind}:${of.id}`);
  tables.checkpoint = 0;
};
const repaired = async (of: ActorRef, how: "retry" | "release"): Promise<Outcome | undefined> => {
  const event =
    how === "retry"
      ? await market.quarantine.retry(of, "a1", "read back")
      : await market.quarantine.release(of, "a1", "beyond repair");
  return "code" in event
    ? { is: "refused", refusal: event }
    : ask(market, { to: of, event, by: "admin", key: `repair:${of.id}`, hash: 0 });
};
const states = () => market.quarantine.list().map(({ kind, id, good }) => `${kind} ${id} ${good?.state}`);
/** Every turn of the log decided again. */
const differences = () => {
  const actors = new Map<string, NonNullable<ReturnType<Market["peek"]>>>();
  const turns = new Map<number, (typeof tables.rows)[number][]>();
  for (const row of tables.rows) turns.set(row.turn, [...(turns.get(row.turn) ?? []), row]);
  return [...turns.values()].flatMap((rows) => {
    const rerun = rerunTurn(meaning, (key) => actors.get(key), rows);
    for (const actor of rerun.after) actors.set(`${actor.kind}:${actor.id}`, actor);
    return rerun.differences;
  });
};

describe("an actor whose rows do not hold", () => {
  const damages: Record<string, () => void> = {
    "a hole in its rows": () => lose(tripRef(1), 2),
    "a state that no statechart knows": () => {
      const at = tables.rows.findIndex((row) => row.type === "offer.accepted");
      tables.rows[at] = { ...tables.rows[at]!, toState: "lunch" };
      tables.actors.delete("trip:t1");
      tables.checkpoint = 0;
    },
    "a machine of a version that is not here": () => {
      const at = tables.rows.findIndex((row) => row.type === "offer.accepted");
      tables.rows[at] = { ...tables.rows[at]!, machine: "trip@99" };
      tables.actors.delete("trip:t1");
      tables.checkpoint = 0;
    },
    "a context without what its list row needs": () => {
      const at = tables.rows.findIndex((row) => row.type === "offer.accepted");
      tables.rows[at] = { ...tables.rows[at]!, changes: { pickup: null } };
      tables.actors.delete("trip:t1");
      tables.checkpoint = 0;
    },
  };

  test.each(Object.keys(damages))(
    "M60: given %s, when the market comes back, then this actor is in quarantine with an alarm, and the rest runs",
    async (damage) => {
      await accepted();
      await tell(line("create", 2, 2));
      await reopened(damages[damage]!);
      expect(states().map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual(["trip t1"]);
      expect(alarms).toEqual(["an actor is in quarantine: trip:t1"]);
      expect(await say(line("passenger cancels"))).toMatchObject({
        is: "refused",
        refusal: { code: "illegal_now", message: expect.stringContaining("quarantine") },
      });
      await tell(line("offer", 2, 2), line("accept", 2, 2), line("arrive", 2, 2));
    },
  );

  test("M60, M97: given an actor of whom nothing can be read, then it is listed, nobody is born in its place, and where the lists know nothing either it stays", async () => {
    await accepted();
    await reopened(() => {
      lose(driverRef(2), 1);
      tables.drivers.delete("d2");
    });
    expect(states()).toEqual(["driver d2 undefined"]);
    expect(await say(line("online", 2))).toMatchObject({ refusal: { code: "illegal_now" } });
    expect(await repaired(driverRef(2), "release")).toMatchObject({
      refusal: { code: "illegal_now", message: expect.stringContaining("lists") },
    });
    expect(await repaired(driverRef(7), "release")).toMatchObject({ refusal: { code: "not_found" } });
  });

  test("M99: given a live trip that the checkpoint lost, when the market comes back, then it is folded from its rows; without rows it is in quarantine", async () => {
    await accepted();
    const before = market.peek(tripRef(1));
    await reopened(() => void tables.actors.delete("trip:t1"));
    expect(market.peek(tripRef(1))).toEqual(before);
    expect(tables.actors.get("trip:t1")).toMatchObject({ value: "accepted", live: true });
    await reopened(() => {
      for (const seq of [1, 2, 3]) lose(tripRef(1), seq);
      tables.checkpoint = tables.position;
    });
    expect(states()).toEqual(["trip t1 undefined"]);
    expect(market.quarantine.list()[0]!.why).toBe("it has no rows");
    expect(await repaired(tripRef(1), "release")).toMatchObject({ is: "done", seq: 4 });
    await tell(line("create", 1, 2), line("offer", 1, 2), line("accept", 1, 2));
  });

  test("M63: given an actor of whom nothing can be read, when its rows are mended and an operator retries, then it is back", async () => {
    await accepted();
    const birth = rowsOf(driverRef(2))[0]!;
    await reopened(() => lose(driverRef(2), 1));
    tables.rows.splice(birth.position - 1, 0, birth);
    expect(await repaired(driverRef(2), "retry")).toMatchObject({ is: "done" });
    expect(states()).toEqual([]);
    await tell(line("create", 2, 2), line("offer", 2, 2), line("accept", 2, 2));
    expect(differences()).toEqual([]);
  });

  test("M63: given a stored actor that does not hold while its rows do, then it is folded from its rows, and stored anew", async () => {
    await accepted();
    await reopened(() => tables.actors.set("trip:t1", { ...tables.actors.get("trip:t1")!, context: {} }));
    expect(states()).toEqual([]);
    expect(tables.actors.get("trip:t1")!.context).toMatchObject({ assignment: { driverId: "d1" } });
    await tell(line("arrive"));
  });

  test("M63: given one in quarantine, when the server starts again and its rows were mended, then it stays there until an operator retries", async () => {
    await accepted();
    await tell(line("arrive"));
    const row = rowsOf(tripRef(1))[1]!;
    await reopened(() => lose(tripRef(1), 2));
    expect(tables.actors.get("trip:t1")).toMatchObject({ value: "quarantined", live: true });
    expect(await repaired(tripRef(1), "retry")).toMatchObject({ refusal: { code: "illegal_now" } });
    await reopened(() => void tables.rows.splice(row.position - 1, 0, row));
    expect(states()).toHaveLength(1);
    expect(await repaired(tripRef(1), "retry")).toMatchObject({ is: "done", seq: 5 });
    expect(states()).toEqual([]);
    await tell(line("start"), line("complete"));
    expect(differences()).toEqual([]);
    expect([...tables.claims]).toEqual([]);
  });
});

describe("an actor whose statechart fails", () => {
  /** A mistake in a chart: it cannot bear this event. */
  const failing = (kind: "trip" | "driver", type: string): Partial<Meaning["charts"]> => {
    const chart = meaning.charts[kind];
    return {
      [kind]: {
        ...chart,
        next: (...[from, id, event]: Parameters<typeof chart.next>) => {
          if (event.type === type) throw new Error("a mistake");
          return chart.next(from, id, event);
        },
      },
    };
  };

  test("M62: given a deadline that its chart cannot bear, then it is fed once, the trip is in quarantine, and its driver lapses without a miss", async () => {
    await market.close();
    await open(failing("trip", "receipt.due"));
    await tell(line("online", 2), line("create", 2, 3), line("offer", 2, 3));
    await clock.advance(6_000);
    expect(states()).toEqual(["trip t3 requested.offering"]);
    await clock.advance(60_000);
    expect(alarms).toEqual(["an actor is in quarantine: trip:t3"]);
    expect(market.peek(driverRef(2))!.state).toBe("idle");
    expect(driverContext(market.peek(driverRef(2))!).misses).toBe(0);
    expect(rowsOf(driverRef(2)).at(-1)!.type).toBe("lapsed");
  });

  test("M62: given a driver whose chart fails while a trip asks them, then the turn is undone, and the trip may go to another", async () => {
    await market.close();
    await open(failing("driver", "taken"));
    await offered();
    const rows = tables.rows.length;
    expect(await say(line("accept"))).toMatchObject({ is: "refused", refusal: { code: "internal" } });
    expect(tables.rows).toHaveLength(rows);
    expect(states()).toEqual(["driver d1 offered"]);
    await tell(line("admin assigns", 2));
  });

  test("M62: given a birth that its chart cannot bear, then it is refused, and nobody is in quarantine", async () => {
    await market.close();
    await open(failing("trip", "create"));
    expect(await say(line("create"))).toMatchObject({ refusal: { code: "internal" } });
    expect(states()).toEqual([]);
  });

  test("M61: given a passenger whose driver is in quarantine, then they may cancel, and the driver, back, is not left on a trip that is over", async () => {
    await market.close();
    await open(failing("driver", "pause"));
    await accepted();
    await say(line("pause"));
    expect(states()).toEqual(["driver d1 to_pickup"]);
    await tell(line("passenger cancels"));
    expect(await repaired(driverRef(1), "retry")).toMatchObject({
      refusal: { code: "illegal_now", message: expect.stringContaining("release") },
    });
    expect(await repaired(driverRef(1), "release")).toMatchObject({ is: "done" });
    expect(market.peek(driverRef(1))?.state ?? "offline").toBe("offline");
    await tell(line("online"));
  });
});

describe("an operator's release", () => {
  test("M64: given a trip beyond repair, when it is released, then it is cancelled, its driver free to take another, and replay explains it", async () => {
    await accepted();
    await market.close();
    const rows = tables.rows.length;
    await open({
      trip: {
        ...meaning.charts.trip,
        next: () => {
          throw new Error("a mistake");
        },
      },
    });
    await say(line("arrive"));
    expect(await repaired(tripRef(1), "release")).toMatchObject({ is: "done" });
    expect(tables.rows.slice(rows).map(({ type, toState }) => `${type} ${toState}`)).toEqual([
      "repaired cancelled",
      "freed idle",
    ]);
    expect(tables.rows[rows]!.body).toMatchObject({ adminId: "a1", reason: "beyond repair" });
    expect([...tables.claims]).toEqual([]);
    expect(states()).toEqual([]);
    expect(differences()).toEqual([]);
    await market.close();
    await open();
    expect(rowsOf(tripRef(1)).reduce<ReturnType<Market["peek"]>>(fold, undefined)!.context).toMatchObject({
      cancelled: { by: "admin", reason: "beyond repair", fee: 0 },
    });
    await tell(line("create", 1, 2), line("offer", 1, 2), line("accept", 1, 2));
  });

  test("M64: given a trip whose newest rows cannot be read, when it is released, then the claim they made ends as well", async () => {
    await accepted();
    await reopened(() => lose(tripRef(1), 2));
    expect(states()).toEqual(["trip t1 requested.searching"]);
    expect([...tables.claims]).toEqual([["d1", "t1"]]);
    expect(await repaired(tripRef(1), "release")).toMatchObject({ is: "done", seq: 4 });
    expect([...tables.claims]).toEqual([]);
    expect(market.peek(driverRef(1))!.state).toBe("idle");
    await reopened(() => {});
    expect(states()).toEqual([]);
  });

  /** No statechart knows any of its states, and the checkpoint lost it. */
  const garble = ({ kind, id }: ActorRef): void => {
    for (const [i, row] of tables.rows.entries())
      if (row.actorKind === kind && row.actorId === id) tables.rows[i] = { ...row, toState: "lunch" };
    tables.actors.delete(`${kind}:${id}`);
    tables.checkpoint = 0;
  };
  const found = () => {
    const differences: string[] = [];
    const last = tables.rows.flatMap(({ type, actorKind, actorId, position }) =>
      type === "repaired" ? [[`${actorKind}:${actorId}`, position] as const] : [],
    );
    const walk = walkMarket(
      meaning,
      (some) => differences.push(...some.map(explainDifference)),
      new Map(last),
    );
    walk.take(tables.rows, []);
    walk.end([]);
    return differences;
  };

  test("M97, M98: given a trip of which nothing can be read, when it is released, then it is cancelled from what the lists know, with the unknown named, and its driver and passenger go on", async () => {
    await accepted();
    await tell(line("arrive"));
    await reopened(() => garble(tripRef(1)));
    expect(states()).toEqual(["trip t1 undefined"]);
    const look = await market.quarantine.look(tripRef(1));
    expect(look).toMatchObject({ listed: { state: "arrived" }, claim: { driverId: "d1" } });
    expect(look.unread.map(({ row, why }) => [row.seq, why])).toEqual(
      [1, 2, 3, 4].map((seq) => [seq, "row 1: trip@1 does not know the state lunch"]),
    );
    expect(found()).not.toEqual([]);
    expect(await repaired(tripRef(1), "release")).toMatchObject({ is: "done", seq: 5 });
    const row = rowsOf(tripRef(1)).at(-1)!;
    expect(row).toMatchObject({ fromState: "quarantined", toState: "cancelled" });
    expect(row.body["unknown"]).toEqual(expect.arrayContaining(["policy", "search", "note"]));
    expect(tables.trips.get("t1")).toMatchObject({
      passengerId: "p1",
      driverId: "d1",
      status: "cancelled",
      cancelledBy: "admin",
      cancelFee: 0,
      arrivedAt: expect.any(Number),
    });
    expect([...tables.claims]).toEqual([]);
    await tell(line("create", 1, 2), line("offer", 1, 2), line("accept", 1, 2));
    expect(found()).toEqual([]);
    expect(checkTrip(meaning, rowsOf(tripRef(1))).differences).toEqual([]); // so that it can be archived
    await reopened(() => {});
    expect(states()).toEqual([]);
    await tell(line("arrive", 1, 2));
  });

  test("M97: given a driver of whom nothing can be read, when they are released, then they are offline, after the ride they are on", async () => {
    await accepted();
    await reopened(() => {
      garble(driverRef(1));
      garble(driverRef(2));
    });
    for (const driver of [1, 2]) await repaired(driverRef(driver), "release");
    expect(market.peek(driverRef(1))).toMatchObject({ state: "to_pickup", context: { tripId: "t1" } });
    expect(market.peek(driverRef(2))?.state ?? "offline").toBe("offline");
    await tell(line("arrive"), line("start"), line("complete"), line("online", 1), line("online", 2));
    await tell(line("create", 2, 2), line("offer", 2, 2), line("accept", 2, 2));
    expect(found()).toEqual([]);
  });

  test("M97: given a trip whose newest rows and whose driver cannot be read, when both are released, then the claim ends as well", async () => {
    await accepted();
    await reopened(() => {
      lose(tripRef(1), 2);
      garble(driverRef(1));
    });
    for (const of of [tripRef(1), driverRef(1)])
      expect(await repaired(of, "release")).toMatchObject({ is: "done" });
    expect([...tables.claims]).toEqual([]);
    await tell(line("online", 1), line("create", 1, 2), line("offer", 1, 2), line("accept", 1, 2));
  });

  test("M97, I3: given a trip that has ended, and rows after that or nothing that can be read, when it is released, then it stays as it ended", async () => {
    await accepted();
    await tell(line("arrive"), line("start"), line("complete"));
    const end = rowsOf(tripRef(1)).at(-1)!;
    await reopened(() => {
      tables.rows.push({ ...end, position: tables.position + 1, seq: end.seq + 1, toState: "lunch" });
      tables.position += 1;
    });
    expect(states()).toEqual(["trip t1 completed"]);
    expect(await repaired(tripRef(1), "release")).toMatchObject({ is: "done", seq: end.seq + 2 });
    expect(tables.trips.get("t1")).toMatchObject({ status: "completed", cancelledBy: null });
    await reopened(() => {
      garble(tripRef(1));
      tables.checkpoint = tables.position;
    });
    await market.load(tripRef(1));
    expect(states()).toEqual(["trip t1 undefined"]);
    expect(await repaired(tripRef(1), "release")).toMatchObject({ is: "done" });
    expect(tables.trips.get("t1")).toMatchObject({ status: "completed", completedAt: expect.any(Number) });
  });

  test("M98: given a repaired actor, when a row after the repair is tampered with, then that is found", async () => {
    await accepted();
    await reopened(() => garble(driverRef(1)));
    await repaired(driverRef(1), "release");
    await tell(line("arrive"));
    const at = tables.rows.findIndex(({ type, actorKind }) => type === "arrived" && actorKind === "driver");
    tables.rows[at] = { ...tables.rows[at]!, toState: "on_trip" };
    expect(found()).not.toEqual([]);
  });

  test("M112: given a driver in quarantine who was not told that their trip was cancelled, when their rows were mended and they were released, then the log, decided again, has no difference", async () => {
    await accepted();
    const whole = [...tables.rows];
    await reopened(() => garble(driverRef(1)));
    await tell(line("passenger cancels"));
    tables.rows.splice(0, whole.length, ...whole);
    expect(found(), "while they are in quarantine").not.toEqual([]);
    expect(rowsOf(driverRef(1)).at(-1)!.type).toBe("taken");
    await repaired(driverRef(1), "release");
    expect(found()).toEqual([]);
    await tell(line("online"), line("create", 1, 2), line("offer", 1, 2));
    tables.rows.pop(); // what a driver was told after their repair must be there
    expect(found()).not.toEqual([]);
  });

  test("M113: given a driver with an offer that none of their own rows tells, when they are released, then the trip looks on at once", async () => {
    await offered();
    await reopened(() => garble(driverRef(1)));
    expect(await repaired(driverRef(1), "release")).toMatchObject({ is: "done" });
    expect(rowsOf(tripRef(1)).at(-1)).toMatchObject({
      type: "offer.declined",
      toState: "requested.searching",
      body: { driverId: "d1", reason: "offline" },
    });
  });

  test("M64: given a driver on a ride, when they are released, then the ride goes on, and they are offline after it", async () => {
    await accepted();
    await tell(line("arrive"), line("start"));
    await reopened(() => lose(driverRef(1), 4));
    expect(states()).toEqual(["driver d1 offered"]);
    expect(await say(line("complete"))).toMatchObject({ refusal: { code: "driver_unavailable" } });
    expect(await repaired(driverRef(1), "release")).toMatchObject({ is: "done" });
    expect(market.peek(driverRef(1))).toMatchObject({ state: "on_trip", context: { tripId: "t1" } });
    await tell(line("complete"));
    await settle();
    expect(market.peek(driverRef(1))?.state ?? "offline").toBe("offline");
  });
});
