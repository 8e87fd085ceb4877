import { arrayLiteral, type Client } from "./connect.ts";
import { actorsNamed, claimsOf, listRowsOf, strangersOf, type Listed } from "./kept.ts";
import { type Breaks, countBreaks } from "./invariants.ts";
import { archivedBetween, volumesOf, type Stretch } from "./archived.ts";
import { type Ms, ms } from "../domain/time.ts";
import { tripRow, type TripFound } from "./trips.ts";
import {
  type ActorKind,
  type ActorRef,
  type ActorRow,
  type Claim,
  type EventRow,
  REPAIRED,
} from "../domain/row.ts";
import type { MarketId, TripId } from "../domain/ids.ts";

const PAGE = 2_000;
/** Work on one moment of the log takes as long as its reader needs. */
const STILL_MS = ms(3_600_000);

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
  /** Market time of the newest sign of life, a second late at most while it runs; 0: never run. */
  readonly aliveAt: Ms;
}

/** A row, and the key of its market. */
export type NewestRow = EventRow & { readonly marketKey: string };

/** An actor that is not over, as the lists have it. */
export interface LiveActor extends ActorRef {
  readonly seq: number;
}

export interface LastRepair extends ActorRef {
  readonly position: number;
}

/** Reading back, for replay, `GET /trips/{id}/events`, subscriptions from a seq, and checks. */
export interface History {
  markets(): Promise<readonly MarketRow[]>;
  find(id: string): Promise<readonly Whereabouts[]>;
  /** Rows of one actor in order, those after `sinceSeq`, at most `limit` (2,000). */
  ofActor(who: Whereabouts, sinceSeq?: number, limit?: number): Promise<readonly EventRow[]>;
  /** All rows of a market after a position, in order, a page at a time. */
  ofMarket(market: MarketId, after?: number): AsyncGenerator<readonly EventRow[]>;
  /** The rows at these positions, to name what caused others. At most 2,000. */
  at(market: MarketId, positions: readonly number[]): Promise<readonly EventRow[]>;
  /** Of all markets, newest first. */
  newest(limit: number): Promise<readonly NewestRow[]>;
  trip(id: TripId): Promise<TripFound | undefined>;
  /** What is kept of actors beside the log: the checkpoint's rows, and rows of the lists (at most 2,000). */
  actors(market: MarketId, refs: readonly ActorRef[]): Promise<readonly ActorRow[]>;
  listed(market: MarketId, kind: ActorKind, ids: readonly string[]): Promise<readonly Listed[]>;
  claims(market: MarketId): Promise<readonly Claim[]>;
  /** Every trip that has not ended and every driver who is not offline. */
  live(market: MarketId): Promise<readonly LiveActor[]>;
  /** Actors in the checkpoint or the lists that no event ever made, at most 2,000: none in a sound log. */
  strangers(market: MarketId): Promise<readonly ActorRef[]>;
  /** The last repair of each actor that ever had one: what its rows before it say is believed no more. */
  repairs(market: MarketId): Promise<readonly LastRepair[]>;
  /** Positions after one and up to another that are missing because their trips are archived, in order. */
  archived(market: MarketId, after: number, upTo: number): Promise<readonly Stretch[]>;
  /** Which of these trips are archived, and in which volume. At most 2,000. */
  volumesOf(market: MarketId, tripIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Everything `work` reads is of one moment, while the server goes on. Not for long: nothing is cleaned up meanwhile. */
  still<T>(work: (now: History) => Promise<T>): Promise<T>;
  /** Breaks of the laws by name; all 0 in a sound log. Reads everything: seconds on a long log. */
  invariants(): Promise<Breaks>;
}

export const openHistory = (client: Client): History => ({
  markets: () => listMarkets(client),
  find: (id) => findActor(client, id),
  ofActor: (who, sinceSeq, limit) => eventsOfActor(client, who, sinceSeq, limit),
  ofMarket: (market, after) => eventsOfMarket(client, market, after),
  at: (market, positions) => eventsAt(client, market, positions),
  newest: (limit) => newestEvents(client, limit),
  trip: (id) => tripRow(client, id),
  actors: (market, refs) => actorsNamed(client, market, refs),
  listed: (market, kind, ids) => listRowsOf(client, market, kind, ids),
  claims: (market) => claimsOf(client, market),
  live: (market) => liveActors(client, market),
  strangers: (market) => strangersOf(client, market),
  repairs: (market) => lastRepairs(client, market),
  archived: (market, after, upTo) => archivedBetween(client, market, after, upTo),
  volumesOf: (market, tripIds) => volumesOf(client, market, tripIds),
  still: (work) => oneMoment(client, work),
  invariants: () => countBreaks(client),
});

/**
 * All rows of a market after a position, in order, a page at a time. The next page is on its way while
 * one is worked on.
 */
export async function* eventsOfMarket(
  client: Client,
  market: MarketId,
  after = 0,
): AsyncGenerator<readonly EventRow[]> {
  let coming = pageAfter(client, market, after);
  for (;;) {
    const page = await coming;
    if (page.length < PAGE) {
      if (page.length > 0) yield page;
      return;
    }
    coming = pageAfter(client, market, page.at(-1)!.position);
    coming.catch(() => undefined); // told when it is awaited, if it ever is
    yield page;
  }
}

const pageAfter = (client: Client, market: MarketId, position: number): Promise<readonly EventRow[]> =>
  client.run(
    (sql) => sql<EventRow[]>`
      select * from event where market = ${market} and position > ${position}
      order by position limit ${PAGE}`,
  );

const eventsAt = (
  client: Client,
  market: MarketId,
  positions: readonly number[],
): Promise<readonly EventRow[]> =>
  client.run(
    (sql) => sql<EventRow[]>`
      select * from event where market = ${market} and position = any(${arrayLiteral(positions)}::bigint[])`,
  );

const newestEvents = (client: Client, limit: number): Promise<readonly NewestRow[]> =>
  client.run(
    (sql) => sql<NewestRow[]>`
      select newest.*, market.key as market_key
      from market cross join lateral (
        select * from event where event.market = market.id order by position desc limit ${limit}
      ) newest
      order by newest.at desc, newest.position desc limit ${limit}`,
  );

const oneMoment = <T>(client: Client, work: (now: History) => Promise<T>): Promise<T> =>
  client.transaction(
    (sql) => work(openHistory({ ...client, run: (query) => query(sql) })),
    "one moment",
    STILL_MS,
  );

/** Rows of one actor in order, those after `sinceSeq`. */
export const eventsOfActor = (
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

const lastRepairs = (client: Client, market: MarketId): Promise<readonly LastRepair[]> =>
  client.run(
    (sql) => sql<LastRepair[]>`
      select actor_kind as kind, actor_id as id, max(position) as position from event
      where market = ${market} and type = ${REPAIRED}
      group by actor_kind, actor_id`,
  );

const listMarkets = (client: Client): Promise<readonly MarketRow[]> =>
  client.run(
    (sql) => sql<MarketRow[]>`
      select id, key, name, epoch, position, checkpoint, coalesce(alive_at, 0) as alive_at
      from market order by id`,
  );

const liveActors = (client: Client, market: MarketId): Promise<readonly LiveActor[]> =>
  client.run(
    (sql) => sql<LiveActor[]>`
      select 'trip' as kind, id, seq from trip
      where market = ${market} and status in ('requested', 'accepted', 'en_route', 'arrived', 'in_progress')
      union all
      select 'driver' as kind, id, seq from driver_status where market = ${market} and status <> 'offline'`,
  );
