import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type Line, commandOf, driverRef, tripRef } from "../fixtures/story.ts";
import { type Log, openLog } from "../../src/log/open-log.ts";
import type { Market, Outcome } from "../../src/market/ports.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { meaning } from "../../src/meaning.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { connect } from "../../src/log/connect.ts";
import { openMarket } from "../../src/market/market.ts";
import { realClock } from "../../src/domain/time.ts";
import { replay } from "../../src/replay/replay.ts";

// The runtime on a real log: real Postgres, real time.

let database: Database;
let log: Log;
let market: Market;
let fenced: boolean;

const open = async () => {
  log = await openLog({ url: database.url });
  const [marketLog] = (await log.take([{ key: "town", name: "Town" }])) as [MarketLog];
  market = await openMarket({
    log: marketLog,
    clock: realClock,
    meaning,
    committed: () => {},
    appended: () => {},
    fenced: () => (fenced = true),
    alarm: () => {},
  });
  market.start();
};
beforeEach(async () => {
  fenced = false;
  database = await freshDatabase();
  await open();
});
afterEach(async () => {
  await market.close();
  await log.close();
  await database.drop();
});

const line = (verb: Line["verb"], driver = 1, trip = 1): Line => ({ verb, driver, trip });
const say = (one: Line, key: string | null = null): Promise<Outcome> =>
  new Promise((resolve) => market.submit(commandOf(one, market, key)!, resolve));
const sql = async <T>(text: string): Promise<readonly T[]> => {
  const client = connect(database.url, { max: 1 });
  try {
    return [...(await client.run((run) => run.unsafe(text)))] as unknown as T[];
  } finally {
    await client.close();
  }
};
const whole = { at: null, market: null, verify: false };
const offered = async () => {
  for (const one of [line("online"), line("online", 2), line("create"), line("offer")]) await say(one);
};

describe("market on Postgres", () => {
  test("E1: given an acknowledged command, then its rows are in the table already", async () => {
    const outcome = await say(line("create"), "passenger:p1:k1");
    expect(outcome).toMatchObject({ is: "done", seq: 1 });
    expect(
      await sql("select type, seq, command_id ~ '^[0-9]+:passenger:p1:k1$' as keyed from event"),
    ).toEqual([{ type: "create", seq: 1, keyed: true }]);
    expect(await sql("select status, state from trip")).toEqual([
      { status: "requested", state: "requested.searching" },
    ]);
  });

  test("E6: given hundreds of commands at once, then all are answered and positions have no gap", async () => {
    const outcomes = await Promise.all(Array.from({ length: 700 }, (_, i) => say(line("create", 1, i))));
    expect(outcomes.every(({ is }) => is === "done")).toBe(true);
    expect(await sql("select count(*)::int as n, max(position)::int as last from event")).toEqual([
      { n: 700, last: 700 },
    ]);
  });

  test("E4: given a claim that Postgres refuses, then that command alone is answered internal and the others of its batch stand", async () => {
    await offered();
    await say(line("create", 2, 2));
    await say(line("offer", 2, 2));
    await sql("insert into claim (market, driver_id, trip_id) values (1, 'd1', 'ghost')");
    const [filler, culprit, innocent] = await Promise.all([
      say(line("create", 3, 3)),
      say(line("accept", 1, 1)),
      say(line("accept", 2, 2)),
    ]);
    expect(filler).toMatchObject({ is: "done" });
    expect(culprit).toMatchObject({ is: "refused", refusal: { code: "internal" } });
    expect(innocent).toMatchObject({ is: "done" });
    expect(market.peek(tripRef(1))!.state).toBe("requested.offering");
    expect(await sql("select id, state from trip order by id")).toEqual([
      { id: "t1", state: "requested.offering" },
      { id: "t2", state: "accepted" },
      { id: "t3", state: "requested.searching" },
    ]);
  });

  test("E11: given another owner, then the market is fenced, answers unavailable and writes nothing", async () => {
    await say(line("create"));
    await sql("update market set epoch = epoch + 1");
    expect(await say(line("online"))).toMatchObject({ refusal: { code: "unavailable" } });
    expect(fenced).toBe(true);
    expect(await sql("select count(*)::int as n from event")).toEqual([{ n: 1 }]);
  });

  test("E9: given a trip half way, when the server is opened anew on the same log, then every actor is where it was and goes on", async () => {
    await offered();
    await say(line("accept"), "driver:d1:k1");
    const before = [...market.all("trip"), ...market.all("driver")];
    await market.close();
    await log.close();
    await open();
    const byId = () =>
      new Map([...market.all("trip"), ...market.all("driver")].map((actor) => [actor.id, actor]));
    expect(byId()).toEqual(new Map(before.map((actor) => [actor.id, actor])));
    expect(await say(line("accept"), "driver:d1:k1")).toMatchObject({ is: "done", repeated: true });
    for (const verb of ["depart", "arrive", "start", "complete"] as const)
      expect(await say(line(verb))).toMatchObject({ is: "done" });
    expect(market.peek(driverRef(1))!.state).toBe("idle");
    expect(await sql("select count(*)::int as n from claim")).toEqual([{ n: 0 }]);
  });

  test("E2: given a whole trip, then replay shows each step, running it again gives every row, and a tampered row is found", async () => {
    await offered();
    for (const verb of ["deliver", "accept", "depart", "arrive", "start", "complete"] as const)
      await say(line(verb));
    const [life] = await replay(log.history, meaning, "t1", { ...whole, verify: true });
    expect(life!.differences).toEqual([]);
    expect(life!.steps.map(({ row }) => row.type)).toEqual([
      "create",
      "offer",
      "offer.delivered",
      "offer.accepted",
      "driver.departed",
      "driver.arrived",
      "start",
      "complete",
    ]);
    const at = life!.steps[3]!.row.position;
    const [part] = await replay(log.history, meaning, "t1", { ...whole, at });
    expect(part!.steps.at(-1)!.after.state).toBe("accepted");
    await sql("update event set to_state = 'cancelled' where actor_id = 't1' and seq = 3");
    const [tampered] = await replay(log.history, meaning, "t1", { ...whole, verify: true });
    expect(tampered!.differences.length).toBeGreaterThan(0);
    expect(await replay(log.history, meaning, "nobody", whole)).toEqual([]);
  });
});
