import { BEGINNING, openMachine } from "../simulation/machine.ts";
import { memoryDatabase } from "../fixtures/memory-log/open-memory-log.ts";
import { openLog, type Log } from "../../src/log/open-log.ts";
import type { MarketId } from "../../src/domain/ids.ts";
import { connect } from "../../src/log/connect.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { openDatabase } from "../simulation/simulated-database.ts";
import { openProxy } from "../fixtures/proxy.ts";
import { openSchedule } from "../simulation/schedule.ts";

/** A log on an empty database, what a test sees of the tables behind its back, and what it does to the way there. */
export interface TestLog {
  readonly log: Log;
  /** The log of the next server: the one before has ended. */
  next(): Promise<Log>;
  count(table: "event" | "trip" | "driver_status" | "claim", market: MarketId): Promise<number>;
  /** Another server takes the market. */
  steal(market: MarketId): Promise<void>;
  /** The next append is done and its answer lost, or it never gets there. */
  lose(what: "answer" | "request"): void;
  /** Nothing gets through until it is back. */
  goAway(): void;
  comeBack(): void;
  close(): Promise<void>;
}

const onPostgres = async (): Promise<TestLog> => {
  const database = await freshDatabase();
  const proxy = await openProxy(database.url);
  const sql = connect(database.url, { max: 1 });
  let log = await openLog({ url: proxy.url });
  const comeBack = (): void => {
    proxy.cut();
    proxy.forward();
  };
  return {
    get log() {
      return log;
    },
    async next() {
      await log.close();
      return (log = await openLog({ url: proxy.url }));
    },
    async count(table, market) {
      const text = `select count(*) as n from ${table} where market = ${market}`;
      const [row] = await sql.run((s) => s.unsafe<{ n: number }[]>(text));
      return row!.n;
    },
    async steal(market) {
      await sql.run((s) => s`update market set epoch = epoch + 1 where id = ${market}`);
    },
    lose(what) {
      if (what === "answer") void proxy.cutNextAnswer();
      else {
        proxy.blackhole();
        setTimeout(comeBack, 100);
      }
    },
    goAway: proxy.blackhole,
    comeBack,
    async close() {
      await log.close();
      await proxy.close();
      await sql.close();
      await database.drop();
    },
  };
};

/** As simulations have it, with no faults but those asked for. Its time flies. */
const simulated = (): Promise<TestLog> => {
  const schedule = openSchedule();
  const memory = memoryDatabase();
  let chance = 0.5;
  const database = openDatabase(
    schedule,
    () => chance,
    memory,
    () => {},
  );
  const server = () =>
    database.connect(
      openMachine(
        schedule,
        () => BEGINNING + schedule.now(),
        () => {},
      ),
    );
  let closed = false;
  const pass = (): Promise<void> =>
    schedule.run(schedule.now() + 10).then(() => (closed ? undefined : pass()));
  const passing = pass();
  const of = (market: MarketId) =>
    [...memory.markets.values()].map(({ tables }) => tables).find((tables) => tables.market === market)!;
  return Promise.resolve({
    log: server(),
    next: () => Promise.resolve(server()),
    count(table, market) {
      const { rows, trips, drivers, claims } = of(market);
      const sizes = { event: rows.length, trip: trips.size, driver_status: drivers.size, claim: claims.size };
      return Promise.resolve(sizes[table]);
    },
    steal(market) {
      of(market).epoch += 1;
      return Promise.resolve();
    },
    lose(what) {
      // Of appends that fail half are done; the first try is made within 10 ms, the second one later.
      chance = what === "answer" ? 0.6 : 0.4;
      database.failAppends(10, 1);
    },
    goAway: () => database.goAway(Infinity, false),
    comeBack: database.heal,
    async close() {
      closed = true;
      await passing;
    },
  });
};

/** Whatever is promised of the log holds of both: the one of production, and the one that simulations stand on. */
export const bothLogs = [
  ["on Postgres", onPostgres],
  ["simulated", simulated],
] as const;
