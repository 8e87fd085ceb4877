import { arrayLiteral, type Client } from "./connect.ts";
import type { MarketId } from "../domain/ids.ts";

// What the log remembers of trips whose rows were moved to files (E60).

/** Positions from `from` up to, not including, `until`. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Positions in (after, upTo] that are archived, neighbours as one stretch, in order. */
export const archivedBetween = (
  client: Client,
  market: MarketId,
  after: number,
  upTo: number,
): Promise<readonly Stretch[]> => {
  if (after >= upTo) return Promise.resolve([]); // to Postgres such a range is a mistake
  return client.run(
    (sql) => sql<Stretch[]>`
      select lower(stretch) as from, upper(stretch) as until
      from (
        select unnest(range_agg(positions * int8multirange(asked))) as stretch
        from archived, int8range(${after}::bigint, ${upTo}::bigint, '(]') as asked
        where market = ${market} and positions && asked
      ) as found
      order by 1`,
  );
};

export const volumesOf = async (
  client: Pick<Client, "run">,
  market: MarketId,
  tripIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await client.run(
    (sql) => sql<{ tripId: string; volume: string }[]>`
      select trip_id, volume from archived
      where market = ${market} and trip_id = any(${arrayLiteral(tripIds)}::text[])`,
  );
  return new Map(rows.map(({ tripId, volume }) => [tripId, volume]));
};
