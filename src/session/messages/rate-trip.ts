import type { Answer, Identity } from "../desk.ts";
import type { Done, SessionPorts } from "../ports.ts";
import { driverId, passengerId } from "../../domain/ids.ts";
import { no, unlessRepeated } from "../ask.ts";
import type { PassengerMessage } from "../../protocol/passenger-messages.ts";

export type RateMessage = Extract<PassengerMessage, { type: "rate_trip" }>;

/** What the passenger of a completed trip thought of it: kept beside it, once (P107). */
export const rateTrip = (
  { desk, rate }: Pick<SessionPorts, "desk" | "rate">,
  identity: Identity,
  message: RateMessage,
  key: string | null,
  done: Done,
): void => {
  const judged = async (): Promise<Answer> => {
    const { order_id: id, stars, tip } = message;
    const trip = await desk.endedTrip(id);
    if (trip === undefined) return no("not_found", "no such trip");
    const { status, seq } = trip;
    if (trip.passengerId !== identity.sub) return no("forbidden", "this trip is not yours");
    if (status !== "completed" || trip.driverId === null)
      return no("illegal_now", "a completed trip is rated", { status, legal: [] });
    const by = { tripId: id, passengerId: passengerId(identity.sub), driverId: driverId(trip.driverId) };
    const kept = await rate({ ...by, stars, tip });
    return kept === "already_exists"
      ? no("already_exists", "this trip was rated otherwise", { status })
      : { is: "ok", tripId: id, seq, repeated: kept === "same" };
  };
  const noAnswer = () => done(no("unavailable", "the log does not answer; repeat with the same key"));
  // P44: a key that named a command before cannot name this.
  unlessRepeated(desk, { identity, key }, message, done, () => void judged().then(done, noAnswer));
};
