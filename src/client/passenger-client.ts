import type { PassengerInput } from "../protocol/passenger-messages.ts";
import type { DriverLocation, OrderUpdate, PassengerWelcome } from "../protocol/server-messages.ts";
import { openConnection, type ConnectionOptions, type Reply, type ServerRefusal } from "./connection.ts";
import { followOrders } from "./order-feed.ts";

/** What a passenger app is told. */
export interface PassengerListener {
  /** After each connecting: the live trips. Those already followed catch up by themselves. */
  readonly welcomed: (orderIds: readonly string[]) => void;
  /** Each update of a followed order once and in order, across reconnects. */
  readonly updated: (update: OrderUpdate) => void;
  readonly driverMoved?: (location: DriverLocation) => void;
  /** A message without an id was refused. */
  readonly failed?: (error: ServerRefusal) => void;
}

export type TripWish = Omit<Extract<PassengerInput, { type: "request_trip" }>, "type" | "id">;

export interface PassengerClient {
  /** Follows the order too. The same `key` after a restart of the app asks for the same trip again. */
  requestTrip(wish: TripWish, key?: string): Promise<Reply>;
  cancelTrip(orderId: string, reason?: string): Promise<Reply>;
  /** Follows an order from the whole trip, or from the update after `sinceSeq`. */
  subscribe(orderId: string, sinceSeq?: number): Promise<Reply>;
  unsubscribe(orderId: string): Promise<Reply>;
  suspend(): void;
  resume(): void;
  close(): void;
}

export interface PassengerOptions extends Pick<ConnectionOptions, "WebSocket" | "token" | "lost" | "ended"> {
  /** `ws://host:8000` */
  readonly url: string;
  readonly passengerId: string;
}

/** Opens a passenger's connection. See `Connection` for what happens when it breaks. */
export const openPassenger = (options: PassengerOptions, listener: PassengerListener): PassengerClient => {
  const connection = openConnection({
    ...options,
    url: `${options.url}/ws/passenger/${options.passengerId}`,
    welcomed: (welcome) => {
      feed.catchUp();
      listener.welcomed((welcome as PassengerWelcome).resume.order_ids);
    },
    received: (message) => {
      if (message.type === "order_update") feed.take(message);
      else if (message.type === "driver_location" && "order_id" in message) listener.driverMoved?.(message);
      else if (message.type === "error") listener.failed?.(message.error);
    },
  });
  const send = (message: PassengerInput, key?: string): Promise<Reply> => connection.send(message, key);

  const feed = followOrders(
    (order_id, since_seq) => send({ type: "subscribe", order_id, since_seq }),
    listener.updated,
  );

  return {
    requestTrip: async (wish, key) => {
      const reply = await send({ type: "request_trip", ...wish }, key);
      if (reply.is === "ack" && reply.orderId !== null) feed.begin(reply.orderId, reply.resent);
      return reply;
    },
    cancelTrip: (order_id, reason) => send({ type: "cancel_trip", order_id, reason }),
    subscribe: (orderId, sinceSeq) => feed.follow(orderId, sinceSeq ?? null),
    unsubscribe: (order_id) => {
      feed.unfollow(order_id);
      return send({ type: "unsubscribe", order_id });
    },
    suspend: connection.suspend,
    resume: connection.resume,
    close: connection.close,
  };
};
