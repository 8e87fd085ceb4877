import type { Client, Sql } from "./connect.ts";
import type { DriverId } from "../domain/ids.ts";
import type { Ms } from "../domain/time.ts";
import type { TripFound } from "./trips.ts";

/** Where a page begins: after the row with this time and id, newest first. */
export interface After {
  readonly at: Ms;
  readonly id: string;
}

/** P207: the end of an id, a plate or part of a name, in any letter case; null: all. */
type Search = string | null;

export interface TripFilter {
  readonly status: string | null;
  readonly driverId: string | null;
  readonly passengerId: string | null;
  readonly q: Search;
}

export interface DriverFilter {
  readonly status: string | null;
  readonly driverId: string | null;
  readonly q: Search;
}

/** A registered driver, in the market where they were last. */
export interface DriverListed {
  readonly id: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly vehicleType: string;
  readonly licensePlate: string;
  readonly status: string;
  readonly tripId: string | null;
  /** Since when in this status; for one who was never online, the registration. */
  readonly since: Ms;
  readonly misses: number;
}

/** How often a driver was asked, and what came of it; the rest was withdrawn or did not reach them. */
export interface OffersCounted {
  readonly made: number;
  readonly accepted: number;
  readonly declined: number;
  readonly missed: number;
}

/** What operators page through, newest first. */
export interface Lists {
  trips(filter: TripFilter, limit: number, after: After | null): Promise<readonly TripFound[]>;
  drivers(filter: DriverFilter, limit: number, after: After | null): Promise<readonly DriverListed[]>;
  /** By their rows of the log since then, of all markets. */
  offers(driver: DriverId, since: Ms): Promise<OffersCounted>;
}

/** How far back a search goes: no index helps with the end of a text. */
const SEARCHED_TRIPS = 100_000;

export const openLists = (client: Client): Lists => ({
  trips: ({ status, driverId, passengerId, q }, limit, after) =>
    client.run((sql) => {
      const passing = sql`
        select * from trip
        where true
          ${status === null ? sql`` : sql`and status = ${status}`}
          ${driverId === null ? sql`` : sql`and driver_id = ${driverId}`}
          ${passengerId === null ? sql`` : sql`and passenger_id = ${passengerId}`}
          ${after === null ? sql`` : sql`and (requested_at, id) < (${after.at}, ${after.id})`}
        order by requested_at desc, id desc limit ${q === null ? limit : SEARCHED_TRIPS}`;
      if (q === null) return sql<TripFound[]>`${passing}`;
      const ends = (id: string) => sql`right(${sql(id)}, length(${q})) = lower(${q})`;
      return sql<TripFound[]>`
        select * from (${passing}) as passing
        where ${ends("id")} or ${ends("passenger_id")} or ${ends("driver_id")}
          or driver_id in (select id from driver where ${has(sql, q, true)})
          or passenger_id in (select id from passenger where ${has(sql, q, false)})
        order by requested_at desc, id desc limit ${limit}`;
    }),
  // A driver has a row in each market they were in: online beats offline, then the newer one counts.
  drivers: ({ status, driverId, q }, limit, after) =>
    client.run((sql) => {
      const found =
        q === null ? sql`` : sql`and (right(driver.id, length(${q})) = lower(${q}) or ${has(sql, q, true)})`;
      return sql<DriverListed[]>`
        (
          select here.id, first_name, last_name, here.vehicle_type, license_plate, status, trip_id, since,
            misses
          from driver_status here join driver on driver.id = here.id
          where not exists (
              select from driver_status there
              where there.id = here.id and there.market <> here.market
                and (there.status <> 'offline', there.since, there.market)
                  > (here.status <> 'offline', here.since, here.market)
            )
            ${status === null ? sql`` : sql`and status = ${status}`}
            ${driverId === null ? sql`` : sql`and here.id = ${driverId}`}
            ${found}
            ${after === null ? sql`` : sql`and (since, here.id) < (${after.at}, ${after.id})`}
          order by since desc, here.id desc limit ${limit}
        ) union all (
          select id, first_name, last_name, vehicle_type, license_plate, 'offline', null, created_at, 0
          from driver
          where ${status === null || status === "offline"}
            and not exists (select from driver_status where driver_status.id = driver.id)
            ${driverId === null ? sql`` : sql`and id = ${driverId}`}
            ${found}
            ${after === null ? sql`` : sql`and (created_at, id) < (${after.at}, ${after.id})`}
          order by created_at desc, id desc limit ${limit}
        )
        order by since desc, id desc limit ${limit}`;
    }),
  async offers(driver, since) {
    const [row] = await client.run(
      (sql) => sql<OffersCounted[]>`
        select
          count(*) filter (where type = 'offer' and to_state = 'offered') as made,
          count(*) filter (where type = 'taken' and from_state = 'offered') as accepted,
          count(*) filter (where type in ('declined', 'pause', 'go_offline') and from_state = 'offered') as declined,
          count(*) filter (where type = 'expired' and from_state = 'offered') as missed
        from market join event
          on event.market = market.id and actor_kind = 'driver' and actor_id = ${driver} and at >= ${since}`,
    );
    return row!;
  },
});

/** Of somebody who is registered: the name or the plate has what was typed. ICU knows the letters of all scripts. */
const has = (sql: Sql, q: string, withPlate: boolean) => {
  const told = withPlate ? sql`first_name, last_name, license_plate` : sql`first_name, last_name`;
  return sql`
    position(lower(${q}::text collate "und-x-icu") in lower(concat_ws(' ', ${told}) collate "und-x-icu")) > 0`;
};
