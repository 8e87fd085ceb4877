import { type Asker, askTrip } from "../ask.ts";
import type { Desk } from "../desk.ts";
import type { Done } from "../ports.ts";
import type { DriverMessage } from "../../protocol/driver-messages.ts";
import type { TripEvent } from "../../../machines/events.ts";
import { type DriverId, driverId } from "../../domain/ids.ts";
import { notYours } from "./driver-leg.ts";
import { partInTrip } from "../part-in-trip.ts";
import { refusal } from "../../domain/errors.ts";

export type OfferMessage = Extract<
  DriverMessage,
  { type: "offer_received" | "accept_order" | "decline_order" }
>;

/** A driver got, takes or declines an offer. */
export const answerOffer = (desk: Desk, who: Asker, message: OfferMessage, done: Done): void => {
  const driver = driverId(who.identity.sub);
  // O24: accepting what is not open to them is told so, whosever it is.
  const none = message.type === "accept_order" ? notOpen : notYours;
  askTrip(
    desk,
    who,
    {
      tripId: message.order_id,
      content: message,
      event: (place) =>
        partInTrip(place, message.order_id, driver) === "none" ? none : eventOf(driver, message),
      // T20: its driver is told as the trip itself would while it is in memory; who else was asked is forgotten.
      ended: (row) =>
        row.driverId === driver && message.type !== "accept_order"
          ? { is: "ok", tripId: message.order_id, seq: row.seq, repeated: false }
          : { is: "refused", refusal: none },
    },
    done,
  );
};

const notOpen = refusal("offer_withdrawn", "the offer is not open to you");

const eventOf = (driver: DriverId, message: OfferMessage): TripEvent => {
  const offer = { offerId: message.offer_id, driverId: driver };
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
