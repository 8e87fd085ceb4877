import { arrayLiteral, type Client } from "./connect.ts";
import type { ActorRow } from "../domain/row.ts";
import type { Checkpoint } from "./log.ts";
import type { MarketId } from "../domain/ids.ts";

/** So many actor rows a statement: far below the statement's time limit. */
const ACTORS_A_STATEMENT = 500;

/**
 * Writes the actors, then the position up to which they are complete. False: fenced (E15). The actors wait for the
 * disk, since nobody writes them again once they are said to be stored. The position need not: an older one only
 * makes the tail longer, and so the market's row is never locked for as long as a disk takes (E101).
 */
export const writeCheckpoint = async (
  client: Client,
  market: MarketId,
  epoch: number,
  { position, aliveAt, actors }: Checkpoint,
): Promise<boolean> => {
  for (let i = 0; i < actors.length; i += ACTORS_A_STATEMENT)
    await writeActors(client, market, epoch, actors.slice(i, i + ACTORS_A_STATEMENT));
  const moved = await client.run(
    (sql) => sql`
      update market
      set checkpoint = greatest(checkpoint, ${position}), alive_at = greatest(alive_at, ${aliveAt})
      from (select set_config('synchronous_commit', 'off', true)) as this_statement
      where id = ${market} and epoch = ${epoch}
      returning id`,
  );
  return moved.length === 1;
};

const writeActors = (client: Client, market: MarketId, epoch: number, rows: readonly ActorRow[]) => {
  const array = (value: (row: ActorRow) => string | number | boolean): string =>
    arrayLiteral(rows.map(value));
  return client.run(
    (sql) => sql`
      insert into actor (market, kind, id, live, seq, machine, value, context)
      select market.id, row.kind, row.id, row.live, row.seq, row.machine, row.value, row.context::jsonb
      from market, unnest(
        ${array((row) => row.kind)}::text[], ${array((row) => row.id)}::text[],
        ${array((row) => row.live)}::boolean[], ${array((row) => row.seq)}::integer[],
        ${array((row) => row.machine)}::text[], ${array((row) => row.value)}::text[],
        ${array((row) => JSON.stringify(row.context))}::text[]
      ) as row(kind, id, live, seq, machine, value, context)
      where market.id = ${market} and market.epoch = ${epoch}
      on conflict (market, kind, id) do update
      set live = excluded.live, seq = excluded.seq, machine = excluded.machine,
          value = excluded.value, context = excluded.context
      -- An older owner's late write never takes an actor back. The same seq is written again: the row may be wrong.
      where actor.seq <= excluded.seq`,
  );
};
