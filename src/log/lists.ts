import type { Client } from "./connect.ts";
import type { Ms } from "../domain/time.ts";
import type { TripFound } from "./trips.ts";

/** Where a page begins: after the row with this time and id, newest first. */
export interface After {
  readonly at: Ms;
  readonly id: string;
}

export interface TripFilter {
  readonly status: string | null;
  readonly driverId: string | null;
  readonly passengerId: string | null;
}

export interface DriverFilter {
  readonly status: string | null;
  readonly driverId: string | null;
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

/** What operators page through, newest first. */
export interface Lists {
  trips(filter: TripFilter, limit: number, after: After | null): Promise<readonly TripFound[]>;
  drivers(filter: DriverFilter, limit: number, after: After | null): Promise<readonly DriverListed[]>;
}

export const openLists = (client: Client): Lists => ({
  trips: ({ status, driverId, passengerId }, limit, after) =>
    client.run(
      (sql) => sql<TripFound[]>`
        select * from trip
        where true
          ${status === null ? sql`` : sql`and status = ${status}`}
          ${driverId === null ? sql`` : sql`and driver_id = ${driverId}`}
          ${passengerId === null ? sql`` : sql`and passenger_id = ${passengerId}`}
          ${after === null ? sql`` : sql`and (requested_at, id) < (${after.at}, ${after.id})`}
        order by requested_at desc, id desc limit ${limit}`,
    ),
  // A driver has a row in each market they were in: online beats offline, then the newer one counts.
  drivers: ({ status, driverId }, limit, after) =>
    client.run(
      (sql) => sql<DriverListed[]>`
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
            ${after === null ? sql`` : sql`and (since, here.id) < (${after.at}, ${after.id})`}
          order by since desc, here.id desc limit ${limit}
        ) union all (
          select id, first_name, last_name, vehicle_type, license_plate, 'offline', null, created_at, 0
          from driver
          where ${status === null || status === "offline"}
            and not exists (select from driver_status where driver_status.id = driver.id)
            ${driverId === null ? sql`` : sql`and id = ${driverId}`}
            ${after === null ? sql`` : sql`and (created_at, id) < (${after.at}, ${after.id})`}
          order by created_at desc, id desc limit ${limit}
        )
        order by since desc, id desc limit ${limit}`,
    ),
});
