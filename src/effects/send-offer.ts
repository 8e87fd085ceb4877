import type { ActPorts } from "./ports.ts";
import type { Actor } from "../market/ports.ts";
import type { Effect } from "../../machines/events.ts";
import type { Place } from "../session/desk.ts";
import type { TripContext } from "../../machines/context.ts";
import { offeredOrder } from "../publish/new-order.ts";

type SendOffer = Extract<Effect, { do: "send_offer" }>;

/** `new_order`: to be answered in time. */
export const sendOffer = (
  { desk, lanes, driverPeer }: ActPorts,
  { market }: Place,
  { seq, context }: Actor,
  effect: SendOffer,
): void => {
  const trip = context as unknown as TripContext;
  lanes(market.id).runWith(desk.passengerRecord(trip.passengerId), (passenger) =>
    driverPeer(effect.driverId)?.push(offeredOrder(trip, seq, effect, passenger, market.now())),
  );
};
