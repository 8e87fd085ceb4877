import { type Asker, ask, unlessRepeated } from "../ask.ts";
import type { Desk, Place } from "../desk.ts";
import type { Done } from "../ports.ts";
import type { DriverConnection } from "../connection.ts";
import type { DriverEvent } from "../../../machines/events.ts";
import type { DriverMessage } from "../../protocol/driver-messages.ts";

export type StatusMessage = Extract<DriverMessage, { type: "driver_status" }>;

/** A driver wants to work, to pause or to leave. Whether that is possible now their statechart says. */
export const setStatus = (
  desk: Desk,
  connection: DriverConnection,
  who: Asker,
  message: StatusMessage,
  done: Done,
): void => unlessRepeated(desk, who, message, done, () => setNew(desk, connection, who, message, done));

const setNew = (
  desk: Desk,
  connection: DriverConnection,
  who: Asker,
  message: StatusMessage,
  done: Done,
): void => {
  const { driverId } = connection;
  const to = { kind: "driver" as const, id: driverId };
  const worksIn = desk.placeOfDriver(driverId) ?? null;
  const state = (worksIn ?? connection.place)?.market.peek(to)?.state ?? "offline";
  const vehicleType = message.vehicle_type ?? connection.vehicleType;
  const starts = message.status === "available" && state === "offline";
  // P80: who goes to work somewhere already goes nowhere else; the first fix moves them on.
  const place = worksIn ?? (starts ? placeToWork(desk, connection) : connection.place) ?? desk.home;
  if (starts) {
    connection.place = place; // what they say next goes to the same market
    connection.area.settled = false;
    desk.holdDriver(driverId, place);
  }
  const policy = place.policy.driver;
  const birth = { type: "create", driverId, vehicleType, policy } satisfies DriverEvent;
  const event = eventOf(message, state, vehicleType, place);
  ask(place, who, { to, event, birth, content: message }, (answer) => {
    if (starts) desk.releaseDriver(driverId);
    done(answer);
  });
};

/** P49: a driver works in the market of their position; without one, where they worked before. */
const placeToWork = (desk: Desk, { lat, lng, place }: DriverConnection): Place | null =>
  (Number.isNaN(lat) ? undefined : desk.placeAt({ lat, lng })) ?? place;

const eventOf = (
  { status, vehicle_type }: StatusMessage,
  state: string,
  vehicleType: string,
  place: Place,
): DriverEvent => {
  switch (status) {
    case "available":
      // Going online takes a vehicle along; resuming keeps the one of before.
      return state === "paused" && vehicle_type === null
        ? { type: "resume" }
        : { type: "go_online", vehicleType, policy: place.policy.driver };
    case "paused":
      return { type: "pause" };
    case "offline":
      return { type: "go_offline" };
    default:
      return status satisfies never;
  }
};
