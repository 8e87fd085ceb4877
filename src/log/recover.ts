import { arrayLiteral, type Client } from "./connect.ts";
import { eventsOfMarket } from "./history.ts";
import type { ActorRow, EventRow } from "../domain/row.ts";
import type { MarketId } from "../domain/ids.ts";
import type { Recovered, Remembered } from "./log.ts";

/** So many rows a query: each stays below the statement's time limit, however long the log is. */
const PAGE = 2_000;

/** What a market's memory is rebuilt from. Rows of the tail may be older than their actor's row: fold by seq. */
export const recover = async (client: Client, market: MarketId): Promise<Recovered> => {
  const checkpoint = await checkpointOf(client, market);
  const tail: EventRow[] = [];
  for await (const rows of eventsOfMarket(client, market, checkpoint)) tail.push(...rows);
  const live = await liveActors(client, market);
  const known = new Set(live.map(({ kind, id }) => `${kind}:${id}`));
  const touched = new Map(
    tail.map((row) => [`${row.actorKind}:${row.actorId}`, { kind: row.actorKind, id: row.actorId }]),
  );
  for (const key of known) touched.delete(key);
  const passive = await actorsNamed(client, market, [...touched.values()]);
  return { checkpoint, actors: [...live, ...passive], tail };
};

const checkpointOf = async (client: Client, market: MarketId): Promise<number> => {
  const [row] = await client.run(
    (sql) => sql<{ checkpoint: number }[]>`select checkpoint from market where id = ${market}`,
  );
  return row?.checkpoint ?? 0;
};

const liveActors = async (client: Client, market: MarketId): Promise<ActorRow[]> => {
  const all: ActorRow[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await client.run(
      (sql) => sql<ActorRow[]>`
        select market, kind, id, live, seq, machine, value, context from actor
        where market = ${market} and live and (kind, id) > (${last?.kind ?? ""}, ${last?.id ?? ""})
        order by kind, id limit ${PAGE}`,
    );
    all.push(...page);
    if (page.length < PAGE) return all;
  }
};

const actorsNamed = async (
  client: Client,
  market: MarketId,
  refs: readonly { kind: string; id: string }[],
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

/** One actor, alive or passivated. */
export const actorRow = async (
  client: Client,
  market: MarketId,
  kind: string,
  id: string,
): Promise<ActorRow | null> => {
  const [row] = await client.run(
    (sql) => sql<ActorRow[]>`
      select market, kind, id, live, seq, machine, value, context from actor
      where market = ${market} and kind = ${kind} and id = ${id}`,
  );
  return row ?? null;
};

/** Commands whose id is `fromCommandId` or greater, byte by byte (E16). */
export const remembered = async (
  client: Client,
  market: MarketId,
  fromCommandId: string,
): Promise<readonly Remembered[]> => {
  const all: Remembered[] = [];
  for (;;) {
    const last = all.at(-1)?.commandId;
    const page = await client.run(
      (sql) => sql<Remembered[]>`
        select command_id, command_hash, actor_kind as kind, actor_id, seq from event
        where market = ${market} and command_id is not null
          and ${last === undefined ? sql`command_id >= ${fromCommandId}` : sql`command_id > ${last}`}
        order by command_id limit ${PAGE}`,
    );
    all.push(...page);
    if (page.length < PAGE) return all;
  }
};
