import type { ActPorts } from "./ports.ts";
import type { Effect } from "../../machines/events.ts";
import type { Place } from "../session/desk.ts";

type RaiseAlarm = Extract<Effect, { do: "raise_alarm" }>;

/** A line for whoever looks at 3 a.m., and a count. */
export const raiseAlarm = ({ alarmed }: ActPorts, { name }: Place, { tripId, alarm }: RaiseAlarm): void =>
  alarmed(alarm, tripId, name);
