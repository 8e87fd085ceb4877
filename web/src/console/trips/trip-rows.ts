import type { Order } from "../console-model.ts";
import type { Position } from "../../../../src/domain/geo.ts";
import type { TripBody } from "../../../../src/protocol/http-bodies.ts";
import { rideM } from "../../app/ride-m.ts";

/** A line of the table of trips. */
export interface TripRow {
  readonly id: string;
  readonly seq: number;
  readonly status: TripBody["status"];
  readonly state: string;
  readonly passengerId: string;
  readonly passengerName: string | null;
  readonly driver: TripBody["driver"];
  /** Unix ms. */
  readonly requestedAt: number;
  readonly acceptedAt: number | null;
  readonly endedAt: number | null;
  readonly fare: TripBody["fare"];
  readonly rideM: number;
  readonly pickup: Position;
}

/** B93: a page as it was read, each trip as it was pushed since. */
export const tripRows = (page: readonly TripBody[], orders: ReadonlyMap<string, Order>): readonly TripRow[] =>
  page.map((trip) => {
    const order = orders.get(trip.trip_id);
    return rowOf(order && order.seq > trip.seq ? order : trip);
  });

const rowOf = (trip: TripBody | Order): TripRow => ({
  id: trip.trip_id,
  seq: trip.seq,
  status: trip.status,
  state: trip.state,
  passengerId: trip.passenger_id,
  passengerName: trip.passenger_name ?? null,
  driver: trip.driver,
  requestedAt: unixMs(trip.requested_at)!,
  acceptedAt: unixMs(trip.accepted_at),
  endedAt: unixMs(trip.completed_at ?? trip.cancelled_at),
  fare: trip.fare,
  rideM: rideM(trip),
  pickup: trip.pickup,
});

const unixMs = (at: string | number | null): number | null => (typeof at === "string" ? Date.parse(at) : at);
