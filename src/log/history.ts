import type { Client } from "./connect.ts";
import { countBreaks } from "./invariants.ts";
import { tripRow, type TripFound } from "./trips.ts";
import type { ActorKind, EventRow } from "../domain/row.ts";
import type { MarketId, TripId } from "../domain/ids.ts";

const PAGE = 2_000;

/** Where an actor has lived: a trip in one market, a driver maybe in several, newest first. */
export interface Whereabouts {
  readonly market: MarketId;
  readonly kind: ActorKind;
  readonly id: string;
}

export interface MarketRow {
  readonly id: MarketId;
  readonly key: string;
  readonly name: string;
  readonly epoch: number;
  readonly position: number;
  readonly checkpoint: number;
}

/** Reading back, for replay, `GET /trips/{id}/events`, subscriptions from a seq, and checks. */
export interface History {
  markets(): Promise<readonly MarketRow[]>;
  find(id: string): Promise<readonly Whereabouts[]>;
  /** Rows of one actor in order, those after `sinceSeq`, at most `limit` (2,000). */
  ofActor(who: Whereabouts, sinceSeq?: number, limit?: number): Promise<readonly EventRow[]>;
  /** All rows of a market after a position, in order, a page at a time. */
  ofMarket(market: MarketId, after?: number): AsyncGenerator<readonly EventRow[]>;
  trip(id: TripId): Promise<TripFound | undefined>;
  /** Breaks of the laws by name; all 0 in a sound log. Reads everything: seconds on a long log. */
  invariants(): Promise<Record<string, number>>;
}

export const openHistory = (client: Client): History => ({
  markets: () => listMarkets(client),
  find: (id) => findActor(client, id),
  ofActor: (who, sinceSeq, limit) => eventsOfActor(client, who, sinceSeq, limit),
  ofMarket: (market, after) => eventsOfMarket(client, market, after),
  trip: (id) => tripRow(client, id),
  invariants: () => countBreaks(client),
});

/** All rows of a market after a position, in order, a page at a time. */
export async function* eventsOfMarket(
  client: Client,
  market: MarketId,
  after = 0,
): AsyncGenerator<readonly EventRow[]> {
  for (let last = after; ;) {
    const page = await client.run(
      (sql) => sql<EventRow[]>`
        select * from event where market = ${market} and position > ${last}
        order by position limit ${PAGE}`,
    );
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = page.at(-1)?.position ?? last;
  }
}

const eventsOfActor = (
  client: Client,
  { market, kind, id }: Whereabouts,
  sinceSeq = 0,
  limit = PAGE,
): Promise<readonly EventRow[]> =>
  client.run(
    (sql) => sql<EventRow[]>`
      select * from event
      where market = ${market} and actor_kind = ${kind} and actor_id = ${id} and seq > ${sinceSeq}
      order by seq limit ${limit}`,
  );

const findActor = (client: Client, id: string): Promise<readonly Whereabouts[]> =>
  client.run(
    (sql) => sql<Whereabouts[]>`
      select market, 'trip' as kind, id, requested_at as newest from trip where id = ${id}
      union all
      select market, 'driver' as kind, id, since as newest from driver_status where id = ${id}
      order by newest desc`,
  );

const listMarkets = (client: Client): Promise<readonly MarketRow[]> =>
  client.run(
    (sql) => sql<MarketRow[]>`
      select id, key, name, epoch, position, checkpoint from market order by id`,
  );
