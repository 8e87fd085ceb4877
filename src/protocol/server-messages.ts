import * as z from "zod";
import { errorCodes } from "../domain/errors.ts";
import { trip, tripDriver } from "./http-bodies.ts";
import { loggedRow } from "./story-bodies.ts";
import { driverStatus, money, point, straightM, tripStatus, unixMs } from "./values.ts";

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

/** S8: all that a driver is told of them. */
const passenger = z.object({ first_name: z.string().nullable(), rating: z.number().nullable() });

const order = {
  type: z.literal("new_order"),
  order_id: z.string(),
  seq: z.int(),
  pickup: point,
  dropoff: point,
  pickup_eta_s: z.number().nullable(),
  pickup_distance_m: straightM.nullable(),
  fare: money,
  passenger,
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
  passenger: passenger.optional().meta({ description: "In a driver's welcome" }),
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

/** To the passenger: when their driver is there, at the pickup and then at the dropoff. */
export const estimateUpdate = z.object({
  type: z.literal("estimate_update"),
  order_id: z.string(),
  eta_s: z.number(),
  distance_m: straightM,
  leg: z.enum(["pickup", "dropoff"]),
  at: unixMs,
});

/** After `watch_nearby`: who is new or has changed, and who is gone. `full`: everybody there is. */
export const nearbyDrivers = z.object({
  type: z.literal("driver_location"),
  full: z.literal(true).optional(),
  drivers: z.array(
    z.object({ driver_id: z.string(), ...point.shape, heading: z.number().nullable(), at: unixMs }),
  ),
  gone: z.array(z.string()),
});

const percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
/** Of the last minute, except the shares; 0 where nothing was measured. */
const stats = z.object({
  at: unixMs,
  match_latency_ms: percentiles,
  time_to_first_offer_ms: percentiles,
  orders_per_minute: z.number(),
  active_drivers: z.int(),
  drivers_by_status: z.record(z.string(), z.int()),
  active_orders: z.int(),
  /** Of the orders that ended within the last hour: the share completed, the share cancelled. */
  conversion: z.number(),
  cancellation_rate: z.number(),
  sockets: z.int(),
  pings_per_second: z.number(),
  /** p99 of the last second. */
  loop_lag_ms: z.number(),
  /** One append of the last second on average; while nothing commits, for how long that has been so. */
  log_lag_ms: z.number(),
  /** Broken laws of the log by law; must be 0. */
  invariant_breaks: z.record(z.string(), z.int()),
  /** Trips and drivers in quarantine; must be 0. */
  quarantined: z.int(),
});
/** `history`: with the first message, what was told in the last hour, one for each 15 seconds, oldest first. */
export const systemStats = z.object({
  type: z.literal("system_stats"),
  ...stats.shape,
  history: z.array(stats).optional(),
});

/** Live orders, and each once more as it ended. `full`: forget those of before. */
export const activeOrders = z.object({
  type: z.literal("active_orders"),
  full: z.boolean(),
  orders: z.array(
    trip.extend({
      requested_at: unixMs,
      accepted_at: unixMs.nullable(),
      arrived_at: unixMs.nullable(),
      started_at: unixMs.nullable(),
      completed_at: unixMs.nullable(),
      cancelled_at: unixMs.nullable(),
      passenger_name: z.string().nullable(),
      driver_name: z.string().nullable(),
      market: z.string(),
      /** What an operator should look at, oldest first. */
      alarms: z.array(z.enum(["driver_lost", "pickup_late", "ride_stuck"])),
    }),
  ),
});

/** Who is new in the box or has changed, and who has left it. `full`: forget those of before, cells too. */
export const driversShown = z.object({
  type: z.literal("drivers"),
  full: z.boolean(),
  drivers: z.array(
    z.object({
      driver_id: z.string(),
      ...point.shape,
      heading: z.number().nullable(),
      status: driverStatus,
      at: unixMs,
    }),
  ),
  gone: z.array(z.string()),
});
/** Instead of single cars, where there are too many: how many in each H3 cell whose number changed, at its centre. */
export const driversCounted = z.object({
  type: z.literal("drivers"),
  full: z.boolean(),
  cells: z.array(z.object({ cell: z.string(), count: z.int(), ...point.shape })),
});
/** H3 cells whose numbers changed: free drivers with a fresh position, and pickups of requests without a driver. */
export const cells = z.object({
  type: z.literal("cells"),
  full: z.boolean(),
  cells: z.array(
    z.object({ cell: z.string(), supply: z.int(), demand: z.int(), outline: z.array(z.array(z.number())) }),
  ),
});

/** A row of the event log, as committed. */
export const logRow = z.object({ type: z.literal("log"), row: loggedRow.extend({ at: unixMs }) });

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
export type EstimateUpdate = z.infer<typeof estimateUpdate>;
export type NearbyDrivers = z.infer<typeof nearbyDrivers>;
/** What the numbers were at one moment. */
export type Stats = z.infer<typeof stats>;
export type SystemStats = z.infer<typeof systemStats>;
export type ActiveOrders = z.infer<typeof activeOrders>;
export type DriversShown = z.infer<typeof driversShown>;
export type DriversCounted = z.infer<typeof driversCounted>;
export type CellsUpdate = z.infer<typeof cells>;
export type LogRow = z.infer<typeof logRow>;
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
  | NearbyDrivers
  | EstimateUpdate
  | SystemStats
  | ActiveOrders
  | DriversShown
  | DriversCounted
  | CellsUpdate
  | LogRow
  | DriverWelcome
  | PassengerWelcome
  | AdminWelcome;
