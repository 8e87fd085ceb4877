import * as z from "zod";
import { id, maybe, reason, tripIdText } from "./values.ts";
import { tripRequest } from "./http-bodies.ts";

const order = { id: maybe(id), order_id: tripIdText };

/** Passenger -> server, by `type` (P2). */
export const passengerMessages = {
  request_trip: tripRequest.extend({ type: z.literal("request_trip"), id: maybe(id) }),
  cancel_trip: z.object({ type: z.literal("cancel_trip"), ...order, reason: maybe(reason) }),
  subscribe: z.object({
    type: z.literal("subscribe"),
    ...order,
    since_seq: maybe(z.int().min(0)),
  }),
  unsubscribe: z.object({ type: z.literal("unsubscribe"), ...order }),
};

export type PassengerMessage = z.output<(typeof passengerMessages)[keyof typeof passengerMessages]>;
/** What a client may write. */
export type PassengerInput = z.input<(typeof passengerMessages)[keyof typeof passengerMessages]>;
