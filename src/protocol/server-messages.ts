import * as z from "zod";
import { errorCodes } from "../domain/errors.ts";
import { tripDriver } from "./http-bodies.ts";
import { driverStatus, money, point, tripStatus, unixMs } from "./values.ts";

export const errorContent = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  status: z.string().optional(),
  legal: z.array(z.string()).optional(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** Durable. */
export const ack = z.object({
  type: z.literal("ack"),
  id: z.string(),
  order_id: z.string().optional(),
  seq: z.int().optional(),
});
/** Without `id` when the message had none. */
export const error = z.object({
  type: z.literal("error"),
  id: z.string().optional(),
  error: errorContent,
});

const order = {
  type: z.literal("new_order"),
  order_id: z.string(),
  seq: z.int(),
  pickup: point,
  dropoff: point,
  pickup_eta_s: z.number().nullable(),
  pickup_distance_m: z.number().nullable(),
  fare: money,
  passenger: z.object({ first_name: z.string().nullable(), rating: z.number().nullable() }),
};
/** To be answered until `expires_at`. */
export const offeredOrder = z.object({
  ...order,
  offer_id: z.string(),
  expires_at: unixMs,
  expires_in_ms: z.number(),
});
/** After a manual assignment: nothing to answer. */
export const assignedOrder = z.object({ ...order, assigned: z.literal(true) });
export const newOrder = z.union([offeredOrder, assignedOrder]);

/** The offer or the trip is no longer the driver's. */
export const cancelOrder = z.object({
  type: z.literal("cancel_order"),
  order_id: z.string(),
  offer_id: z.string().optional(),
  seq: z.int(),
  reason: z.string(),
});

/** One row of the trip, or with `full` the whole trip. Times are Unix milliseconds. */
export const orderUpdate = z.object({
  type: z.literal("order_update"),
  order_id: z.string(),
  seq: z.int(),
  status: tripStatus,
  state: z.string(),
  at: unixMs,
  full: z.literal(true).optional(),
  driver: tripDriver.nullable().optional(),
  eta_s: z.number().nullable().optional(),
  fare: money.nullable().optional(),
  reason: z.string().nullable().optional(),
  cancelled_by: z.string().nullable().optional(),
  vehicle_type: z.string().optional(),
  pickup: point.optional(),
  dropoff: point.optional(),
  note: z.string().nullable().optional(),
});

/** To the passenger: where their driver is. */
export const driverLocation = z.object({
  type: z.literal("driver_location"),
  order_id: z.string(),
  driver_id: z.string(),
  ...point.shape,
  heading: z.number().nullable(),
  at: unixMs,
});

const welcome = { type: z.literal("welcome"), server_time: unixMs, session: z.string() };
export const driverWelcome = z.object({
  ...welcome,
  resume: z.object({
    status: driverStatus,
    order: orderUpdate.nullable(),
    offers: z.array(offeredOrder),
  }),
});
export const passengerWelcome = z.object({
  ...welcome,
  resume: z.object({ order_ids: z.array(z.string()) }),
});
export const adminWelcome = z.object({ ...welcome, resume: z.object({}) });

export type Ack = z.infer<typeof ack>;
export type ErrorMessage = z.infer<typeof error>;
export type OfferedOrder = z.infer<typeof offeredOrder>;
export type AssignedOrder = z.infer<typeof assignedOrder>;
export type NewOrder = OfferedOrder | AssignedOrder;
export type CancelOrder = z.infer<typeof cancelOrder>;
export type OrderUpdate = z.infer<typeof orderUpdate>;
export type DriverLocation = z.infer<typeof driverLocation>;
export type DriverWelcome = z.infer<typeof driverWelcome>;
export type PassengerWelcome = z.infer<typeof passengerWelcome>;
export type AdminWelcome = z.infer<typeof adminWelcome>;
/** Server -> any client. */
export type ServerMessage =
  | Ack
  | ErrorMessage
  | NewOrder
  | CancelOrder
  | OrderUpdate
  | DriverLocation
  | DriverWelcome
  | PassengerWelcome
  | AdminWelcome;
