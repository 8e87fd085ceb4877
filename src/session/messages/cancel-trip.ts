import type { Desk, Identity, Place } from "../desk.ts";
import { type Refusal, refusal } from "../../domain/errors.ts";
import { type TripId, driverId } from "../../domain/ids.ts";
import { askTrip, hasEnded } from "../ask.ts";
import type { Done } from "../ports.ts";
import type { TripContext } from "../../../machines/context.ts";
import type { TripEvent } from "../../../machines/events.ts";

/** Its passenger, its driver or an operator ends a trip. A driver gives it back, so it is dispatched again. */
export const cancelTrip = (
  desk: Desk,
  identity: Identity,
  id: TripId,
  reason: string | null,
  key: string | null,
  done: Done,
): void =>
  askTrip(
    desk,
    { identity, key },
    {
      tripId: id,
      content: { type: identity.role === "driver" ? "cancel_order" : "cancel_trip", order_id: id, reason },
      event: (place) => eventOf(identity, place, id, reason),
      ended: (row) => (isOthers(identity, row) ? { is: "refused", refusal: notYours } : hasEnded(row)),
    },
    done,
  );

const eventOf = (
  identity: Identity,
  place: Place,
  id: TripId,
  reason: string | null,
): TripEvent | Refusal => {
  const { sub, role } = identity;
  switch (role) {
    case "passenger": {
      const trip = place.market.peek({ kind: "trip", id })?.context as TripContext | undefined;
      return trip?.passengerId === sub ? { type: "passenger.cancel", reason } : notYours;
    }
    case "driver": // whether it is theirs the trip itself judges
      return { type: "driver.cancel", driverId: driverId(sub), reason: reason ?? "not told" };
    case "admin":
      return { type: "admin.cancel", adminId: sub, reason: reason ?? "not told" };
    case "service":
      return notYours;
    default:
      return role satisfies never;
  }
};

const isOthers = (
  { role, sub }: Identity,
  row: { readonly passengerId: string; readonly driverId: string | null },
): boolean =>
  role === "service" ||
  (role === "passenger" && row.passengerId !== sub) ||
  (role === "driver" && row.driverId !== sub);

/** S6: only who is part of a trip may end it. */
const notYours = refusal("forbidden", "this trip is not yours");
