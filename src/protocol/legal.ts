import type { ActorKind } from "../domain/row.ts";
import type { By } from "../domain/status.ts";
import type { DriverEvent, TripEvent } from "../../machines/events.ts";
import { whoMayDriver, whoMayTrip } from "../../machines/events.ts";

/** The client message that causes an event of a trip; null: no message does. */
const tripMessage: { readonly [T in TripEvent["type"]]: string | null } = {
  create: "request_trip",
  offer: null,
  "offer.delivered": "offer_received",
  "offer.accepted": "accept_order",
  "offer.declined": "decline_order",
  "offer.due": null,
  "receipt.due": null,
  "offer.lapsed": null,
  "search.due": null,
  "search.extended": null,
  "passenger.cancel": "cancel_trip",
  "driver.cancel": "cancel_order",
  "admin.cancel": "cancel_trip",
  "admin.assign": "assign_driver",
  "admin.reassign": "assign_driver",
  "driver.departed": "driver_departed",
  "driver.moving": null,
  "driver.arrived": "driver_arrived",
  "driver.lost": null,
  "pickup.late": null,
  start: "start_trip",
  complete: "complete_trip",
  "ride.stuck": null,
  "admin.complete": "complete_trip",
};

const driverMessage: { readonly [T in DriverEvent["type"]]: string | null } = {
  create: null,
  go_online: "driver_status",
  go_offline: "driver_status",
  pause: "driver_status",
  resume: "driver_status",
  offer: null,
  taken: null,
  assign: null,
  completed: null,
  declined: null,
  expired: null,
  withdrawn: null,
  undelivered: null,
  lapsed: null,
  arrived: null,
  started: null,
  freed: null,
  "driver.lost": null,
  "driver.back": null,
  "lost.due": null,
  "driver.left": null,
  "driver.entered": null,
};

const tables: {
  readonly [K in ActorKind]: readonly [
    who: Readonly<Record<string, readonly By[]>>,
    message: Readonly<Record<string, string | null>>,
  ];
} = { trip: [whoMayTrip, tripMessage], driver: [whoMayDriver, driverMessage] };

/** P18: of the events an actor would take now, the messages that `by` may send, each once. */
export const legalMessages = (kind: ActorKind, eventTypes: readonly string[], by: By): readonly string[] => {
  const [who, message] = tables[kind];
  const names = new Set<string>();
  for (const type of eventTypes) {
    const name = message[type];
    if (name && who[type]?.includes(by)) names.add(name);
  }
  return [...names];
};
