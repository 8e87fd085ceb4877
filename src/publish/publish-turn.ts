import type { Desk, Peer, Place } from "../session/desk.ts";
import { driverOfRow, forDriver, updateOf } from "./order-update.ts";
import type { DriverId } from "../domain/ids.ts";
import type { Lanes } from "./lane.ts";
import type { Step, Turn } from "../market/ports.ts";
import type { Topics } from "./topics.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import type { TripEvent } from "../../machines/events.ts";
import { driverView } from "./trip-view.ts";
import { tripLive } from "../../machines/trip-facts.ts";
import { tripId } from "../domain/ids.ts";

export interface PublishPorts {
  readonly desk: Desk;
  readonly lanes: Lanes;
  readonly topics: Topics;
  /** Undefined while that driver is not connected. */
  driverPeer(driverId: DriverId): Peer | undefined;
}

/** After each commit: one update for each row of a trip, to who follows it and to its driver (P30). */
export const publishTurn = (ports: PublishPorts, place: Place, turn: Turn): void => {
  const lane = ports.lanes(turn.market);
  for (const step of turn.steps) {
    if (step.row.actorKind !== "trip") continue;
    const joined = driverOfRow(step.row);
    if (joined === null) lane.run(() => tell(ports, step, null));
    else
      lane.runWith(ports.desk.driverRecord(joined), (record) =>
        tell(ports, step, driverView(joined, record, place)),
      );
  }
};

const tell = (
  { topics, driverPeer }: PublishPorts,
  { row, after }: Step,
  driver: ReturnType<typeof driverView> | null,
): void => {
  const id = tripId(row.actorId);
  const trip = after.context as unknown as TripContext;
  const update = updateOf(row, driver, trip.fare);
  topics.update(id, update);
  if (trip.assignment && !byHand.has(row.type)) driverPeer(trip.assignment.driverId)?.push(forDriver(update));
  if (!tripLive(after.state as TripState)) topics.end(id);
};

/** P120: of these their `new_order` tells the driver, who knows nothing of the trip before it. */
const byHand: ReadonlySet<string> = new Set<TripEvent["type"]>(["admin.assign", "admin.reassign"]);
