import type { Place } from "../session/desk.ts";
import type { Actor, Turn } from "../market/ports.ts";
import type { TripId } from "../domain/ids.ts";
import type { Effect } from "../../machines/events.ts";
import type { ActPorts } from "./ports.ts";
import { raiseAlarm } from "./raise-alarm.ts";
import { sendAssignment } from "./send-assignment.ts";
import { sendCancel } from "./send-cancel.ts";
import { sendOffer } from "./send-offer.ts";

/** Does what the statecharts asked the world to do, after the commit and in its order. */
export const act = (ports: ActPorts, place: Place, turn: Turn): void => {
  for (const effect of turn.effects as unknown as readonly Effect[])
    withTrip(place, turn, effect.tripId, (trip) => doIt(ports, place, trip, effect));
};

/** The trip as this turn left it; where that did not touch it, as it is once that is durable (M115). */
const withTrip = ({ market }: Place, turn: Turn, id: TripId, use: (trip: Actor) => void): void => {
  const mine = turn.steps.findLast(({ after }) => after.kind === "trip" && after.id === id);
  if (mine !== undefined) use(mine.after);
  else market.read({ kind: "trip", id }, (seen) => seen.is === "actor" && use(seen.actor));
};

const doIt = (ports: ActPorts, place: Place, trip: Actor, effect: Effect): void => {
  switch (effect.do) {
    case "send_offer":
      return sendOffer(ports, place, trip, effect);
    case "send_assignment":
      return sendAssignment(ports, place, trip, effect);
    case "send_cancel":
      return sendCancel(ports, place, trip, effect);
    case "raise_alarm":
      return raiseAlarm(ports, place, effect);
    default:
      effect satisfies never;
  }
};
