import * as fc from "fast-check";
import { type FakeClock, fakeClock, settle } from "../fixtures/fake-clock.ts";
import { type Line, ask, commandOf, verbs } from "../fixtures/story.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { meaning } from "../../src/meaning.ts";
import { describe, expect, test } from "vitest";
import type { Actor, Market } from "../../src/market/ports.ts";
import type { EventRow } from "../../src/domain/row.ts";
import { fold } from "../../src/market/fold.ts";
import { openMarket } from "../../src/market/market.ts";
import { reexecute } from "../../src/replay/reexecute.ts";

const line = fc.record({
  verb: fc.constantFrom(...verbs),
  driver: fc.integer({ min: 1, max: 3 }),
  trip: fc.integer({ min: 1, max: 3 }),
});
// Histories that get somewhere: most begin with drivers online and a trip offered.
const opening: Line[] = [
  { verb: "online", driver: 1, trip: 1 },
  { verb: "online", driver: 2, trip: 1 },
  { verb: "create", driver: 1, trip: 1 },
  { verb: "offer", driver: 1, trip: 1 },
];
const story = fc
  .tuple(fc.boolean(), fc.array(line, { minLength: 1, maxLength: 60, size: "max" }))
  .map(([warm, lines]) => createdOnce(warm ? [...opening, ...lines] : lines));
/** Trip ids are made by the server, so none is ever created twice. */
const createdOnce = (lines: Line[]): Line[] =>
  lines.filter(
    (one, i) =>
      one.verb !== "create" ||
      lines.findIndex(({ verb, trip }) => verb === "create" && trip === one.trip) === i,
  );

const alarms: string[] = [];
const open = async (tables: MemoryTables, clock: FakeClock): Promise<Market> => {
  const market = await openMarket({
    log: memoryLog(tables),
    clock,
    meaning,
    committed: () => {},
    appended: () => {},
    fenced: () => {},
    alarm: (what, detail) => alarms.push(`${what} ${JSON.stringify(detail)}`),
  });
  market.start();
  return market;
};
const tell = async (market: Market, clock: FakeClock, lines: readonly Line[], from = 0): Promise<void> => {
  for (const [i, one] of lines.entries()) {
    const command = commandOf(one, market, `driver:x:k${from + i}`);
    if (command !== undefined) await ask(market, command);
    else await clock.advance(one.verb === "time" ? 4_000 : 40_000);
  }
  await settle();
};
const byActor = (rows: readonly EventRow[]): Map<string, Actor> => {
  const actors = new Map<string, Actor>();
  for (const row of rows) {
    const key = `${row.actorKind}:${row.actorId}`;
    actors.set(key, fold(actors.get(key), row));
  }
  return actors;
};
/** Everything of a row but who owned the market and when. */
const told = ({ epoch: _epoch, ...row }: EventRow) => row;

describe("runtime properties", () => {
  test("E2: given any history, then folding its rows = running its inputs again = the actors in memory (I5)", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (lines) => {
        const [tables, clock] = [memoryTables(), fakeClock()];
        const market = await open(tables, clock);
        await tell(market, clock, lines);
        await market.close();

        const folded = byActor(tables.rows);
        const again = new Map<string, Actor>();
        for (const row of tables.rows) {
          const key = `${row.actorKind}:${row.actorId}`;
          const { after, differences } = reexecute(meaning, again.get(key), row);
          expect(differences).toEqual([]);
          again.set(key, after!);
        }
        expect(again).toEqual(folded);
        for (const [key, actor] of folded) {
          const stored = tables.actors.get(key)!;
          expect({ seq: stored.seq, state: stored.value, context: stored.context }).toEqual({
            seq: actor.seq,
            state: actor.state,
            context: actor.context,
          });
        }
        expect(alarms).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("E9: given a history cut anywhere, when the market is killed there and recovered, then it goes on as if it had not been", async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.nat(), async (lines, where) => {
        const cut = where % (lines.length + 1);
        const [wholeTables, wholeClock] = [memoryTables(), fakeClock()];
        const whole = await open(wholeTables, wholeClock);
        await tell(whole, wholeClock, lines);

        const [tables, clock] = [memoryTables(), fakeClock()];
        const first = await open(tables, clock);
        await tell(first, clock, lines.slice(0, cut));
        // Killed: never closed, no last checkpoint. Its later words are fenced.
        const second = await open(tables, clock);
        await tell(second, clock, lines.slice(cut), cut);

        expect(tables.rows.map(told)).toEqual(wholeTables.rows.map(told));
      }),
      { numRuns: 150 },
    );
  });

  test("E5: given any history, when every command is sent twice with its key, then the log is the same as once (I4)", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (lines) => {
        const [onceTables, onceClock] = [memoryTables(), fakeClock()];
        const once = await open(onceTables, onceClock);
        await tell(once, onceClock, lines);

        const [tables, clock] = [memoryTables(), fakeClock()];
        const market = await open(tables, clock);
        for (const [i, one] of lines.entries()) {
          const command = commandOf(one, market, `driver:x:k${i}`);
          if (command === undefined) {
            await clock.advance(one.verb === "time" ? 4_000 : 40_000);
            continue;
          }
          const first = await ask(market, command);
          const second = await ask(market, command);
          if (first?.is === "done")
            expect(second).toMatchObject({ is: "done", to: first.to, seq: first.seq, repeated: true });
        }
        expect(tables.rows.map(told)).toEqual(onceTables.rows.map(told));
      }),
      { numRuns: 150 },
    );
  });

  test("E4: given any history, then positions, turns and seqs have no gap and at most one pair holds a driver or trip (I1, I2, I3)", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (lines) => {
        const [tables, clock] = [memoryTables(), fakeClock()];
        const market = await open(tables, clock);
        await tell(market, clock, lines);
        const seqs = new Map<string, number>();
        const ended = new Set<string>();
        for (const [i, row] of tables.rows.entries()) {
          const key = `${row.actorKind}:${row.actorId}`;
          expect(row.position).toBe(i + 1);
          expect(row.seq).toBe((seqs.get(key) ?? 0) + 1);
          expect(ended.has(key)).toBe(false);
          seqs.set(key, row.seq);
          if (meaning.charts[row.actorKind].final(row.toState)) ended.add(key);
        }
        const folded = [...byActor(tables.rows).values()];
        const held = folded.map(meaning.claim).filter((claim) => claim !== null);
        expect(new Set(held.map(({ driverId }) => driverId)).size).toBe(held.length);
        expect(tables.claims).toEqual(new Map(held.map(({ driverId, tripId }) => [driverId, tripId])));
      }),
      { numRuns: 150 },
    );
  });
});
