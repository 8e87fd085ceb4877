import { type Line, ask, commandOf, driverContext, driverRef } from "../fixtures/story.ts";
import { expect, test } from "vitest";
import { fakeClock, settle } from "../fixtures/fake-clock.ts";
import { memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { meaning } from "../../src/meaning.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { openMarket } from "../../src/market/market.ts";

const offered: Line[] = (["online", "create", "offer"] as const).map((verb) => ({
  verb,
  driver: 1,
  trip: 1,
}));

test("M8: given a market whose append hangs while its checkpoints get through, when another takes it, then the offers of that time lapse without a miss", async () => {
  const [tables, clock] = [memoryTables(), fakeClock()];
  const open = async (log: MarketLog) => {
    const market = await openMarket({
      log,
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
  const real = memoryLog(tables);
  let hangs = false;
  const first = await open({
    ...real,
    append: (batch) => (hangs ? new Promise(() => undefined) : real.append(batch)),
  });
  for (const line of offered) await ask(first, commandOf(line, first, null)!);
  await ask(first, commandOf({ verb: "deliver", driver: 1, trip: 1 }, first, null)!);
  hangs = true;
  void ask(first, commandOf({ verb: "accept", driver: 1, trip: 1 }, first, null)!);
  await clock.advance(20_000); // past the end of the offer

  const second = await open(memoryLog(tables));
  await settle();
  await clock.advance(1_000);
  expect(tables.rows.map(({ type }) => type)).toContain("offer.lapsed");
  expect(driverContext(second.peek(driverRef(1))!).misses).toBe(0);
  await second.close();
});
