import * as z from "zod";
import { heartbeat } from "./heartbeat.ts";
import { drivenM, driverIdText, id, lat, lng, maybe, maybeReason, reason, tripIdText } from "./values.ts";

const order = { id: maybe(id), order_id: tripIdText };

export const topicNames = ["stats", "orders", "drivers", "cells", "log"] as const;
export type Topic = (typeof topicNames)[number];
const topics = z.array(z.enum(topicNames)).min(1).max(topicNames.length);

/** West, south, east, north, as in GeoJSON; west over east crosses the 180th meridian. */
const bbox = z.tuple([lng, lat, lng, lat]).refine(([, south, , north]) => south <= north, {
  error: "is west, south, east, north: the second is the south",
});

/** Admin -> server, by `type` (P2). */
export const adminMessages = {
  heartbeat,
  assign_driver: z.object({
    type: z.literal("assign_driver"),
    ...order,
    driver_id: driverIdText,
    reason: maybeReason,
  }),
  cancel_trip: z.object({ type: z.literal("cancel_trip"), ...order, reason: maybeReason }),
  /** For a driver who cannot say it. */
  complete_trip: z.object({ type: z.literal("complete_trip"), ...order, distance_m: drivenM, reason }),
  /** `bbox`: of `drivers` and `cells`; without it everywhere. */
  subscribe: z.object({ type: z.literal("subscribe"), id: maybe(id), topics, bbox: maybe(bbox) }),
  /** Without topics: all. */
  unsubscribe: z.object({ type: z.literal("unsubscribe"), id: maybe(id), topics: maybe(topics) }),
};

export type Bbox = z.output<typeof bbox>;
export type AdminMessage = z.output<(typeof adminMessages)[keyof typeof adminMessages]>;
/** What a client may write. */
export type AdminInput = z.input<(typeof adminMessages)[keyof typeof adminMessages]>;
