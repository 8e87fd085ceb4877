import type { ActPorts } from "./ports.ts";
import type { Actor } from "../market/ports.ts";
import type { Effect } from "../../machines/events.ts";
import type { Place } from "../session/desk.ts";

type SendCancel = Extract<Effect, { do: "send_cancel" }>;

/** `cancel_order`: the offer or the trip is no longer theirs. */
export const sendCancel = (
  { lanes, driverPeer }: ActPorts,
  { market }: Place,
  { seq }: Actor,
  { driverId, tripId, offerId, reason }: SendCancel,
): void =>
  lanes(market.id).run(() =>
    driverPeer(driverId)?.push({
      type: "cancel_order",
      order_id: tripId,
      ...(offerId !== null && { offer_id: offerId }),
      seq,
      reason,
    }),
  );
