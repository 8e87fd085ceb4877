import * as z from "zod";
import {
  coordinates,
  drivenM,
  driverIdText,
  id,
  lat,
  lng,
  located,
  maybe,
  maybeReason,
  maybeText,
  offerIdText,
  reason,
  text,
  tripIdText,
  unixMs,
  vehicleType,
} from "./values.ts";
import { heartbeat } from "./heartbeat.ts";

const order = { id: maybe(id), order_id: tripIdText };
const offer = { ...order, offer_id: offerIdText };

/** P9: phones say -1 for "unknown"; whatever is outside 0..max is. */
const known = (max: number) => z.number().transform((value) => (value >= 0 && value <= max ? value : null));

const optionalNumber = (description: string) => z.number().nullable().optional().meta({ description });

/** Driver -> server, by `type` (P2). */
export const driverMessages = {
  heartbeat,
  /** As a map; the compact form goes past these schemas, see `frame.ts`. */
  driver_location: z
    .object({
      type: z.literal("driver_location"),
      id: maybe(id),
      driver_id: driverIdText.optional(),
      ...coordinates,
      heading: maybe(known(360)),
      speed_mps: maybe(known(Number.MAX_VALUE)),
      accuracy_m: maybe(known(Number.MAX_VALUE)),
      at: maybe(unixMs),
    })
    .transform(located),
  driver_status: z.object({
    type: z.literal("driver_status"),
    id: maybe(id),
    status: z.enum(["available", "paused", "offline"]),
    vehicle_type: maybe(vehicleType),
  }),
  offer_received: z.object({ type: z.literal("offer_received"), ...offer }),
  accept_order: z.object({ type: z.literal("accept_order"), ...offer }),
  decline_order: z.object({ type: z.literal("decline_order"), ...offer, reason: maybeReason }).meta({
    description:
      "After one's own acceptance it is acknowledged and changes nothing: cancel_order gives a trip back",
  }),
  driver_departed: z.object({ type: z.literal("driver_departed"), ...order }),
  /** With a reason it is taken outside the arrive radius too. */
  driver_arrived: z.object({ type: z.literal("driver_arrived"), ...order, reason: maybeReason }),
  start_trip: z.object({
    type: z.literal("start_trip"),
    ...order,
    code: maybeText(text(16).meta({ description: "Reserved: taken and not checked yet" })),
  }),
  complete_trip: z.object({
    type: z.literal("complete_trip"),
    ...order,
    distance_m: maybe(drivenM),
  }),
  cancel_order: z.object({ type: z.literal("cancel_order"), ...order, reason }),
};

/** `driver_location` in the compact form, as `ping.ts` reads it. */
export const compactLocation = z
  .tuple([
    z.literal(1),
    lat,
    lng,
    optionalNumber("heading, degrees"),
    optionalNumber("speed, m/s"),
    optionalNumber("accuracy, metres"),
    optionalNumber("at, Unix ms"),
  ])
  .meta({ description: "[1, lat, lng, heading, speed_mps, accuracy_m, at]; the last four null or left out" });

export type DriverMessage = z.output<(typeof driverMessages)[keyof typeof driverMessages]>;
/** What a client may write. */
export type DriverInput = z.input<(typeof driverMessages)[keyof typeof driverMessages]>;
