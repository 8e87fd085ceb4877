import { REPAIRED } from "../domain/row.ts";

// What must hold of a log, as queries that count its breaks, column `breaks`.

export type Law = "I1" | "I2" | "I3" | "I4" | "I7";
type Queries = Readonly<Partial<Record<Law, readonly string[]>>>;

const FINAL = `('completed', 'cancelled', 'no_driver_found')`;
const ASSIGNED = `('accepted', 'en_route', 'arrived', 'in_progress')`;
/** A trip's fare is in the body of its create event, and in the changes of every row that sets it anew. */
const FARE = `coalesce(changes -> 'fare', case when type = 'create' then body -> 'fare' end)`;

/** What stands beside the rows, in all markets: read by the indexes of what is live. */
export const standing: Queries = {
  // At most one live assignment per driver and per trip: the claims are exactly the assigned trips …
  I1: [
    `select count(*) as breaks
     from (select market, driver_id, id as trip_id, true as assigned from trip where status in ${ASSIGNED}) t
     full join (select market, driver_id, trip_id, true as claimed from claim) c
     using (market, driver_id, trip_id)
     where assigned is null or claimed is null`,
    // … and no driver or trip is held in two markets.
    `select count(*) - count(distinct driver_id) + count(*) - count(distinct trip_id) as breaks from claim`,
  ],
  // No row is beyond its market's position.
  I2: [
    `select count(*) as breaks from market
     where position < (select max(position) from event where event.market = market.id)`,
  ],
};

/** A step: the rows of a market ($1) after a position ($2) and up to another ($3). */
const STEP = `market = $1 and position > $2 and position <= $3`;
const OF_SAME = (row: string) =>
  `market = $1 and actor_kind = ${row}.actor_kind and actor_id = ${row}.actor_id`;
/** Not followed by a repair of its actor: what that replaced says nothing any more (M98). */
const BELIEVED = `row.position >= (
  select coalesce(max(position), 0) from event where ${OF_SAME("row")} and type = '${REPAIRED}'
)`;

/**
 * What each row must be in the light of those before it: a log has the same breaks however it is cut into steps. Rows
 * before a step are looked up one by one (`lateral … limit 1`), and a repair only of a row that looks broken (`case`):
 * given the choice, Postgres would rather read the whole log.
 */
export const ofRows: Queries = {
  I2: [
    // A position is there or archived, never neither or both.
    `with place as (
       select position from event where ${STEP}
       union all
       select generate_series(lower(stretch), upper(stretch) - 1)
       from archived, unnest(positions * int8multirange(int8range($2, $3, '(]'))) as stretch
       where market = $1 and positions && int8range($2, $3, '(]')
     )
     select $3::bigint - $2::bigint + count(*) - 2 * count(distinct position) as breaks from place`,
    // The epoch never falls.
    `select count(*) as breaks from (
       select epoch < lag(epoch, 1, (
         select epoch from event where market = $1 and position <= $2 order by position desc limit 1
       )) over (order by position) as falls
       from event where ${STEP}
     ) as row where falls`,
    // Each row begins where its actor's last one ended, the one with the seq before. A repair begins anew.
    `select count(*) as breaks from (select * from event where ${STEP}) as row
     left join lateral (
       select to_state, position from event where ${OF_SAME("row")} and seq = row.seq - 1 limit 1
     ) as before on true
     where case when from_state is distinct from before.to_state or before.position > row.position
       then type <> '${REPAIRED}' and ${BELIEVED} end`,
  ],
  // Final states never change; a repair may confirm one.
  I3: [
    `select count(*) as breaks from event as row
     where ${STEP} and actor_kind = 'trip' and from_state in ${FINAL}
       and (type <> '${REPAIRED}' or to_state <> from_state) and ${BELIEVED}`,
  ],
  // A command twice is once: of rows with one command, in whatever markets, all but the first are breaks.
  I4: [
    `select count(*) as breaks from (select * from event where ${STEP} and command_id is not null) as row
     cross join lateral (
       select from market cross join lateral (
         select from event where event.market = market.id and command_id = row.command_id
           and (at, event.market, position) < (row.at, row.market, row.position)
         limit 1
       ) as there limit 1
     ) as before`,
  ],
  // Money is never negative, and a trip's currency is the one it began with.
  I7: [
    `select count(*) as breaks from event as row
     where ${STEP} and actor_kind = 'trip'
       and least((${FARE} ->> 'amount')::numeric, (changes #>> '{cancelled,fee}')::numeric) < 0 and ${BELIEVED}`,
    `select count(*) as breaks from (
       select *, ${FARE} ->> 'currency' as currency from event
       where ${STEP} and actor_kind = 'trip' and seq > 1 and ${FARE} is not null
     ) as row
     cross join lateral (
       select ${FARE} ->> 'currency' as currency from event where ${OF_SAME("row")} and seq = 1 limit 1
     ) as birth
     where case when row.currency <> birth.currency then ${BELIEVED} end`,
  ],
};

/** Who takes which trip in a step, in order; null: nobody has it any more. For the history of I1. */
export const takes = `
  select actor_id as trip_id,
         case when to_state not in ${FINAL} then changes #>> '{assignment,driverId}' end as driver_id
  from event
  where ${STEP} and actor_kind = 'trip' and (changes ? 'assignment' or to_state in ${FINAL})
  order by position`;

/** Who has which trip as the lists say. */
export const holds = `
  select id as trip_id, driver_id from trip where market = $1 and status in ${ASSIGNED} and driver_id is not null`;
