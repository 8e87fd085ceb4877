import { arrayLiteral, type Client } from "./connect.ts";
import {
  type ActorKind,
  type ActorRef,
  type ActorRow,
  type Claim,
  type DriverListRow,
  REPAIRED,
  type TripListRow,
} from "../domain/row.ts";
import type { KeptActor } from "./log.ts";
import type { MarketId } from "../domain/ids.ts";

/** So many rows a query: each stays below the statement's time limit, however long the log is. */
const PAGE = 2_000;

/** A row of a list, as the table has it. */
export type Listed = Omit<TripListRow, "table"> | Omit<DriverListRow, "table">;

/** The checkpoint's rows of these actors, where they have one. */
export const actorsNamed = async (
  client: Client,
  market: MarketId,
  refs: readonly ActorRef[],
): Promise<ActorRow[]> => {
  const all: ActorRow[] = [];
  for (let i = 0; i < refs.length; i += PAGE) {
    const page = refs.slice(i, i + PAGE);
    const kinds = arrayLiteral(page.map((ref) => ref.kind));
    const ids = arrayLiteral(page.map((ref) => ref.id));
    const found = await client.run(
      (sql) => sql<ActorRow[]>`
        select market, kind, id, live, seq, machine, value, context
        from unnest(${kinds}::text[], ${ids}::text[]) as ref(kind, id)
        join actor using (kind, id) where market = ${market}`,
    );
    all.push(...found);
  }
  return all;
};

/** The list rows of actors of one kind, at most 2,000. */
export const listRowsOf = (
  client: Client,
  market: MarketId,
  kind: ActorKind,
  ids: readonly string[],
): Promise<readonly Listed[]> =>
  client.run(
    (sql) => sql<Listed[]>`
      select * from ${sql(kind === "trip" ? "trip" : "driver_status")}
      where market = ${market} and id = any(${arrayLiteral(ids)}::text[])`,
  );

export const claimsOf = (client: Client, market: MarketId): Promise<readonly Claim[]> =>
  client.run((sql) => sql<Claim[]>`select driver_id, trip_id from claim where market = ${market}`);

/** All that is kept of one actor, for an operator's repair. */
export const keptOf = async (
  client: Client,
  market: MarketId,
  kind: ActorKind,
  id: string,
): Promise<KeptActor> => {
  const [stored = null] = await actorsNamed(client, market, [{ kind, id }]);
  const [row] = await listRowsOf(client, market, kind, [id]);
  const table = kind === "trip" ? "trip" : "driver_status";
  const [claim = null] = await client.run(
    (sql) => sql<Claim[]>`
      select driver_id, trip_id from claim where market = ${market} and trip_id = ${id} and ${kind === "trip"}`,
  );
  return { stored, listed: row === undefined ? null : ({ table, ...row } as KeptActor["listed"]), claim };
};

/** Actors in the checkpoint or the lists that no event ever made, at most 2,000: none in a sound log. */
export const strangersOf = (client: Client, market: MarketId): Promise<readonly ActorRef[]> =>
  client.run(
    (sql) => sql<ActorRef[]>`
      (
        select kind, id from actor where market = ${market}
        union all select 'trip', id from trip where market = ${market}
        union all select 'driver', id from driver_status where market = ${market}
      )
      except select actor_kind, actor_id from event where market = ${market} and (seq = 1 or type = ${REPAIRED})
      except select 'trip', trip_id from archived where market = ${market}
      limit ${PAGE}`,
  );
