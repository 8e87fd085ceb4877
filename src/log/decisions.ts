import { arrayLiteral, type Client } from "./connect.ts";
import type { Considered, Decision, Verdict } from "../domain/decision.ts";
import type { DriverId, TripId } from "../domain/ids.ts";
import { writeBehind } from "./write-behind.ts";

/** What dispatch saw and decided, kept beside the log: never waited for, and dropped where it would be (O33). */
export interface Decisions {
  note(decision: Decision): void;
  /** Oldest first, at most 500; what is noted is written first. */
  ofTrip(id: TripId): Promise<readonly Decision[]>;
  /** The newest first, at most 50, of the newest 2,000 there are: a driver has no index. */
  thatSaw(id: DriverId): Promise<readonly Decision[]>;
  readonly counts: { readonly kept: number; readonly dropped: number };
  close(): Promise<void>;
}

/** Waiting to be written, 4 KB each; more are dropped. */
const WAITING = 5_000;
const ROWS_A_STATEMENT = 200;
const ROWS_READ = 500;
const SEARCHED = 2_000;
const FOUND = 50;
const KEPT_MS = 7 * 86_400_000;
const CLEANED_AT_ONCE = 10_000;

export const openDecisions = (client: Client): Decisions => {
  /** The newest of each attempt: while nobody is found an attempt says itself again and again. */
  let waiting = new Map<string, Decision>();
  const behind = writeBehind<Decision>({
    take() {
      const decisions = [...waiting.values()];
      waiting = new Map();
      return decisions;
    },
    write: (decisions) => upsert(client, decisions),
    rowsAStatement: ROWS_A_STATEMENT,
    forget: (before) => forget(client, before),
    keptMs: KEPT_MS,
  });
  return {
    note(decision) {
      const key = `${decision.tripId} ${decision.since} ${decision.attempt}`;
      if (waiting.size >= WAITING && !waiting.has(key)) {
        behind.counts.dropped += 1;
        return;
      }
      waiting.set(key, decision);
      behind.soon();
    },
    async ofTrip(id) {
      await behind.flush();
      return read(client, id);
    },
    async thatSaw(id) {
      await behind.flush();
      return readThatSaw(client, id);
    },
    counts: behind.counts,
    close: behind.flush,
  };
};

type Packed = readonly [string, Verdict, boolean, number, string, number, number, boolean];
type Row = Omit<Decision, "candidates"> & { readonly candidates: readonly Packed[] };

const packed = (one: Considered): Packed => [
  one.driverId,
  one.verdict,
  one.idle,
  Math.round(one.fixAgeMs),
  one.vehicleType,
  one.distanceM,
  one.etaS,
  one.tried,
];
const unpacked = (row: Packed): Considered => {
  const [driverId, verdict, idle, fixAgeMs, vehicleType, distanceM, etaS, tried] = row;
  return { driverId, verdict, idle, fixAgeMs, vehicleType, distanceM, etaS, tried };
};

const upsert = (client: Client, rows: readonly Decision[]) => {
  const array = (value: (row: Decision) => string | number): string => arrayLiteral(rows.map(value));
  return client.run(
    (sql) => sql`
      insert into decision (since, at, attempt, looks, wave, size, radius_m, searched_m, fix_fresh_ms,
                            market, trip_id, vehicle_type, candidates)
      select * from unnest(
        ${array((row) => row.since)}::bigint[], ${array((row) => row.at)}::bigint[],
        ${array((row) => row.attempt)}::integer[], ${array((row) => row.looks)}::integer[],
        ${array((row) => row.wave)}::integer[], ${array((row) => row.size)}::integer[],
        ${array((row) => Math.round(row.radiusM))}::integer[], ${array((row) => row.searchedM)}::integer[],
        ${array((row) => Math.round(row.fixFreshMs))}::integer[], ${array((row) => row.market)}::smallint[],
        ${array((row) => row.tripId)}::text[], ${array((row) => row.vehicleType)}::text[],
        ${array((row) => JSON.stringify(row.candidates.map(packed)))}::jsonb[]
      )
      on conflict (trip_id, since, attempt) do update
      set at = excluded.at, looks = excluded.looks, wave = excluded.wave, size = excluded.size,
          radius_m = excluded.radius_m, searched_m = excluded.searched_m, candidates = excluded.candidates
      where decision.looks < excluded.looks`,
  );
};

const read = async (client: Client, id: TripId): Promise<readonly Decision[]> => {
  const rows = await client.run(
    (sql) => sql<Row[]>`
      select * from decision where trip_id = ${id} order by since, attempt limit ${ROWS_READ}`,
  );
  return rows.map(decisionOf);
};

const readThatSaw = async (client: Client, id: DriverId): Promise<readonly Decision[]> => {
  const rows = await client.run(
    (sql) => sql<Row[]>`
      select * from (select * from decision order by at desc limit ${SEARCHED}) newest
      where candidates @> ${JSON.stringify([[id]])}::text::jsonb
      order by at desc, trip_id, attempt limit ${FOUND}`,
  );
  return rows.map(decisionOf);
};

const decisionOf = (row: Row): Decision => Object.assign(row, { candidates: row.candidates.map(unpacked) });

const forget = (client: Client, before: number) =>
  client.run(
    (sql) => sql`
      delete from decision where ctid = any(array(
        select ctid from decision where at < ${before} order by at limit ${CLEANED_AT_ONCE}
      ))`,
  );
