import { connect, type Client } from "./connect.ts";
import type { MarketId } from "../domain/ids.ts";

/** Rows that one look reads at most, an equal share of each market: what it has not reached waits for the next. */
const ROWS_A_LOOK = 20_000;

/** Breaks found while the server runs. */
export interface LawWatch {
  /** `I1`: as of the last look; `I2`: found since the start. */
  readonly breaks: Readonly<Record<"I1" | "I2", number>>;
  /** Resolves when it has looked; what Postgres does not answer is looked at the next time. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The laws that can be watched for little: claims against assigned trips, both live ones only, by their indexes; and
 * of the rows that came since the last look, whether any is missing, in its market or in its actor. It costs one
 * connection of its own and, for 20,000 new rows, about 0.1 s of one Postgres process. The whole log is `npm run doctor`.
 */
export const openLawWatch = (url: string): LawWatch => {
  const client = connect(url, { max: 1 });
  const breaks = { I1: 0, I2: 0 };
  const seen = new Map<MarketId, number>();

  const newRows = async ({ id, position }: Place, most: number): Promise<void> => {
    const from = seen.get(id) ?? position;
    const to = Math.min(position, from + most);
    if (to > from) breaks.I2 += await missingIn(client, id, from, to);
    seen.set(id, to);
  };
  return {
    breaks,
    async look() {
      try {
        breaks.I1 = await brokenClaims(client);
        const places = await placesOf(client);
        for (const place of places) await newRows(place, Math.ceil(ROWS_A_LOOK / places.length));
      } catch {
        // The append path says when the database is away.
      }
    },
    close: client.close,
  };
};

interface Place {
  readonly id: MarketId;
  readonly position: number;
}
const placesOf = (client: Client): Promise<readonly Place[]> =>
  client.run((sql) => sql<Place[]>`select id, position from market order by id`);

const brokenClaims = async (client: Client): Promise<number> => {
  const [row] = await client.run(
    (sql) => sql<{ breaks: number }[]>`
      select count(*) as breaks
      from (
        select market, driver_id, id as trip_id, true as assigned from trip
        where status in ('accepted', 'en_route', 'arrived', 'in_progress')
      ) as held
      full join (select market, driver_id, trip_id, true as claimed from claim) as claim
        using (market, driver_id, trip_id)
      where assigned is null or claimed is null`,
  );
  return row?.breaks ?? 0;
};

/** Positions that are missing, and rows whose actor has none before them. */
const missingIn = async (client: Client, market: MarketId, from: number, to: number): Promise<number> => {
  const [row] = await client.run(
    (sql) => sql<{ breaks: number }[]>`
      select ${to - from}::bigint - count(*) + count(*) filter (
        where seq > 1 and not exists (
          select from event as before
          where before.market = row.market and before.actor_kind = row.actor_kind
            and before.actor_id = row.actor_id and before.seq = row.seq - 1
        )
      ) as breaks
      from event as row where market = ${market} and position > ${from} and position <= ${to}`,
  );
  return row?.breaks ?? 0;
};
