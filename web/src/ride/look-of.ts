import type { Plan, Trip } from "./ride-model.ts";
import type { Position } from "../../../src/domain/geo.ts";

/** What the passenger's map should show, and what that is about: only something new moves the map. */
export const lookOf = (
  plan: Plan,
  trip: Trip | null,
): { readonly about: string; readonly at: readonly Position[] } => {
  if (trip === null) {
    const at = [plan.pickup, plan.dropoff].filter((place) => place !== null);
    return { about: `plan ${at.length}`, at };
  }
  const { pickup, dropoff, car, status } = trip;
  const going = status === "accepted" || status === "en_route" || status === "arrived";
  const at = going ? [car, pickup] : status === "in_progress" ? [car, dropoff] : [pickup, dropoff];
  return { about: `${trip.orderId} ${status} ${car === null}`, at: at.filter((place) => place !== null) };
};
