import type { Desk, DriverRecord, Peer, Place } from "../../session/desk.ts";
import { type Standing, type StandingTrip, standingTrip } from "../standing.ts";
import { etaToPickup, viewTrip } from "../trip-view.ts";
import type { ActiveOrders } from "../../protocol/server-messages.ts";
import type { Clock } from "../../domain/time.ts";
import type { Feed } from "./consoles.ts";
import type { TripId } from "../../domain/ids.ts";
import { driverId } from "../../domain/ids.ts";
import { tripListRow } from "../../../machines/trip-facts.ts";

export interface OrdersPorts {
  readonly desk: Desk;
  readonly clock: Clock;
  readonly standing: Standing;
}
type Order = ActiveOrders["orders"][number];

/** P110: a frame stays well under what a peer may have unread. */
const ORDERS_A_FRAME = 100;
/** P113: who is so far behind is too slow: the next frame is pushed, and closes them if it cannot go out. */
const BEHIND = 20_000;

/** Live orders: all at first, then each that changed, once a second, as it is by then. */
export const createOrdersFeed =
  (ports: OrdersPorts) =>
  (peer: Peer): Feed => {
    /** What the console has not been told yet, as it is now. */
    const untold = new Map<TripId, StandingTrip>(ports.standing.trips);
    let full = true;
    let telling = false;

    const tell = async (): Promise<void> => {
      while (full || untold.size > 0) {
        const next = [...untold].slice(0, ORDERS_A_FRAME);
        const message: ActiveOrders = {
          type: "active_orders",
          full,
          orders: await Promise.all(next.map(([, trip]) => view(ports, trip))),
        };
        if (untold.size > BEHIND) peer.push(message);
        else if (!peer.hint(message)) return;
        full = false;
        // One that changed meanwhile is to be told again.
        for (const [id, trip] of next) if (untold.get(id) === trip) untold.delete(id);
      }
    };

    return {
      committed(place: Place, { steps }) {
        for (const { after } of steps) {
          if (after.kind === "trip") untold.set(after.id as TripId, standingTrip(place, after));
        }
      },
      second() {
        if (telling) return;
        telling = true;
        void tell().finally(() => (telling = false));
      },
    };
  };

/** Never rejects: who cannot be looked up has no name. */
const view = async (
  { desk, clock }: OrdersPorts,
  { place, seq, state, context }: StandingTrip,
): Promise<Order> => {
  const row = tripListRow(context.tripId, seq, state, context);
  const [trip, driver] = await Promise.all([
    viewTrip(desk, row, etaToPickup(state, context), "admin", clock.wall()),
    row.driverId === null ? undefined : desk.driverRecord(driverId(row.driverId)).catch(() => undefined),
  ]);
  return {
    ...trip,
    // In messages of sockets, Unix milliseconds.
    requested_at: row.requestedAt,
    accepted_at: row.acceptedAt,
    arrived_at: row.arrivedAt,
    started_at: row.startedAt,
    completed_at: row.completedAt,
    cancelled_at: row.cancelledAt,
    passenger_name: trip.passenger_name ?? null,
    driver_name: driver ? nameOf(driver) : null,
    market: place.name,
    alarms: [...context.alarms],
  };
};

const nameOf = ({ firstName, lastName }: DriverRecord): string | null =>
  [firstName, lastName].filter((part) => part !== null).join(" ") || null;
