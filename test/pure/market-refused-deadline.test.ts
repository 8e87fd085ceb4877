import { type Line, ask, commandOf } from "../fixtures/story.ts";
import { expect, test } from "vitest";
import { memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { fakeClock } from "../fixtures/fake-clock.ts";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";

const offered: Line[] = (["online", "create", "offer"] as const).map((verb) => ({
  verb,
  driver: 1,
  trip: 1,
}));

test("M69: given a deadline that the log refuses as data each time, then it is fed again once a second, not without end", async () => {
  const [tables, clock] = [memoryTables(), fakeClock()];
  const log = memoryLog(tables);
  let refusals = 0;
  const market = await openMarket({
    log: {
      ...log,
      append(batch) {
        if (!batch.rows.some(({ type }) => type === "receipt.due")) return log.append(batch);
        refusals += 1;
        return Promise.resolve({ is: "refused", sqlstate: "22000", detail: "not this one" });
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
  for (const line of offered) await ask(market, commandOf(line, market, null)!);
  await clock.advance(9_900);
  // Due after 5 s. Each time it is refused twice: in its batch, and alone.
  expect(refusals).toBeGreaterThan(2);
  expect(refusals).toBeLessThanOrEqual(2 * 5);
  await market.close();
});
