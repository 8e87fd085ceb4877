import type * as z from "zod";
import * as server from "./server-messages.ts";
import { adminMessages } from "./admin-messages.ts";
import { compactLocation, driverMessages } from "./driver-messages.ts";
import { passengerMessages } from "./passenger-messages.ts";

/** One of the three sockets: its messages in both directions. */
export interface SocketContract {
  readonly path: string;
  readonly receives: Readonly<Record<string, z.ZodType>>;
  /** By name; a `type` may have several shapes. */
  readonly sends: Readonly<Record<string, z.ZodType>>;
}

const { ack, error } = server;

export const sockets: Readonly<Record<"driver" | "passenger" | "admin", SocketContract>> = {
  driver: {
    path: "/ws/driver/{driver_id}",
    receives: { ...driverMessages, driver_location_compact: compactLocation },
    sends: {
      welcome: server.driverWelcome,
      ack,
      error,
      new_order: server.offeredOrder,
      new_order_assigned: server.assignedOrder,
      cancel_order: server.cancelOrder,
      order_update: server.orderUpdate,
    },
  },
  passenger: {
    path: "/ws/passenger/{passenger_id}",
    receives: passengerMessages,
    sends: {
      welcome: server.passengerWelcome,
      ack,
      error,
      order_update: server.orderUpdate,
      driver_location: server.driverLocation,
      driver_location_nearby: server.nearbyDrivers,
      estimate_update: server.estimateUpdate,
    },
  },
  admin: {
    path: "/ws/admin",
    receives: adminMessages,
    sends: {
      welcome: server.adminWelcome,
      ack,
      error,
      system_stats: server.systemStats,
      active_orders: server.activeOrders,
      drivers: server.driversShown,
      drivers_counted: server.driversCounted,
      cells: server.cells,
      log: server.logRow,
    },
  },
};
