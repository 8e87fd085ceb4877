import type { DriverInput } from "../protocol/driver-messages.ts";
import type {
  AssignedOrder,
  CancelOrder,
  DriverWelcome,
  OfferedOrder,
  OrderUpdate,
} from "../protocol/server-messages.ts";
import { openConnection, type ConnectionOptions, type Reply, type ServerRefusal } from "./connection.ts";

/** Where the phone is. Degrees, metres per second, metres, Unix milliseconds of the phone's clock. */
export interface Fix {
  readonly lat: number;
  readonly lng: number;
  readonly heading?: number;
  readonly speedMps?: number;
  readonly accuracyM?: number;
  readonly atMs?: number;
}

/** What a driver app is told. */
export interface DriverListener {
  /** After each connecting: how things stand, by the server. It replaces what the app believed. */
  readonly welcomed: (resume: DriverWelcome["resume"]) => void;
  readonly offered: (order: OfferedOrder) => void;
  /** An operator gave this order: nothing to answer. */
  readonly assigned: (order: AssignedOrder) => void;
  /** An offer or the order is no longer theirs. */
  readonly withdrawn: (cancel: CancelOrder) => void;
  /** Its own trip moved; each state once, some may be skipped. */
  readonly updated: (update: OrderUpdate) => void;
  /** A message without an id was refused. */
  readonly failed?: (error: ServerRefusal) => void;
}

export interface DriverClient {
  /** The compact fast path: not acknowledged, and not sent while there is no connection (false). */
  ping(fix: Fix): boolean;
  setStatus(status: "available" | "paused" | "offline", vehicleType?: string): Promise<Reply>;
  offerReceived(orderId: string, offerId: string): Promise<Reply>;
  acceptOrder(orderId: string, offerId: string): Promise<Reply>;
  declineOrder(orderId: string, offerId: string, reason?: string): Promise<Reply>;
  driverDeparted(orderId: string): Promise<Reply>;
  /** With a reason it is taken outside the arrive radius too. */
  driverArrived(orderId: string, reason?: string): Promise<Reply>;
  startTrip(orderId: string, code?: string): Promise<Reply>;
  completeTrip(orderId: string, distanceM?: number): Promise<Reply>;
  /** Before the start; the trip is dispatched again. */
  cancelOrder(orderId: string, reason: string): Promise<Reply>;
  suspend(): void;
  resume(): void;
  close(): void;
}

export interface DriverOptions extends Pick<
  ConnectionOptions,
  "WebSocket" | "token" | "lost" | "ended" | "clock" | "random"
> {
  /** `ws://host:8000` */
  readonly url: string;
  readonly driverId: string;
}

/** Opens a driver's connection. See `Connection` for what happens when it breaks. */
export const openDriver = (options: DriverOptions, listener: DriverListener): DriverClient => {
  let newest = { orderId: "", seq: 0 };

  /** After a reconnect `order_update` may say what the welcome said already. */
  const isNew = ({ order_id, seq }: OrderUpdate): boolean => {
    if (newest.orderId === order_id && seq <= newest.seq) return false;
    newest = { orderId: order_id, seq };
    return true;
  };

  /** An arrival that is sent again is judged by where the driver is: a server that was restarted has forgotten. */
  let lastFix: Fix | null = null;
  const ping = (fix: Fix): boolean => {
    lastFix = fix;
    const { lat, lng, heading = null, speedMps = null, accuracyM = null, atMs = null } = fix;
    return connection.post([1, lat, lng, heading, speedMps, accuracyM, atMs]);
  };

  const connection = openConnection({
    ...options,
    url: `${options.url}/ws/driver/${options.driverId}`,
    before: () => void (lastFix && ping(lastFix)),
    welcomed: (welcome) => {
      const { resume } = welcome as DriverWelcome;
      if (resume.order !== null) isNew(resume.order);
      listener.welcomed(resume);
    },
    received: (message) => {
      switch (message.type) {
        case "new_order":
          if ("assigned" in message) listener.assigned(message);
          else listener.offered(message);
          break;
        case "cancel_order":
          listener.withdrawn(message);
          break;
        case "order_update":
          if (isNew(message)) listener.updated(message);
          break;
        case "error":
          listener.failed?.(message.error);
          break;
        default: // a later server says more than this client knows
      }
    },
  });
  const send = (message: DriverInput): Promise<Reply> => connection.send(message);

  return {
    ping,
    setStatus: (status, vehicleType) => send({ type: "driver_status", status, vehicle_type: vehicleType }),
    offerReceived: (order_id, offer_id) => send({ type: "offer_received", order_id, offer_id }),
    acceptOrder: (order_id, offer_id) => send({ type: "accept_order", order_id, offer_id }),
    declineOrder: (order_id, offer_id, reason) => send({ type: "decline_order", order_id, offer_id, reason }),
    driverDeparted: (order_id) => send({ type: "driver_departed", order_id }),
    driverArrived: (order_id, reason) => send({ type: "driver_arrived", order_id, reason }),
    startTrip: (order_id, code) => send({ type: "start_trip", order_id, code }),
    completeTrip: (order_id, distance_m) => send({ type: "complete_trip", order_id, distance_m }),
    cancelOrder: (order_id, reason) => send({ type: "cancel_order", order_id, reason }),
    suspend: connection.suspend,
    resume: connection.resume,
    close: connection.close,
  };
};
