import type { Desk, Identity } from "../desk.ts";
import { askTrip, hasEnded, no } from "../ask.ts";
import type { Done } from "../ports.ts";
import type { TripId } from "../../domain/ids.ts";

export interface Completed {
  readonly tripId: TripId;
  /** Driven, as far as the operator knows. */
  readonly distanceM: number;
  readonly reason: string;
}

/** An operator ends a ride for a driver who cannot: their phone stays lost. */
export const completeTrip = (
  desk: Desk,
  identity: Identity,
  { tripId, distanceM, reason }: Completed,
  key: string | null,
  done: Done,
): void => {
  if (identity.role !== "admin") return done(no("forbidden", "only an operator completes it for the driver"));
  askTrip(
    desk,
    { identity, key },
    {
      tripId,
      content: { type: "complete_trip", order_id: tripId, distance_m: distanceM, reason },
      event: () => ({ type: "admin.complete", adminId: identity.sub, distanceM, reason }),
      ended: hasEnded,
    },
    done,
  );
};
