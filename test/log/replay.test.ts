import { type ReplayTown, liveHalfADay, replayTown } from "./replay-town.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { meaning } from "../../src/meaning.ts";
import { explain, explainState } from "../../src/replay/explain.ts";
import { openReadOnly, readOnlyClient } from "../../src/log/read-only.ts";
import { replay } from "../../src/replay/replay.ts";
import { storyJson } from "../../src/replay/story-json.ts";

let town: ReplayTown;
const whole = { at: null, market: null, verify: false };

beforeAll(async () => {
  town = await replayTown();
  await liveHalfADay(town);
  await town.say("online", 1, 0, { market: 1 });
  await town.rest();
});
afterAll(() => town.close());

describe("E40: replay cannot write", () => {
  test("E40: given a reader's connection, then Postgres refuses every write and lock of rows, and nothing changed", async () => {
    const before = await town.sql("select * from market order by id");
    const client = readOnlyClient(town.database.url);
    for (const attempt of [
      "update market set epoch = epoch + 1",
      "delete from event",
      "insert into claim values (1, 'd9', 't9')",
      "create table mine (id integer)",
      "truncate actor",
      "select * from market for update",
    ])
      await expect(client.run((sql) => sql.unsafe(attempt))).rejects.toThrow(/read-only transaction/);
    await client.close();
    await replay(town.reader.history, meaning, "t1", { ...whole, verify: true });
    expect(await town.sql("select * from market order by id")).toEqual(before);
  });

  test("E40: given a database without a log, then reading it is refused in one line and it stays empty", async () => {
    const empty = await freshDatabase();
    await expect(openReadOnly(empty.url)).rejects.toThrow(/^cannot read the database: it holds no log$/);
    const client = readOnlyClient(empty.url);
    expect(await client.run((sql) => sql`select from pg_tables where schemaname = 'public'`)).toHaveLength(0);
    await client.close();
    await empty.drop();
  });
});

describe("E41: the story of an actor", () => {
  test("E41: given a completed trip, then each row is told with its cause, what changed and what was said", async () => {
    const [life] = await replay(town.reader.history, meaning, "t1", whole);
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
    expect(life!.steps[0]!.cause).toEqual({ is: "command", role: "passenger", user: "p1", key: "k1" });
    expect(life!.steps[1]!.cause).toEqual({ is: "server" });
    const arrived = life!.steps[5]!;
    expect(arrived.changed).toContainEqual({ field: "arrivedAt", before: null, after: arrived.row.at });
    const text = explain(life!);
    expect(text).toMatch(/^trip t1 {3}market town \(1\) {3}8 rows from \d{4}-/);
    expect(text).toContain("requested.searching -> requested.offering");
    expect(text).toContain("search.offersMade  0 -> 1");
    expect(text).toContain("ask driver:d1 taken");
    expect(text).toMatch(/by passenger p1, key k1/);
  });

  test("E140: given commands without a key, then they are told with who sent them, and only what the server did itself is the server's", async () => {
    const [trip] = await replay(town.reader.history, meaning, "t2", whole);
    const by = (role: string, user: string) => ({ is: "command", role, user, key: null });
    expect(trip!.steps.map(({ cause }) => cause)).toEqual([
      by("passenger", "p2"),
      { is: "server" },
      by("driver", "d2"),
      by("driver", "d2"),
    ]);
    expect(explain(trip!)).toMatch(/driver\.departed .* by driver d2$/m);
    const [, valley] = await replay(town.reader.history, meaning, "d1", whole);
    expect(valley!.steps.map(({ cause }) => cause)).toEqual([by("driver", "d1"), by("driver", "d1")]);
  });

  test("E41: given a driver, then asks of trips are told with the row that said them, and a birth belongs to its command", async () => {
    const lives = await replay(town.reader.history, meaning, "d1", whole);
    const [first, second, offer] = lives.find(({ market }) => market.key === "town")!.steps;
    expect(first!.cause).toEqual({ is: "command", role: "driver", user: "d1", key: "on" });
    expect(second!.cause).toEqual(first!.cause);
    expect(offer!.cause).toMatchObject({ is: "row", actor: "trip:t1", type: "offer" });
  });

  test("E41: given --json, then it has the documented shape and survives JSON", async () => {
    const story = storyJson(await replay(town.reader.history, meaning, "t2", whole), false);
    expect(JSON.parse(JSON.stringify(story))).toMatchObject([
      {
        market: { id: 1, key: "town", name: "Town" },
        kind: "trip",
        id: "t2",
        steps: [
          { seq: 1, type: "create", since_start_ms: 0, from: null, to: "requested.searching" },
          { seq: 2, type: "offer", cause: { is: "server" }, effects: ["ask driver:d2 offer"] },
          { seq: 3, type: "offer.accepted" },
          { seq: 4, type: "driver.departed", from: "accepted", to: "en_route" },
        ],
        state: { seq: 4, state: "en_route" },
        differences: null,
      },
    ]);
  });

  test("E41: given a driver who lived in two markets, then both lives are told, and one where asked", async () => {
    const lives = await replay(town.reader.history, meaning, "d1", { ...whole, verify: true });
    expect(lives.map(({ market }) => market.key)).toEqual(["town", "valley"]);
    expect(lives.flatMap(({ differences }) => differences)).toEqual([]);
    const market = lives[1]!.market;
    const only = await replay(town.reader.history, meaning, "d1", { ...whole, market });
    expect(only.map((life) => life.market.key)).toEqual(["valley"]);
  });

  test("E42: given a position, then the state is the one of that position", async () => {
    const [life] = await replay(town.reader.history, meaning, "t1", whole);
    const at = life!.steps[3]!.row.position;
    for (const position of [at, at + 1]) {
      const [part] = await replay(town.reader.history, meaning, "t1", { ...whole, at: position });
      expect(part!.steps).toHaveLength(4);
      expect(explainState(part!)).toMatch(new RegExp(`^as of #${at}: accepted, seq 4\n`));
      expect(storyJson([part!], false)[0]!.state).toMatchObject({ seq: 4, state: "accepted" });
    }
    expect(await replay(town.reader.history, meaning, "t1", { ...whole, at: 1 })).toEqual([]);
  });
});
