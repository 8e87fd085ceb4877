import { ms } from "../domain/time.ts";
import type { Client } from "./connect.ts";

/** A long log takes its time to read. */
const CHECK_MS = ms(300_000);

const FINAL = `('completed', 'cancelled', 'no_driver_found')`;
/** A trip's fare is in the body of its create event, and in the changes of every row that sets it anew. */
const FARE = `coalesce(changes -> 'fare', case when type = 'create' then body -> 'fare' end)`;
const ASSIGNED = `('accepted', 'en_route', 'arrived', 'in_progress')`;

/** Each law as a query that counts its breaks, column `breaks`. */
const laws: Readonly<Record<string, readonly string[]>> = {
  // At most one live assignment per driver and per trip: the claims are exactly the assigned trips …
  I1: [
    `select count(*) as breaks
     from (select market, driver_id, id as trip_id, true as assigned from trip where status in ${ASSIGNED}) t
     full join (select market, driver_id, trip_id, true as claimed from claim) c
     using (market, driver_id, trip_id)
     where assigned is null or claimed is null`,
    // … no driver or trip is held in two markets …
    `select count(*) - count(distinct driver_id) + count(*) - count(distinct trip_id) as breaks from claim`,
    // … and in the whole history no driver got a trip before the last one let go.
    `with assignment as (
       select market, position, changes -> 'assignment' ->> 'driverId' as driver_id,
              to_state in ${FINAL} as ended,
              lead(position) over (partition by market, actor_id order by seq) as until
       from event
       where actor_kind = 'trip' and (changes ? 'assignment' or to_state in ${FINAL})
     ), held as (
       select position < max(coalesce(until, 9223372036854775807)) over (
         partition by market, driver_id order by position rows between unbounded preceding and 1 preceding
       ) as twice
       from assignment where driver_id is not null and not ended
     )
     select count(*) as breaks from held where twice`,
  ],
  // Positions and seqs without gaps, in the same order; each row begins where the last ended; the epoch never falls.
  // A position is there or archived, never both.
  I2: [
    `with line as (
       select market, position, actor_kind, actor_id, seq, epoch, from_state, to_state from event
       union all
       select market, position, null, null, null, null, null, null
       from archived, unnest(positions) as stretch, generate_series(lower(stretch), upper(stretch) - 1) as position
     ), chain as (
       select position, seq, epoch, from_state,
              lag(position, 1, 0::bigint) over log as position_before,
              max(epoch) over (log rows between unbounded preceding and 1 preceding) as epoch_before,
              lag(seq, 1, 0) over life as seq_before, lag(to_state) over life as state_before,
              lag(position) over life as life_before
       from line
       window log as (partition by market order by position),
              life as (partition by market, actor_kind, actor_id order by seq)
     )
     select count(*) as breaks from chain
     where position <> position_before + 1 or epoch < epoch_before
        or seq <> seq_before + 1 or from_state is distinct from state_before
        or seq is not null and position < life_before`,
    `select count(*) as breaks from market
     where position <> coalesce(greatest(
       (select max(position) from event where event.market = market.id),
       (select max(upper(positions)) - 1 from archived where archived.market = market.id)
     ), 0)`,
  ],
  // Final states never change.
  I3: [`select count(*) as breaks from event where actor_kind = 'trip' and from_state in ${FINAL}`],
  // A command twice is once.
  I4: [`select count(command_id) - count(distinct command_id) as breaks from event`],
  // Money is never negative, and a trip's currency never changes.
  I7: [
    `select count(*) as breaks from event
     where actor_kind = 'trip' and (${FARE} ->> 'amount')::numeric < 0`,
    `select count(*) as breaks from (
       select from event where actor_kind = 'trip'
       group by market, actor_id having count(distinct ${FARE} ->> 'currency') > 1
     ) as changed`,
  ],
};

/** Breaks by law, all 0 in a sound log; of one moment, while the server goes on (E28). */
export const countBreaks = (client: Client): Promise<Record<string, number>> =>
  client.run(
    (sql) =>
      sql.begin("isolation level repeatable read read only", async (tx) => {
        await tx.unsafe(`set local statement_timeout = ${CHECK_MS}`);
        const found: Record<string, number> = {};
        for (const [law, queries] of Object.entries(laws)) {
          found[law] = 0;
          for (const query of queries) {
            const [row] = await tx.unsafe<{ breaks: number }[]>(query);
            found[law] += row?.breaks ?? 0;
          }
        }
        return found;
      }),
    CHECK_MS,
  );
