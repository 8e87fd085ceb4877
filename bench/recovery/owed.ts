import type { Client } from "../../src/log/connect.ts";
import { ms } from "../../src/domain/time.ts";

/** A market of one log as its killed server left it, read by SQL alone, with none of the server's code. */
export interface Owed {
  readonly position: number;
  /** Rows after the checkpoint. */
  readonly tail: number;
  /** Commands with a key. */
  readonly keys: number;
  readonly liveTrips: number;
  readonly onlineDrivers: number;
  /** Trips whose pickup or ride has a deadline that was not fed yet. */
  readonly rides: number;
  /** Trips whose search has a deadline. */
  readonly searches: number;
  /** Those of them with an offer, which has one too. */
  readonly offers: number;
}

/** Trips by the word they were given since a position: each deadline once. */
export interface Fed {
  readonly rides: number;
  readonly extended: number;
  readonly lapsed: number;
  readonly searches: number;
}

const PATIENT_MS = ms(60_000);

export const readOwed = (client: Client): Promise<Owed> =>
  client.run(async (sql) => {
    const [owed] = await sql<Owed[]>`
      with waiting as (
        select state from trip where not exists (
          select from event
          where event.market = trip.market and actor_kind = 'trip' and actor_id = id
            and type = case state when 'in_progress' then 'ride.stuck' else 'pickup.late' end
        ) and state in ('requested.searching', 'requested.offering', 'accepted', 'en_route', 'in_progress')
      )
      select position, position - checkpoint as tail,
        (select count(*) from event where command_id is not null) as keys,
        (select count(*) from trip where status not in ('completed', 'cancelled', 'no_driver_found'))
          as live_trips,
        (select count(*) from driver_status where status <> 'offline') as online_drivers,
        (select count(*) from waiting where state not like 'requested.%') as rides,
        (select count(*) from waiting where state like 'requested.%') as searches,
        (select count(*) from waiting where state = 'requested.offering') as offers
      from market`;
    return owed!;
  }, PATIENT_MS);

export const readFed = (client: Client, since: number): Promise<Fed> =>
  client.run(async (sql) => {
    const [fed] = await sql<Fed[]>`
      select count(distinct actor_id) filter (where type in ('pickup.late', 'ride.stuck')) as rides,
        count(distinct actor_id) filter (where type = 'search.extended') as extended,
        count(distinct actor_id) filter (where type = 'offer.lapsed') as lapsed,
        count(distinct actor_id) filter (where type = 'search.due') as searches
      from event where position > ${since}`;
    return fed!;
  });

export const readPosition = (client: Client): Promise<number> =>
  client.run(async (sql) => (await sql<{ position: number }[]>`select position from market`)[0]!.position);
