import { connect } from "../../src/log/connect.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { memoryDatabase, openMemoryLog } from "../fixtures/memory-log/open-memory-log.ts";
import { openLog, type Log } from "../../src/log/open-log.ts";
import type { MarketId } from "../../src/domain/ids.ts";

/** A log on an empty database, and what a test sees of the tables behind its back. */
export interface TestLog {
  readonly log: Log;
  /** The log of the next server: the one before has ended. */
  next(): Promise<Log>;
  count(table: "event" | "trip" | "driver_status" | "claim", market: MarketId): Promise<number>;
  /** Another server takes the market. */
  steal(market: MarketId): Promise<void>;
  close(): Promise<void>;
}

const onPostgres = async (): Promise<TestLog> => {
  const database = await freshDatabase();
  const sql = connect(database.url, { max: 1 });
  let log = await openLog({ url: database.url });
  return {
    get log() {
      return log;
    },
    async next() {
      await log.close();
      return (log = await openLog({ url: database.url }));
    },
    async count(table, market) {
      const text = `select count(*) as n from ${table} where market = ${market}`;
      const [row] = await sql.run((s) => s.unsafe<{ n: number }[]>(text));
      return row!.n;
    },
    async steal(market) {
      await sql.run((s) => s`update market set epoch = epoch + 1 where id = ${market}`);
    },
    async close() {
      await log.close();
      await sql.close();
      await database.drop();
    },
  };
};

const inMemory = (): Promise<TestLog> => {
  const database = memoryDatabase();
  const of = (market: MarketId) =>
    [...database.markets.values()].map(({ tables }) => tables).find((tables) => tables.market === market)!;
  return Promise.resolve({
    log: openMemoryLog(database),
    next: () => Promise.resolve(openMemoryLog(database)),
    count(table, market) {
      const { rows, trips, drivers, claims } = of(market);
      const sizes = { event: rows.length, trip: trips.size, driver_status: drivers.size, claim: claims.size };
      return Promise.resolve(sizes[table]);
    },
    steal(market) {
      of(market).epoch += 1;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
};

/** Whatever is promised of the log holds of both: the one of production, and the one that simulations stand on. */
export const bothLogs = [
  ["on Postgres", onPostgres],
  ["in memory", inMemory],
] as const;
