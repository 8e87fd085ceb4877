import { type Asker, askTrip, no } from "../ask.ts";
import type { Desk } from "../desk.ts";
import type { Done } from "../ports.ts";
import type { DriverMessage } from "../../protocol/driver-messages.ts";
import type { TripEvent } from "../../../machines/events.ts";
import { driverId } from "../../domain/ids.ts";

export type OfferMessage = Extract<
  DriverMessage,
  { type: "offer_received" | "accept_order" | "decline_order" }
>;

/** A driver got, takes or declines an offer. */
export const answerOffer = (desk: Desk, who: Asker, message: OfferMessage, done: Done): void =>
  askTrip(
    desk,
    who,
    {
      tripId: message.order_id,
      content: message,
      event: () => eventOf(who, message),
      // O24, T20: as the trip itself would say while it is in memory.
      ended: ({ seq }) =>
        message.type === "accept_order"
          ? no("offer_withdrawn", "the offer is not open to you")
          : { is: "ok", tripId: message.order_id, seq, repeated: false },
    },
    done,
  );

const eventOf = (who: Asker, message: OfferMessage): TripEvent => {
  const offer = { offerId: message.offer_id, driverId: driverId(who.identity.sub) };
  switch (message.type) {
    case "offer_received":
      return { type: "offer.delivered", ...offer };
    case "accept_order":
      return { type: "offer.accepted", ...offer };
    case "decline_order":
      return { type: "offer.declined", ...offer, reason: message.reason };
    default:
      return message satisfies never;
  }
};
