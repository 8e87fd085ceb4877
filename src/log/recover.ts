import type { Client } from "./connect.ts";
import { actorsNamed } from "./kept.ts";
import { eventsOfActor, eventsOfMarket } from "./history.ts";
import type { ActorKind, ActorRef, ActorRow, EventRow } from "../domain/row.ts";
import type { MarketId } from "../domain/ids.ts";
import type { Recovered, Remembered, StoredActor } from "./log.ts";

/** So many rows a query: each stays below the statement's time limit, however long the log is. */
const PAGE = 2_000;

/** What a market's memory is rebuilt from. Rows of the tail may be older than their actor's row: fold by seq. */
export const recover = async (client: Client, market: MarketId): Promise<Recovered> => {
  const checkpoint = await checkpointOf(client, market);
  // Nobody writes here any more, so all of it is of one moment; together Postgres and we are both busy.
  const [tail, unstored, trips, drivers] = await Promise.all([
    tailAfter(client, market, checkpoint),
    unstoredActors(client, market),
    liveActors(client, market, "trip"),
    liveActors(client, market, "driver"),
  ]);
  const live = [...trips, ...drivers];
  const known = new Set(live.map(({ kind, id }) => `${kind}:${id}`));
  const touched = new Map(
    tail.map((row) => [`${row.actorKind}:${row.actorId}`, { kind: row.actorKind, id: row.actorId }]),
  );
  const inTail = new Set(touched.keys());
  for (const key of known) touched.delete(key);
  const passive = await actorsNamed(client, market, [...touched.values()]);
  const lost = unstored.filter(({ kind, id }) => !inTail.has(`${kind}:${id}`));
  return { checkpoint, actors: [...live, ...passive], tail, lost };
};

const checkpointOf = async (client: Client, market: MarketId): Promise<number> => {
  const [row] = await client.run(
    (sql) => sql<{ checkpoint: number }[]>`select checkpoint from market where id = ${market}`,
  );
  return row?.checkpoint ?? 0;
};

const tailAfter = async (client: Client, market: MarketId, checkpoint: number): Promise<EventRow[]> => {
  const tail: EventRow[] = [];
  for await (const rows of eventsOfMarket(client, market, checkpoint)) tail.push(...rows);
  return tail;
};

const liveActors = async (client: Client, market: MarketId, kind: ActorKind): Promise<ActorRow[]> => {
  const all: ActorRow[] = [];
  for (;;) {
    const page = await client.run(
      (sql) => sql<ActorRow[]>`
        select market, kind, id, live, seq, machine, value, context from actor
        where market = ${market} and live and kind = ${kind} and id > ${all.at(-1)?.id ?? ""}
        order by id limit ${PAGE}`,
    );
    all.push(...page);
    if (page.length < PAGE) return all;
  }
};

/** Live by the lists, and not in the checkpoint. */
const unstoredActors = (client: Client, market: MarketId): Promise<readonly ActorRef[]> =>
  client.run(
    (sql) => sql<ActorRef[]>`
      select kind, id from (
        select 'trip' as kind, id from trip
        where market = ${market} and status in ('requested', 'accepted', 'en_route', 'arrived', 'in_progress')
        union all
        select 'driver' as kind, id from driver_status where market = ${market} and status <> 'offline'
      ) as listed
      where not exists (
        select from actor
        where market = ${market} and actor.live and actor.kind = listed.kind and actor.id = listed.id
      )`,
  );

/** One actor, alive or passivated: as stored, and what happened to it since. */
export const storedActor = async (
  client: Client,
  market: MarketId,
  kind: ActorKind,
  id: string,
): Promise<StoredActor> => {
  const [row] = await client.run(
    (sql) => sql<ActorRow[]>`
      select market, kind, id, live, seq, machine, value, context from actor
      where market = ${market} and kind = ${kind} and id = ${id}`,
  );
  return { stored: row ?? null, since: await eventsOfActor(client, { market, kind, id }, row?.seq ?? 0) };
};

/** Every event of an actor, whatever is stored of it. */
export const wholeActor = async (
  client: Client,
  market: MarketId,
  kind: ActorKind,
  id: string,
): Promise<StoredActor> => {
  const since: EventRow[] = [];
  for (;;) {
    const page = await eventsOfActor(client, { market, kind, id }, since.at(-1)?.seq);
    since.push(...page);
    if (page.length < PAGE) return { stored: null, since };
  }
};

/** Commands whose id is `fromCommandId` or greater, byte by byte, the first `limit` (E16). */
export const remembered = (
  client: Client,
  market: MarketId,
  fromCommandId: string,
  limit: number,
): Promise<readonly Remembered[]> =>
  client.run(
    (sql) => sql<Remembered[]>`
      select command_id, command_hash, actor_kind as kind, actor_id, seq from event
      where market = ${market} and command_id >= ${fromCommandId}
      order by command_id limit ${limit}`,
  );
