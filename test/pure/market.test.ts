import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import { type MemoryTables, heal, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import {
  type Line,
  ask,
  commandOf,
  driverContext,
  driverRef,
  tripContext,
  tripRef,
} from "../fixtures/story.ts";
import type { Market, Outcome, Turn } from "../../src/market/ports.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";

let tables: MemoryTables;
let clock: FakeClock;
let market: Market;
let turns: Turn[];
let told: string[];
let fenced: boolean;

const open = async (): Promise<Market> => {
  const opened = await openMarket({
    log: memoryLog(tables),
    clock,
    meaning,
    committed: (turn) => {
      turns.push(turn);
      told.push(`committed ${turn.steps[0]!.row.type}`);
    },
    appended: () => {},
    fenced: () => (fenced = true),
    alarm: () => {},
  });
  opened.start();
  return opened;
};

beforeEach(async () => {
  [tables, clock] = [memoryTables(), fakeClock()];
  [turns, told, fenced] = [[], [], false];
  market = await open();
});

const line = (verb: Line["verb"], driver = 1, trip = 1): Line => ({ verb, driver, trip });
const say = (one: Line, key: string | null = null) => ask(market, commandOf(one, market, key)!);
const start = (one: Line, key: string | null = null): { outcome?: Outcome } => {
  const waiting: { outcome?: Outcome } = {};
  market.submit(commandOf(one, market, key)!, (outcome) => (waiting.outcome = outcome));
  return waiting;
};
const offered = async () => {
  for (const one of [line("online"), line("online", 2), line("create"), line("offer")]) await say(one);
};
const types = () => tables.rows.map((row) => row.type);

describe("market: decide, write, act", () => {
  test("E1: given a command, when its row is not in the log yet, then nobody is told and nothing is done", async () => {
    tables.down = true;
    const waiting = start(line("create"));
    await settle();
    expect(waiting.outcome).toBeUndefined();
    expect(told).toEqual([]);
    heal(tables);
    await settle();
    expect(waiting.outcome).toMatchObject({ is: "done", seq: 1, repeated: false });
    expect(types()).toEqual(["create"]);
    expect(told).toEqual(["committed create"]);
  });

  test("E1: given two turns, then each answer goes before the effects of its own turn, in the order they came", async () => {
    await say(line("online"));
    told = [];
    tables.down = true;
    market.submit(commandOf(line("create"), market, null)!, () => told.push("answer create"));
    market.submit(commandOf(line("pause"), market, null)!, () => told.push("answer pause"));
    await settle();
    heal(tables);
    await settle();
    expect(told).toEqual(["answer create", "committed create", "answer pause", "committed pause"]);
  });

  test("E4: given an uncommitted turn, then a refusal and a read that rest on it wait for it", async () => {
    tables.down = true;
    start(line("create"));
    const refused = start(line("start"));
    let seen: string | undefined = "nothing yet";
    market.read(tripRef(1), (told) => (seen = told.is === "actor" ? told.actor.state : told.is));
    await settle();
    expect(refused.outcome).toBeUndefined();
    expect(seen).toBe("nothing yet");
    heal(tables);
    await settle();
    expect(refused.outcome).toMatchObject({
      is: "refused",
      refusal: { code: "illegal_now", status: "requested" },
    });
    expect(seen).toBe("requested.searching");
  });

  test("E4: given a batch refused as data, then its turns go alone, the culprit is answered internal and undone, the rest is done", async () => {
    await offered();
    await say(line("create", 2, 2));
    await say(line("offer", 2, 2));
    tables.claims.set("d1", "ghost");
    tables.down = true;
    const first = start(line("create", 3, 3));
    const culprit = start(line("accept", 1, 1));
    const innocent = start(line("accept", 2, 2));
    const rests = start(line("depart", 1, 1));
    await settle();
    heal(tables);
    await settle();
    expect(first.outcome).toMatchObject({ is: "done" });
    expect(culprit.outcome).toMatchObject({ is: "refused", refusal: { code: "internal" } });
    expect(innocent.outcome).toMatchObject({ is: "done" });
    expect(rests.outcome).toMatchObject({
      is: "refused",
      refusal: { code: "illegal_now", status: "requested" },
    });
    expect(market.peek(tripRef(1))!.state).toBe("requested.offering");
    expect(market.peek(driverRef(1))!.state).toBe("offered");
    expect(market.peek(tripRef(2))!.state).toBe("accepted");
    expect(tables.rows.map(({ position }) => position)).toEqual(tables.rows.map((_, i) => i + 1));
  });

  test("E4: given an undo after the deadline of the undone state was passed over, then the deadline is fed all the same", async () => {
    await offered();
    await say(line("deliver"));
    tables.claims.set("d1", "ghost");
    await clock.advance(16_200);
    tables.down = true;
    start(line("accept"));
    await clock.advance(800);
    expect(market.healthy()).toBe(true);
    heal(tables);
    await settle();
    await clock.advance(1_000);
    expect(types().slice(-2)).toEqual(["offer.due", "expired"]);
  });

  test("E4: given an answer or a reaction that throws, then the market goes on with the next entry", async () => {
    tables.down = true;
    market.submit(commandOf(line("create"), market, null)!, () => {
      throw new Error("a session's mistake");
    });
    const next = start(line("create", 1, 2));
    await settle();
    heal(tables);
    await settle();
    expect(next.outcome).toMatchObject({ is: "done" });
    expect(await say(line("create", 1, 3))).toMatchObject({ is: "done" });
  });

  test("E6: given a release and a new claim of the same driver at once, then the batch is cut between them", async () => {
    await offered();
    for (const verb of ["accept", "arrive", "start"] as const) await say(line(verb));
    await say(line("create", 2, 2));
    tables.down = true;
    start(line("create", 3, 3)); // in flight alone
    start(line("complete"));
    start(line("offer", 1, 2));
    const offerId = Object.keys(tripContext(market.peek(tripRef(2))!).offers)[0];
    expect(offerId).toBeDefined();
    const accepted = start(line("accept", 1, 2));
    await settle();
    heal(tables);
    await settle();
    expect(accepted.outcome).toMatchObject({ is: "done" });
    expect([...tables.claims]).toEqual([["d1", "t2"]]);
  });

  test("E4: given a market that somebody else took, then nothing more is answered but unavailable, and nothing written", async () => {
    await say(line("create"));
    await open();
    const outcome = await say(line("online"));
    expect(outcome).toMatchObject({ is: "refused", refusal: { code: "unavailable" } });
    expect(fenced).toBe(true);
    expect(types()).toEqual(["create"]);
  });
});

describe("market: keys", () => {
  test("E5: given a command that still waits, when it is repeated, then both are answered with the one result", async () => {
    tables.down = true;
    const first = start(line("create"), "passenger:p1:k1");
    const second = start(line("create"), "passenger:p1:k1");
    await settle();
    expect(second.outcome).toBeUndefined();
    heal(tables);
    await settle();
    expect(first.outcome).toMatchObject({ is: "done", seq: 1, repeated: false });
    expect(second.outcome).toMatchObject({ is: "done", seq: 1, repeated: true });
    expect(types()).toEqual(["create"]);
  });

  test("E5: given a used key, when it comes with other content, then key_reused; when its command was refused, it is judged anew", async () => {
    await say(line("create"), "k1");
    const other = { ...commandOf(line("online"), market, "k1")!, hash: 8 };
    expect(await ask(market, other)).toMatchObject({ refusal: { code: "key_reused" } });
    expect(await say(line("start"), "k2")).toMatchObject({ refusal: { code: "illegal_now" } });
    await say(line("online"), "k3");
    await say(line("offer"));
    await say(line("accept"));
    await say(line("arrive"));
    expect(await say(line("start"), "k2")).toMatchObject({ is: "done" });
  });

  test("E5: given a key of yesterday, when the market was killed meanwhile, then it is still remembered", async () => {
    await say(line("create"), "k1");
    market = await open();
    await clock.advance(23 * 3_600_000);
    expect(await say(line("create"), "k1")).toMatchObject({ is: "done", repeated: true, seq: 1 });
    let repeat: Outcome | undefined;
    expect(market.repeat("k1", 7, (outcome) => (repeat = outcome))).toBe(true);
    await settle();
    expect(repeat).toMatchObject({ is: "done", repeated: true, to: tripRef(1) });
    expect(market.repeat("never", 7, () => {})).toBe(false);
  });
});

describe("market: time", () => {
  test("M6: given an offer, when its time is up, then it runs out by itself, and a later answer is told so", async () => {
    await offered();
    await say(line("deliver"));
    const accept = commandOf(line("accept"), market, null)!;
    await clock.advance(16_600);
    expect(types().slice(-2)).toEqual(["offer.due", "expired"]);
    expect(await ask(market, accept)).toMatchObject({ refusal: { code: "offer_expired" } });
  });

  test("M6: given a killed server, when it comes back within the time, then the deadlines are those of the log", async () => {
    await offered();
    await say(line("deliver"));
    await clock.advance(1_500);
    market = await open();
    await clock.advance(14_900);
    expect(types().at(-1)).not.toBe("expired");
    await clock.advance(200);
    expect(types().slice(-2)).toEqual(["offer.due", "expired"]);
  });

  test("M7: given a log that does not answer, then no deadline is fed, and answers come as unavailable in time", async () => {
    await offered();
    await say(line("deliver"));
    tables.down = true;
    const waiting = start(line("create", 3, 3));
    await clock.advance(1_000);
    expect(market.healthy()).toBe(false);
    expect(waiting.outcome).toBeUndefined();
    await clock.advance(1_100);
    expect(waiting.outcome).toMatchObject({ is: "refused", refusal: { code: "unavailable" } });
    await clock.advance(30_000);
    expect(market.stats.waiting).toBe(1);
    heal(tables);
    await settle();
    expect(market.healthy()).toBe(true);
  });

  test("M8: given a gap over 2 s, then each live offer lapses without a miss, may be made again, and the search gets its time back", async () => {
    await offered();
    const dueAt = tripContext(market.peek(tripRef(1))!).search.dueAt;
    tables.down = true;
    start(line("create", 3, 3));
    await clock.advance(20_000);
    heal(tables);
    await settle();
    const ofTrip = tables.rows.filter((row) => row.actorId === "t1").map((row) => row.type);
    expect(ofTrip).toEqual(["create", "offer", "search.extended", "offer.lapsed"]);
    expect(driverContext(market.peek(driverRef(1))!)).toMatchObject({ misses: 0, offer: null });
    expect(tripContext(market.peek(tripRef(1))!).search.dueAt).toBeGreaterThanOrEqual(dueAt + 20_000);
    expect(await say(line("offer"))).toMatchObject({ is: "done" });
  });

  test("M8: given a process that stood still, then the same", async () => {
    await offered();
    await clock.freeze(60_000);
    await settle();
    expect(types()).toContain("offer.lapsed");
    expect(types()).not.toContain("expired");
    expect(driverContext(market.peek(driverRef(1))!).misses).toBe(0);
  });

  test("M5: given a wall clock that jumps back over a restart, then market time goes on from the last row", async () => {
    await clock.advance(60_000);
    await say(line("create"));
    const last = tables.rows.at(-1)!.at;
    clock = fakeClock(1_600_000_000_000);
    market = await open();
    expect(market.now()).toBeGreaterThanOrEqual(last);
  });
});

describe("market: memory", () => {
  test("E8: given a driver who went offline and left memory, when they come back, then their story goes on with its seq", async () => {
    await say(line("online"));
    await say(line("offline"));
    await clock.advance(2_500);
    expect(market.peek(driverRef(1))).toBeUndefined();
    expect(await say(line("online"))).toMatchObject({ is: "done", seq: 4 });
    expect(types()).toEqual(["create", "go_online", "go_offline", "go_online"]);
  });

  test("E8: given a trip that ended and left memory, then a late command is refused with its status and nothing legal", async () => {
    await say(line("create"));
    await say(line("passenger cancels"));
    await clock.advance(2_500);
    expect(await say(line("admin cancels"))).toMatchObject({
      refusal: { code: "illegal_now", status: "cancelled", legal: [] },
    });
  });

  test("E8: given a database that crashed and lost its newest checkpoint, then a driver who comes back goes on from the events", async () => {
    await say(line("online"));
    await clock.advance(1_100);
    const older = tables.actors.get("driver:d1")!;
    await say(line("offline"));
    await clock.advance(2_500);
    expect(market.peek(driverRef(1))).toBeUndefined();
    tables.actors.set("driver:d1", older);
    expect(await say(line("online"))).toMatchObject({ is: "done", seq: 4 });
    await say(line("offline"));
    await clock.advance(2_500);
    tables.actors.delete("driver:d1");
    expect(await say(line("online"))).toMatchObject({ is: "done", seq: 6 });
  });

  test("E5: given a full queue, then reads and repeats are told so at once, and a market that ended answers too", async () => {
    await say(line("create"), "k1");
    tables.down = true;
    for (let i = 0; i < 20_000; i++) start(line("create", 1, 10 + i));
    let seen = "";
    let repeat: Outcome | undefined;
    market.read(tripRef(1), (told) => (seen = told.is));
    market.repeat("k1", 7, (outcome) => (repeat = outcome));
    expect(seen).toBe("unknown");
    expect(repeat).toMatchObject({ refusal: { code: "busy" } });
    expect(market.stats.waiting).toBe(20_000);
    tables.epoch += 1;
    heal(tables);
    await settle();
    market.read(tripRef(1), (told) => (seen = `${told.is} at the end`));
    expect(seen).toBe("unknown at the end");
  });

  test("M8: given a full queue over a gap, then what the server owes the trips is said all the same, and once", async () => {
    await offered();
    const dueAt = tripContext(market.peek(tripRef(1))!).search.dueAt;
    tables.down = true;
    for (let i = 0; i < 20_000; i++) start(line("create", 1, 10 + i));
    await clock.freeze(10_000);
    heal(tables);
    await settle();
    const { search, offers } = tripContext(market.peek(tripRef(1))!);
    expect(offers).toEqual({});
    expect(search.dueAt - dueAt).toBeGreaterThanOrEqual(10_000);
    expect(search.dueAt - dueAt).toBeLessThan(12_000);
  });

  test("E5: given more commands than may wait, then busy: certainly not done", async () => {
    tables.down = true;
    const waiting = Array.from({ length: 20_001 }, (_, i) => start(line("create", 1, i)));
    expect(waiting[20_000]!.outcome).toMatchObject({ refusal: { code: "busy" } });
    expect(waiting[0]!.outcome).toBeUndefined();
  });
});
