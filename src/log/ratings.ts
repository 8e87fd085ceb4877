import type { Client } from "./connect.ts";
import type { DriverId, PassengerId, TripId } from "../domain/ids.ts";

/** What a passenger thought of a completed trip; kept beside it, not an event of it. */
export interface Rating {
  readonly tripId: TripId;
  readonly passengerId: PassengerId;
  readonly driverId: DriverId;
  /** 1 to 5. */
  readonly stars: number;
  /** Minor units of the fare's currency. */
  readonly tip: number;
}

export interface Ratings {
  /** Once for each trip: `same` when it was rated so before, `already_exists` when otherwise (P107). */
  rate(rating: Rating): Promise<"rated" | "same" | "already_exists">;
}

export const openRatings = (client: Client): Ratings => ({
  rate: async ({ tripId, passengerId, driverId, stars, tip }) => {
    const made = await client.run(
      (sql) => sql`
        insert into rating (trip_id, passenger_id, driver_id, stars, tip)
        values (${tripId}, ${passengerId}, ${driverId}, ${stars}, ${tip})
        on conflict do nothing returning trip_id`,
    );
    if (made.length === 1) return "rated";
    const [same] = await client.run(
      (sql) => sql`select from rating where trip_id = ${tripId} and stars = ${stars} and tip = ${tip}`,
    );
    return same ? "same" : "already_exists";
  },
});
