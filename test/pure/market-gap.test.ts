import { type Line, ask, commandOf } from "../fixtures/story.ts";
import { expect, test } from "vitest";
import { fakeClock, settle } from "../fixtures/fake-clock.ts";
import { memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";

const twoOffers: Line[] = [1, 2].flatMap((n): Line[] => [
  { verb: "online", driver: n, trip: n },
  { verb: "create", driver: n, trip: n },
  { verb: "offer", driver: n, trip: n },
]);

// Its first row is a sign of life: who is killed after it would see no gap, and never give the rest.
test("M8: given a market that was away while offers were live, when it gives the time back, then all of it is one append", async () => {
  const [tables, clock, batches] = [memoryTables(), fakeClock(), [] as string[][]];
  const open = async () => {
    const log = memoryLog(tables);
    const market = await openMarket({
      log: {
        ...log,
        append(batch) {
          batches.push(batch.rows.map(({ actorId, type }) => `${actorId} ${type}`));
          return log.append(batch);
        },
      },
      clock,
      meaning,
      committed: () => {},
      appended: () => {},
      fenced: () => {},
      alarm: () => {},
    });
    market.start();
    return market;
  };
  const first = await open();
  for (const line of twoOffers) await ask(first, commandOf(line, first, null)!);
  await first.close();
  await clock.advance(5_000);

  batches.length = 0;
  const second = await open();
  await settle();
  expect(batches).toHaveLength(1);
  for (const trip of ["t1", "t2"])
    expect(batches[0]).toEqual(expect.arrayContaining([`${trip} search.extended`, `${trip} offer.lapsed`]));
  await second.close();
});
