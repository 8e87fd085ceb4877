import type { EventRow, TripListRow } from "../domain/row.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import type { Money } from "../domain/money.ts";
import type { Ms } from "../domain/time.ts";
import type { OrderUpdate } from "../protocol/server-messages.ts";
import type { TripDriver } from "../protocol/http-bodies.ts";
import type { TripStatus } from "../domain/status.ts";
import { fareOf } from "./trip-view.ts";
import { tripStatusOf } from "../../machines/context.ts";

/**
 * What one row of a trip tells its passenger, live and from the log alike: every row gives exactly one
 * update (P30). `driver` is used where the row changes who drives; `driverOfRow` says whom to look up.
 * `finalFare` is used where the row completes the trip (P122).
 */
export const updateOf = (row: EventRow, driver: TripDriver | null, finalFare: Money | null): OrderUpdate => {
  const state = row.toState as TripState;
  const { assignment, cancelled, fare } = {
    ...(row.fromState === null && row.body), // what a create event says is not said again
    ...(state === "completed" && { fare: finalFare }),
    ...row.changes,
  } as Partial<TripContext>;
  return {
    type: "order_update",
    order_id: row.actorId,
    seq: row.seq,
    status: tripStatusOf[state],
    state,
    at: row.at,
    ...(assignment !== undefined && { driver, eta_s: assignment?.etaS ?? null }),
    ...(fare && { fare }),
    ...(cancelled && { reason: cancelled.reason, cancelled_by: cancelled.by }),
  };
};

/** The driver whom this row gives the trip to. */
export const driverOfRow = (row: EventRow) =>
  (row.changes as Partial<TripContext>).assignment?.driverId ?? null;

/** What is beside the list row in a live trip. */
export interface Live {
  readonly note: string | null;
  readonly etaS: number | null;
}

/** The whole trip, as of its `seq`. */
export const wholeTrip = (
  row: TripListRow,
  driver: TripDriver | null,
  live: Live | null,
  at: Ms,
): OrderUpdate => ({
  type: "order_update",
  full: true,
  order_id: row.id,
  seq: row.seq,
  status: row.status as TripStatus,
  state: row.state,
  at,
  driver,
  eta_s: live?.etaS ?? null,
  fare: fareOf(row),
  vehicle_type: row.vehicleType,
  pickup: { lat: row.pickupLat, lng: row.pickupLng },
  dropoff: { lat: row.dropoffLat, lng: row.dropoffLng },
  ...(live && { note: live.note }),
  ...(row.cancelledBy !== null && { reason: row.reason, cancelled_by: row.cancelledBy }),
});

/** S8: their own identity is no news to a driver. */
export const forDriver = ({ driver: _driver, ...update }: OrderUpdate): OrderUpdate => update;
