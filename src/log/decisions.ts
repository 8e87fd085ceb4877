import { arrayLiteral, type Client } from "./connect.ts";
import type { Considered, Decision, Verdict } from "../domain/decision.ts";
import type { TripId } from "../domain/ids.ts";

/** What dispatch saw and decided, kept beside the log: never waited for, and dropped where it would be (O33). */
export interface Decisions {
  note(decision: Decision): void;
  /** Oldest first, at most 500; what is noted is written first. */
  ofTrip(id: TripId): Promise<readonly Decision[]>;
  readonly counts: { readonly kept: number; readonly dropped: number };
  close(): Promise<void>;
}

const FLUSH_MS = 1_000;
/** Waiting to be written, 4 KB each; more are dropped. */
const WAITING = 5_000;
const ROWS_A_STATEMENT = 200;
const ROWS_READ = 500;
const KEPT_MS = 7 * 86_400_000;
const CLEAN_EVERY_MS = 600_000;
const CLEANED_AT_ONCE = 10_000;

export const openDecisions = (client: Client): Decisions => {
  /** The newest of each attempt: while nobody is found an attempt says itself again and again. */
  let waiting = new Map<string, Decision>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let cleanedAt = 0;
  const counts = { kept: 0, dropped: 0 };

  const write = async (decisions: readonly Decision[]): Promise<void> => {
    for (let i = 0; i < decisions.length; i += ROWS_A_STATEMENT) {
      const rows = decisions.slice(i, i + ROWS_A_STATEMENT);
      const written = await upsert(client, rows).then(
        () => true,
        () => false, // nothing rests on them
      );
      counts[written ? "kept" : "dropped"] += rows.length;
    }
    const newest = decisions.at(-1)?.at ?? 0;
    if (newest - cleanedAt < CLEAN_EVERY_MS) return;
    cleanedAt = newest;
    await forget(client, newest - KEPT_MS).catch(() => undefined);
  };
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const decisions = [...waiting.values()];
    waiting = new Map();
    return (writing = writing.then(() => write(decisions)));
  };

  return {
    note(decision) {
      const key = `${decision.tripId} ${decision.since} ${decision.attempt}`;
      if (waiting.size >= WAITING && !waiting.has(key)) {
        counts.dropped += 1;
        return;
      }
      waiting.set(key, decision);
      // The next batch waits for the last one: a slow database fills the buffer, not the memory.
      timer ??= setTimeout(() => void writing.then(flush), FLUSH_MS);
    },
    async ofTrip(id) {
      await flush();
      return read(client, id);
    },
    counts,
    close: flush,
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
  return rows.map((row) => Object.assign(row, { candidates: row.candidates.map(unpacked) }));
};

const forget = (client: Client, before: number) =>
  client.run(
    (sql) => sql`
      delete from decision where ctid = any(array(
        select ctid from decision where at < ${before} order by at limit ${CLEANED_AT_ONCE}
      ))`,
  );
