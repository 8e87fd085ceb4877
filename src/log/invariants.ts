import type { Client, Sql } from "./connect.ts";
import { type Law, holds, ofRows, standing, takes } from "./laws.ts";
import type { MarketId } from "../domain/ids.ts";
import { ms } from "../domain/time.ts";
import { volumesOf } from "./archived.ts";

/** A long log takes its time to read. */
const CHECK_MS = ms(300_000);
/** Of a whole log so many rows are read at a time. */
const ROWS_A_STEP = 100_000;

export type Breaks = Readonly<Record<Law, number>>;
export const NONE: Breaks = { I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 };

/** The rows of a market, read in order up to a position. */
export interface Walk {
  readonly market: MarketId;
  readonly position: number;
  /** Found on the way. */
  readonly breaks: Breaks;
  /** Who has which trip by then. */
  readonly tripOf: ReadonlyMap<string, string>;
  readonly driverOf: ReadonlyMap<string, string>;
}

export const walkFromBirth = (market: MarketId): Walk => ({
  market,
  position: 0,
  breaks: NONE,
  tripOf: new Map(),
  driverOf: new Map(),
});

/** Begins where the market is at this moment: what came before is believed to be as the lists say. */
export const walkFromNow = async (sql: Sql, market: MarketId, position: number): Promise<Walk> => {
  const pairs = await sql.unsafe<{ readonly tripId: string; readonly driverId: string }[]>(holds, [market]);
  return {
    ...walkFromBirth(market),
    position,
    tripOf: new Map(pairs.map(({ tripId, driverId }) => [driverId, tripId])),
    driverOf: new Map(pairs.map(({ tripId, driverId }) => [tripId, driverId])),
  };
};

/** Reads on up to `upTo`, in a transaction of one moment. */
export const step = async (sql: Sql, walk: Walk, upTo: number): Promise<Walk> => {
  const { market, position, breaks } = walk;
  if (upTo <= position) return walk;
  const rows = [market, position, upTo];
  const found = await count(sql, ofRows, rows);
  const { tripOf, driverOf, twice } = takeOn(walk, await sql.unsafe<Take[]>(takes, rows));
  // A trip that was archived between two steps had ended, in rows that were gone by then.
  const archived = twice.length === 0 ? null : await volumesOf(on(sql), market, twice);
  const I1 = twice.filter((id) => !archived!.has(id)).length;
  return { market, position: upTo, breaks: sumOf(breaks, found, { ...NONE, I1 }), tripOf, driverOf };
};

interface Take {
  readonly tripId: string;
  readonly driverId: string | null;
}

/** I1 in history. `twice`: the trips that drivers still had when they took another. */
const takeOn = (walk: Walk, takes: readonly Take[]) => {
  const [tripOf, driverOf, twice] = [new Map(walk.tripOf), new Map(walk.driverOf), [] as string[]];
  for (const { tripId, driverId } of takes) {
    const had = driverOf.get(tripId);
    driverOf.delete(tripId);
    if (had !== undefined && tripOf.get(had) === tripId) tripOf.delete(had);
    if (driverId === null) continue;
    const other = tripOf.get(driverId);
    if (other !== undefined) twice.push(other);
    tripOf.set(driverId, tripId);
    driverOf.set(tripId, driverId);
  }
  return { tripOf, driverOf, twice };
};

/** Breaks of what stands beside the rows, in all markets. */
export const standingBreaks = (sql: Sql): Promise<Breaks> => count(sql, standing, []);

const count = async (sql: Sql, laws: typeof standing, where: number[]): Promise<Breaks> => {
  const found = { ...NONE };
  for (const [law, queries] of Object.entries(laws) as [Law, readonly string[]][])
    for (const query of queries) {
      const [row] = await sql.unsafe<{ breaks: number }[]>(query, where);
      found[law] += row!.breaks;
    }
  return found;
};

export const sumOf = (...all: readonly Breaks[]): Breaks =>
  all.reduce((a, b) => byLaw((law) => a[law] + b[law]), NONE);
export const mostOf = (a: Breaks, b: Breaks): Breaks => byLaw((law) => Math.max(a[law], b[law]));

const byLaw = (count: (law: Law) => number): Breaks => ({
  I1: count("I1"),
  I2: count("I2"),
  I3: count("I3"),
  I4: count("I4"),
  I7: count("I7"),
});

/** Where each market is. */
export const placesOf = (sql: Sql) =>
  sql<{ readonly id: MarketId; readonly position: number }[]>`select id, position from market order by id`;

/** `work` reads one moment of the log, while the server goes on. */
export const atOneMoment = <T>(client: Client, work: (sql: Sql) => Promise<T>, deadlineMs = CHECK_MS) =>
  client.transaction(work, "one moment", deadlineMs);

/** Breaks by law in a whole log, all 0 in a sound one; of one moment (E28). */
export const countBreaks = (client: Client): Promise<Breaks> =>
  atOneMoment(client, async (sql) => {
    await sql.unsafe(`set local statement_timeout = ${CHECK_MS}`);
    const found = [await standingBreaks(sql)];
    for (const { id, position } of await placesOf(sql)) {
      let walk = walkFromBirth(id);
      while (walk.position < position)
        walk = await step(sql, walk, Math.min(position, walk.position + ROWS_A_STEP));
      found.push(walk.breaks);
    }
    return sumOf(...found);
  });

const on = (sql: Sql): Pick<Client, "run"> => ({ run: (work) => work(sql) });
