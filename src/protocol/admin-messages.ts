import * as z from "zod";
import { driverIdText, id, maybe, reason, tripIdText } from "./values.ts";

const order = { id: maybe(id), order_id: tripIdText };

/** Admin -> server, by `type` (P2). */
export const adminMessages = {
  assign_driver: z.object({
    type: z.literal("assign_driver"),
    ...order,
    driver_id: driverIdText,
    reason: maybe(reason),
  }),
  cancel_trip: z.object({ type: z.literal("cancel_trip"), ...order, reason: maybe(reason) }),
};

export type AdminMessage = z.output<(typeof adminMessages)[keyof typeof adminMessages]>;
/** What a client may write. */
export type AdminInput = z.input<(typeof adminMessages)[keyof typeof adminMessages]>;
