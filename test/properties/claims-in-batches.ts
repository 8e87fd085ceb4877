import * as fc from "fast-check";
import { type Line, commandOf } from "../fixtures/story.ts";
import { expect } from "vitest";
import { fakeClock, settle } from "../fixtures/fake-clock.ts";
import { heal, memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";

// Few drivers, few trips, and mostly operators: claims begin, move and end in every order.
const line: fc.Arbitrary<Line> = fc.record({
  verb: fc.constantFrom(
    "admin assigns",
    "admin reassigns",
    "admin reassigns",
    "driver cancels",
    "admin cancels",
  ),
  driver: fc.integer({ min: 1, max: 3 }),
  trip: fc.integer({ min: 1, max: 4 }),
});
const opening: Line[] = [
  ...[1, 2, 3].map((driver): Line => ({ verb: "online", driver, trip: 1 })),
  ...[1, 2, 3, 4].map((trip): Line => ({ verb: "create", driver: 1, trip })),
];

/** Turns that wait for the log together are never refused, and leave the claims as their trips say (E6, T29). */
export const claimsInBatches = fc.asyncProperty(
  fc.array(line, { maxLength: 40, size: "max" }),
  fc.nat(40),
  async (lines, first) => {
    const [tables, clock, alarms] = [memoryTables(), fakeClock(), [] as string[]];
    const market = await openMarket({
      log: memoryLog(tables),
      clock,
      meaning,
      committed: () => {},
      appended: () => {},
      fenced: () => {},
      alarm: (what) => alarms.push(what),
    });
    market.start();
    const submit = (one: Line) => market.submit(commandOf(one, market, null)!, () => {});
    for (const one of [...opening, ...lines.slice(0, first)]) submit(one);
    await settle();
    tables.down = true;
    for (const one of lines.slice(first)) submit(one);
    heal(tables);
    await settle();
    const held = [...market.all("trip")].map(meaning.claim).filter((claim) => claim !== null);
    expect(tables.claims).toEqual(new Map(held.map(({ driverId, tripId }) => [driverId, tripId])));
    expect(alarms).toEqual([]);
    await market.close();
  },
);
