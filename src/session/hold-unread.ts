import type { Desk, Place } from "./desk.ts";
import type { TripState } from "../../machines/context.ts";
import { passengerId, tripId } from "../domain/ids.ts";
import { tripLive } from "../../machines/trip-facts.ts";

/** M114: a trip of which nothing can be read is its passenger's live one all the same: the lists know whose. */
export const holdUnread = async (desk: Desk, { market }: Place): Promise<void> => {
  for (const of of market.quarantine.list()) {
    if (of.good !== undefined || of.kind !== "trip") continue;
    const { listed } = await market.quarantine.look(of);
    if (listed?.table === "trip" && tripLive(listed.state as TripState))
      desk.holdPassenger(passengerId(listed.passengerId), tripId(listed.id));
  }
};
