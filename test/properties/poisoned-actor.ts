import * as fc from "fast-check";
import { type Line, ask, commandOf, driverRef, tripRef, verbs } from "../fixtures/story.ts";
import { type MemoryTables, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { fakeClock, settle } from "../fixtures/fake-clock.ts";
import type { EventRow } from "../../src/domain/row.ts";
import { expect } from "vitest";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";

// Drivers and trips 1 and 2 live any life, and one of them is poisoned; 3 and 4 have nothing to do with them.
const life: fc.Arbitrary<Line> = fc.record({
  verb: fc.constantFrom(...verbs.filter((verb) => verb !== "create")),
  driver: fc.integer({ min: 1, max: 2 }),
  trip: fc.integer({ min: 1, max: 2 }),
});
const opening: Line[] = [
  { verb: "online", driver: 1, trip: 1 },
  { verb: "online", driver: 2, trip: 1 },
  { verb: "create", driver: 1, trip: 1 },
  { verb: "create", driver: 1, trip: 2 },
  { verb: "offer", driver: 1, trip: 1 },
];
const ride = ["online", "create", "offer", "accept", "arrive", "start", "complete"] as const;

/** What somebody's hand, or a disk, does to a row. */
const poisons: readonly ((row: EventRow) => EventRow)[] = [
  (row) => ({ ...row, toState: "lunch" }),
  (row) => ({ ...row, machine: "trip@99" }),
  (row) => ({ ...row, seq: row.seq + 7 }),
];

/** One actor of a market cannot be lived with after a restart: it takes nothing, and all others go on (M60). */
export const poisonedActor = fc.asyncProperty(
  fc.array(life, { maxLength: 20, size: "max" }),
  fc.constantFrom(driverRef(1), driverRef(2), tripRef(1), tripRef(2)),
  fc.constantFrom(...poisons),
  fc.nat(),
  async (lines, victim, poison, which) => {
    const [tables, clock, alarms] = [memoryTables(), fakeClock(), [] as string[]];
    const open = async () => {
      const market = await openMarket({
        log: memoryLog(tables),
        clock,
        meaning,
        committed: () => {},
        appended: () => {},
        fenced: () => {},
        alarm: (what, { actor }) => alarms.push(`${what}: ${String(actor)}`),
      });
      market.start();
      return market;
    };
    const first = await open();
    for (const line of [...opening, ...lines]) {
      const command = commandOf(line, first, null);
      if (command === undefined) await clock.advance(line.verb === "time" ? 4_000 : 40_000);
      else await ask(first, command);
    }
    await first.close();
    spoil(tables, victim.id, poison, which);

    const market = await open();
    const say = (verb: Line["verb"], driver: number, trip: number) =>
      ask(market, commandOf({ verb, driver, trip }, market, null)!);
    for (const verb of ride) expect(await say(verb, 3, 3), verb).toMatchObject({ is: "done" });
    await say("create", 4, 4);
    await clock.advance(meaning.due(market.peek(tripRef(4))!)!.at - market.now() + 1_000);
    expect(market.peek(tripRef(4))?.state ?? "over").not.toBe("requested.searching");

    const rows = tables.rows.filter(({ actorId }) => actorId === victim.id).length;
    const verb = victim.kind === "trip" ? "create" : "online";
    const told = await say(verb, Number(victim.id.slice(1)), Number(victim.id.slice(1)));
    expect(told).toMatchObject({ refusal: { message: expect.stringContaining("quarantine") } });
    await settle();
    expect(tables.rows.filter(({ actorId }) => actorId === victim.id)).toHaveLength(rows);
    expect(alarms).toEqual([`an actor is in quarantine: ${victim.kind}:${victim.id}`]);
    await market.close();
  },
);

/** One row of an actor, and what the checkpoint has of it. */
const spoil = (
  tables: MemoryTables,
  id: string,
  poison: (row: EventRow) => EventRow,
  which: number,
): void => {
  const own = tables.rows.flatMap((row, at) => (row.actorId === id ? [at] : []));
  const at = own[which % own.length]!;
  tables.rows[at] = poison(tables.rows[at]!);
  for (const key of tables.actors.keys()) if (key.endsWith(`:${id}`)) tables.actors.delete(key);
  tables.checkpoint = 0;
};
