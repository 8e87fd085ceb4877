import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type Line, commandOf } from "../fixtures/story.ts";
import { type Log, openLog } from "../../src/log/open-log.ts";
import type { Market, Outcome } from "../../src/market/ports.ts";
import { type ReadOnlyLog, openReadOnly } from "../../src/log/read-only.ts";
import { connect } from "../../src/log/connect.ts";
import { meaning } from "../../src/meaning.ts";
import { openMarket } from "../../src/market/market.ts";
import { realClock } from "../../src/domain/time.ts";

/** Two markets on a real log, and a reader of it. */
export interface ReplayTown {
  readonly database: Database;
  readonly reader: ReadOnlyLog;
  say(
    verb: Line["verb"],
    driver: number,
    trip: number,
    options?: { key?: string; market?: number },
  ): Promise<Outcome>;
  /** Beside everything, as somebody who tampers would. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Writes the last checkpoints and gives the markets back. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

export const replayTown = async (): Promise<ReplayTown> => {
  const database = await freshDatabase();
  const log: Log = await openLog({ url: database.url });
  const logs = await log.take([
    { key: "town", name: "Town" },
    { key: "valley", name: "Valley" },
  ]);
  const markets: Market[] = [];
  for (const one of logs) {
    const market = await openMarket({
      log: one,
      clock: realClock,
      meaning,
      committed: () => {},
      appended: () => {},
      fenced: () => {},
      alarm: () => {},
    });
    market.start();
    markets.push(market);
  }
  const client = connect(database.url, { max: 1 });
  const reader = await openReadOnly(database.url);
  let resting: Promise<void> | undefined;
  const rest = async (): Promise<void> => {
    for (const market of markets) await market.close();
    await log.close();
  };
  return {
    database,
    reader,
    say: (verb, driver, trip, { key, market = 0 } = {}) => {
      const home = markets[market]!;
      return new Promise((resolve) =>
        home.submit(commandOf({ verb, driver, trip }, home, key ?? null)!, resolve),
      );
    },
    sql: async (text) => [...(await client.run((sql) => sql.unsafe(text)))],
    rest: () => (resting ??= rest()),
    close: async () => {
      await (resting ??= rest());
      await client.close();
      await reader.close();
      await database.drop();
    },
  };
};

/** Trip 1 is completed by driver 1, trip 2 is under way with driver 2, trip 3 waits for driver 1's answer. */
export const liveHalfADay = async ({ say }: ReplayTown): Promise<void> => {
  for (const driver of [1, 2]) await say("online", driver, 0, { key: `driver:d${driver}:on` });
  await say("create", 0, 1, { key: "passenger:p1:k1" });
  for (const verb of ["offer", "deliver", "accept", "depart", "arrive", "start", "complete"] as const)
    await say(verb, 1, 1);
  await say("create", 0, 2);
  for (const verb of ["offer", "accept", "depart"] as const) await say(verb, 2, 2);
  await say("create", 0, 3);
  await say("offer", 1, 3);
};
