import * as z from "zod";
import { coordinates, id, located, maybe, maybeReason, tripIdText } from "./values.ts";
import { heartbeat } from "./heartbeat.ts";
import { tripRequest } from "./http-bodies.ts";

const order = { id: maybe(id), order_id: tripIdText };

/** Passenger -> server, by `type` (P2). */
export const passengerMessages = {
  heartbeat,
  request_trip: tripRequest.extend({ type: z.literal("request_trip"), id: maybe(id) }),
  cancel_trip: z.object({ type: z.literal("cancel_trip"), ...order, reason: maybeReason }),
  subscribe: z.object({
    type: z.literal("subscribe"),
    ...order,
    since_seq: maybe(z.int().min(0)),
  }),
  unsubscribe: z.object({ type: z.literal("unsubscribe"), ...order }),
  watch_nearby: z
    .object({
      type: z.literal("watch_nearby"),
      id: maybe(id),
      ...coordinates,
      radius_m: z.number().positive().max(5_000).default(2_000),
    })
    .transform(located),
  unwatch_nearby: z.object({ type: z.literal("unwatch_nearby"), id: maybe(id) }),
  rate_trip: z
    .object({
      type: z.literal("rate_trip"),
      ...order,
      stars: z.int().min(1).max(5),
      /** Minor units of the fare's currency. */
      tip: z.int().min(0).max(100_000_000).default(0),
    })
    .meta({
      description:
        "Once for each trip, whatever the id: the id is answered and not remembered, so it may be used again",
    }),
};

export type PassengerMessage = z.output<(typeof passengerMessages)[keyof typeof passengerMessages]>;
/** What a client may write. */
export type PassengerInput = z.input<(typeof passengerMessages)[keyof typeof passengerMessages]>;
