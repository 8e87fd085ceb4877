import type { DriverId, TripId } from "../domain/ids.ts";
import type { Place } from "./desk.ts";
import type { TripContext } from "../../machines/context.ts";

/** What a driver has to do with a trip, by its newest state. */
export type Part = "drives" | "is_asked" | "was_asked" | "none";

export const partInTrip = ({ market }: Place, id: TripId, driver: DriverId): Part => {
  const trip = market.peek({ kind: "trip", id })?.context as TripContext | undefined;
  if (trip === undefined) return "none";
  if (trip.assignment?.driverId === driver) return "drives";
  if (Object.values(trip.offers).some((offer) => offer.driverId === driver)) return "is_asked";
  return trip.tried.includes(driver) ? "was_asked" : "none";
};
