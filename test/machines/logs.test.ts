import type { ActorRow, EventRow } from "../../src/domain/row.ts";
import { actorOf, fold } from "../../src/market/fold.ts";
import { chartNamed, upcast } from "../../src/market/versions.ts";
import { describe, expect, test } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import type { Actor } from "../../src/market/ports.ts";
import type { Difference } from "../../src/replay/difference.ts";
import { explainDifference } from "../../src/replay/explain.ts";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { keyOf } from "../../src/market/turn.ts";
import { meaning } from "../../src/meaning.ts";
import { walkMarket } from "../../src/replay/walk-market.ts";

// Logs that were written by statecharts of then, each with its actors at the end. They are never made again.
const folder = join(import.meta.dirname, "../fixtures/logs");
const logs = readdirSync(folder).flatMap((file) => /^(.+)\.rows\.ndjson\.gz$/.exec(file)?.[1] ?? []);
const read = <T>(file: string): T[] =>
  gunzipSync(readFileSync(join(folder, `${file}.ndjson.gz`)))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);

/** Whoever sees this red has changed what a statechart does with what is already in somebody's log. */
const advice = `a statechart no longer does what it did when this log was written. Leave the old version as it is, register
the changed one beside it, and make a log of that: CONTRIBUTING.md, "Changing a statechart". Do not make this log again.`;

const inputOf = ({ type, body }: EventRow) => ({ ...body, type });

describe.each(logs)("the log %s", (name) => {
  const rows = read<EventRow>(`${name}.rows`);
  const expected = new Map(read<ActorRow>(`${name}.actors`).map((row) => [keyOf(row), actorOf(row)]));

  test("E134: given a log of an earlier time, when it is folded, then its actors are what they were", () => {
    const actors = new Map<string, Actor>();
    for (const row of rows) {
      const key = keyOf({ kind: row.actorKind, id: row.actorId });
      actors.set(key, fold(actors.get(key), row));
    }
    expect(rows.length).toBeGreaterThan(100);
    expect(actors, advice).toEqual(expected);
  });

  test("E134: given a log of an earlier time, when every turn is decided again, then each row is what it was", () => {
    const found: Difference[] = [];
    const walk = walkMarket(meaning, (differences) => found.push(...differences));
    walk.take(rows, []);
    expect(walk.end([])).toBe(rows.length);
    expect(found.map(explainDifference), advice).toEqual([]);
    expect(walk.actors, advice).toEqual(expected);
  });

  test("E131: given what a statechart heard, when it is said in today's words and then again in its own, then it is the same", () => {
    for (const row of rows) {
      const { hears } = chartNamed(meaning, row.actorKind, row.machine)!;
      expect(hears(inputOf(upcast(meaning, row)))).toEqual(inputOf(row));
    }
  });
});

test("E134: given the statecharts of today, then a log of theirs is kept", () => {
  const kept = logs.flatMap((name) => read<EventRow>(`${name}.rows`).map(({ machine }) => machine));
  const { charts, older } = meaning;
  for (const { name } of [charts.trip, charts.driver, ...older]) expect(kept, advice).toContain(name);
});
