import type { AdminInput, Bbox, Topic } from "../protocol/admin-messages.ts";
import type {
  ActiveOrders,
  CellsUpdate,
  DriversCounted,
  DriversShown,
  LogRow,
  SystemStats,
} from "../protocol/server-messages.ts";
import { openConnection, type ConnectionOptions, type Reply, type ServerRefusal } from "./connection.ts";

/** What an operator's console is told, by topic. */
export interface AdminListener {
  /** After each connecting; what `subscribe` asked for begins again, with `full` frames. */
  readonly welcomed?: () => void;
  /** `stats` */
  readonly stats?: (stats: SystemStats) => void;
  /** `orders` */
  readonly orders?: (orders: ActiveOrders) => void;
  /** `drivers`: cars, or counts by H3 cell where there are too many. */
  readonly drivers?: (drivers: DriversShown | DriversCounted) => void;
  /** `cells`: free drivers and open requests by H3 cell. */
  readonly cells?: (cells: CellsUpdate) => void;
  /** `log`: each row once; those of a broken connection are not told again. */
  readonly log?: (row: LogRow["row"]) => void;
  /** A message without an id was refused, such as a `subscribe` when too many consoles are open. */
  readonly failed?: (error: ServerRefusal) => void;
}

export interface AdminClient {
  /** These topics from the beginning, now and after each reconnect (B20). `bbox`: of `drivers` and `cells`, west, south, east, north; without it everywhere. */
  subscribe(topics: Topic[], bbox?: Bbox): void;
  /** Without topics: all. */
  unsubscribe(topics?: Topic[]): void;
  /** On an accepted trip a reassignment. */
  assignDriver(orderId: string, driverId: string, reason?: string): Promise<Reply>;
  cancelTrip(orderId: string, reason?: string): Promise<Reply>;
  /** For a driver who cannot say it. */
  completeTrip(orderId: string, distanceM: number, reason: string): Promise<Reply>;
  suspend(): void;
  resume(): void;
  close(): void;
}

export interface AdminOptions extends Pick<
  ConnectionOptions,
  "WebSocket" | "token" | "lost" | "ended" | "clock" | "random"
> {
  /** `ws://host:8000` */
  readonly url: string;
}

/** Opens an operator's connection. See `Connection` for what happens when it breaks. */
export const openAdmin = (options: AdminOptions, listener: AdminListener): AdminClient => {
  const subscribed = new Map<Topic, Bbox | undefined>();

  const connection = openConnection({
    ...options,
    url: `${options.url}/ws/admin`,
    welcomed: () => {
      for (const [topic, bbox] of subscribed) post({ type: "subscribe", topics: [topic], bbox });
      listener.welcomed?.();
    },
    received: (message) => {
      switch (message.type) {
        case "system_stats":
          listener.stats?.(message);
          break;
        case "active_orders":
          listener.orders?.(message);
          break;
        case "drivers":
          listener.drivers?.(message);
          break;
        case "cells":
          listener.cells?.(message);
          break;
        case "log":
          listener.log?.(message.row);
          break;
        case "error":
          listener.failed?.(message.error);
          break;
        default: // a later server says more than this client knows
      }
    },
  });
  const send = (message: AdminInput): Promise<Reply> => connection.send(message);
  const post = (message: AdminInput) => connection.post(message);

  return {
    subscribe: (topics, bbox) => {
      for (const topic of topics) subscribed.set(topic, bbox);
      post({ type: "subscribe", topics, bbox });
    },
    unsubscribe: (topics) => {
      for (const topic of topics ?? [...subscribed.keys()]) subscribed.delete(topic);
      post({ type: "unsubscribe", topics });
    },
    assignDriver: (order_id, driver_id, reason) =>
      send({ type: "assign_driver", order_id, driver_id, reason }),
    cancelTrip: (order_id, reason) => send({ type: "cancel_trip", order_id, reason }),
    completeTrip: (order_id, distance_m, reason) =>
      send({ type: "complete_trip", order_id, distance_m, reason }),
    suspend: connection.suspend,
    resume: connection.resume,
    close: connection.close,
  };
};
