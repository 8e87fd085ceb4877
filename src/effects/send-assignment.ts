import type { ActPorts } from "./ports.ts";
import type { Actor } from "../market/ports.ts";
import type { Effect } from "../../machines/events.ts";
import type { Place } from "../session/desk.ts";
import type { TripContext } from "../../machines/context.ts";
import { assignedOrder } from "../publish/new-order.ts";

type SendAssignment = Extract<Effect, { do: "send_assignment" }>;

/** `new_order` with `assigned`: nothing to answer. */
export const sendAssignment = (
  { desk, lanes, driverPeer }: ActPorts,
  { market }: Place,
  { seq, context }: Actor,
  { driverId }: SendAssignment,
): void => {
  const trip = context as unknown as TripContext;
  lanes(market.id).runWith(desk.passengerRecord(trip.passengerId), (passenger) =>
    driverPeer(driverId)?.push(assignedOrder(trip, seq, passenger)),
  );
};
