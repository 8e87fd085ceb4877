import { arrayLiteral, connect, type Client, type Sql } from "./connect.ts";
import { arraysOf, eventColumns, rowsFrom } from "./columns.ts";
import { Differs } from "./differs.ts";
import { isAlone } from "./read-only.ts";
import { openHistory, type History } from "./history.ts";
import { demandSchema } from "./schema.ts";
import { isDeepStrictEqual } from "node:util";
import { ms, type Ms } from "../domain/time.ts";
import type { EventRow } from "../domain/row.ts";
import type { MarketId } from "../domain/ids.ts";

const PATIENT_MS = ms(300_000);
/** Class of our advisory locks, beside that of owners. */
const ARCHIVIST_LOCK = 7_461_003;

/** A page ends with one of these; the next begins after it. */
export interface Ended {
  readonly id: string;
  readonly requestedAt: Ms;
}

/** The only one who takes rows out of the log, and puts them back. Whole trips, a transaction a call. */
export interface Archivist {
  readonly history: History;
  /** Ended trips with rows in the log, requested before `before`, oldest first. */
  ended(market: MarketId, before: Ms, after: Ended | null, limit: number): Promise<readonly Ended[]>;
  /** All rows of these trips, a trip's in order. */
  rowsOf(market: MarketId, tripIds: readonly string[]): Promise<readonly EventRow[]>;
  /** Deletes these rows and remembers where they went. Rejects, and nothing is done, unless they are all that the log has of their trips. */
  remove(market: MarketId, volume: string, rows: readonly EventRow[]): Promise<void>;
  /** Rows of archived trips come back; of others they must be there already. Rejects otherwise, and nothing is done. */
  putBack(market: MarketId, rows: readonly EventRow[]): Promise<number>;
  /** True when nobody else uses this database. */
  alone(): Promise<boolean>;
  close(): Promise<void>;
}

/** Rejects with one clear line where there is no log, or another archivist at work. */
export const openArchivist = async (url: string): Promise<Archivist> => {
  const connected = connect(url, {
    max: 1,
    settings: {
      application_name: `dg-do-dispatch archivist ${process.pid}`,
      statement_timeout: String(PATIENT_MS),
      idle_in_transaction_session_timeout: String(PATIENT_MS),
    },
  });
  const client: Client = {
    ...connected,
    run: (work, deadlineMs = PATIENT_MS) => connected.run(work, deadlineMs),
    transaction: (work, kind, deadlineMs = PATIENT_MS) => connected.transaction(work, kind, deadlineMs),
  };
  try {
    await demandSchema(client);
    await lock(client);
  } catch (error) {
    await client.close();
    const { message, code } = error as { message?: string; code?: string };
    throw new Error(`cannot use the database: ${message || code || String(error)}`, { cause: error });
  }
  return {
    history: openHistory(client),
    ended: (market, before, after, limit) => ended(client, market, before, after, limit),
    rowsOf: (market, tripIds) => client.run((sql) => rowsOf(sql, market, tripIds)),
    remove: (market, volume, rows) => client.transaction((sql) => remove(sql, market, volume, rows)),
    putBack: (market, rows) => client.transaction((sql) => putBack(sql, market, rows)),
    alone: () => isAlone(client),
    close: client.close,
  };
};

const lock = async (client: Client): Promise<void> => {
  const [row] = await client.run(
    (sql) => sql<{ held: boolean }[]>`select pg_try_advisory_lock(${ARCHIVIST_LOCK}, 0) as held`,
  );
  if (!row?.held) throw new Error("another archive or restore is at work on it");
};

const ended = (client: Client, market: MarketId, before: Ms, after: Ended | null, limit: number) =>
  client.run(
    (sql) => sql<Ended[]>`
      select id, requested_at from trip
      where market = ${market} and status in ('completed', 'cancelled', 'no_driver_found')
        and requested_at < ${before}
        and (requested_at, id) > (${after?.requestedAt ?? 0}, ${after?.id ?? ""})
        and not exists (select from archived where archived.market = trip.market and trip_id = trip.id)
      order by requested_at, id limit ${limit}`,
  );

const rowsOf = (sql: Sql, market: MarketId, tripIds: readonly string[]) =>
  sql<EventRow[]>`
    select * from event
    where market = ${market} and actor_kind = 'trip' and actor_id = any(${arrayLiteral(tripIds)}::text[])
    order by actor_id, seq`;

const remove = async (sql: Sql, market: MarketId, volume: string, rows: readonly EventRow[]) => {
  const ids = idsIn(rows);
  const gone = await sql<EventRow[]>`
    delete from event
    where market = ${market} and actor_kind = 'trip' and actor_id = any(${arrayLiteral(ids)}::text[])
    returning *`;
  demandSame(volume, rows, gone);
  await sql`
    insert into archived (market, trip_id, volume, positions)
    select ${market}, actor_id, ${volume}, range_agg(int8range(position, position, '[]'))
    from unnest(
      ${arrayLiteral(rows.map((row) => row.actorId))}::text[],
      ${arrayLiteral(rows.map((row) => row.position))}::bigint[]
    ) as row(actor_id, position)
    group by actor_id`;
};

const UNIQUE_VIOLATION = "23505";
const columns = rowsFrom(2, eventColumns);
const insertEvents = `
insert into event (market, ${columns.names}) select $1, ${columns.values} from ${columns.rows}`;

const putBack = async (sql: Sql, market: MarketId, rows: readonly EventRow[]): Promise<number> => {
  const ids = idsIn(rows);
  const archived = await sql<{ volume: string; tripId: string }[]>`
    delete from archived where market = ${market} and trip_id = any(${arrayLiteral(ids)}::text[])
    returning trip_id, volume`;
  const away = new Set(archived.map(({ tripId }) => tripId));
  const missing = rows.filter((row) => away.has(row.actorId));
  if (missing.length > 0)
    await sql.unsafe(insertEvents, [market, ...arraysOf(eventColumns, missing)]).catch((error: Error) => {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      throw new Differs(`other rows are in the log at their place: ${error.message}`);
    });
  demandSame("the archive", rows, await rowsOf(sql, market, ids));
  return missing.length;
};

const idsIn = (rows: readonly EventRow[]): string[] => [...new Set(rows.map((row) => row.actorId))];

/** What is in a file and what is in the log, row by row, whatever their order. */
const demandSame = (volume: string, filed: readonly EventRow[], logged: readonly EventRow[]): void => {
  const left = new Map(logged.map((row) => [row.position, row]));
  for (const row of filed) {
    if (!isDeepStrictEqual({ ...left.get(row.position) }, { ...row }))
      throw new Differs(`trip ${row.actorId}: event ${row.position} in the log is not the one in ${volume}`);
    left.delete(row.position);
  }
  for (const row of left.values())
    throw new Differs(`trip ${row.actorId}: event ${row.position} in the log is not in ${volume}`);
};
