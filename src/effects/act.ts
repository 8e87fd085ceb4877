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
  for (const effect of turn.effects as unknown as readonly Effect[]) {
    const trip = tripIn(place, turn, effect.tripId);
    if (trip === undefined) continue;
    switch (effect.do) {
      case "send_offer":
        sendOffer(ports, place, trip, effect);
        break;
      case "send_assignment":
        sendAssignment(ports, place, trip, effect);
        break;
      case "send_cancel":
        sendCancel(ports, place, trip, effect);
        break;
      case "raise_alarm":
        raiseAlarm(ports, place, effect);
        break;
      default:
        effect satisfies never;
    }
  }
};

/** The trip as this turn left it. */
const tripIn = ({ market }: Place, turn: Turn, id: TripId): Actor | undefined =>
  turn.steps.findLast(({ after }) => after.kind === "trip" && after.id === id)?.after ??
  market.peek({ kind: "trip", id });
