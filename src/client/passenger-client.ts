import type { PassengerInput } from "../protocol/passenger-messages.ts";
import type {
  DriverLocation,
  EstimateUpdate,
  NearbyDrivers,
  OrderUpdate,
  PassengerWelcome,
} from "../protocol/server-messages.ts";
import { openConnection, type ConnectionOptions, type Reply, type ServerRefusal } from "./connection.ts";
import { followOrders } from "./order-feed.ts";
import { realClock } from "../domain/time.ts";

/** What a passenger app is told. */
export interface PassengerListener {
  /** After each connecting: the live trips. Those already followed catch up by themselves. */
  readonly welcomed: (orderIds: readonly string[]) => void;
  /** Each update of a followed order once and in order, across reconnects. */
  readonly updated: (update: OrderUpdate) => void;
  readonly driverMoved?: (location: DriverLocation) => void;
  /** When their driver is at the pickup, then at the dropoff. */
  readonly estimated?: (estimate: EstimateUpdate) => void;
  /** Free cars where `watchNearby` looks; with `full` they replace those of before. */
  readonly nearby?: (cars: NearbyDrivers) => void;
  /** A message without an id was refused, such as `watchNearby` outside every service area. */
  readonly failed?: (error: ServerRefusal) => void;
}

type Fields<T extends PassengerInput["type"]> = Omit<Extract<PassengerInput, { type: T }>, "type" | "id">;
export type TripWish = Fields<"request_trip">;
export type Circle = Fields<"watch_nearby">;

export interface PassengerClient {
  /** Follows the order too. The same `key` after a restart of the app asks for the same trip again. */
  requestTrip(wish: TripWish, key?: string): Promise<Reply>;
  cancelTrip(orderId: string, reason?: string): Promise<Reply>;
  /** Follows an order from the whole trip, or from the update after `sinceSeq`. */
  subscribe(orderId: string, sinceSeq?: number): Promise<Reply>;
  unsubscribe(orderId: string): Promise<Reply>;
  /** Of a completed trip, once: 1 to 5 stars, and a tip in minor units of the fare's currency. */
  rateTrip(orderId: string, stars: number, tip?: number): Promise<Reply>;
  /** Free cars in this circle instead of an earlier one, now and after each reconnect (B20). */
  watchNearby(circle: Circle): void;
  unwatchNearby(): void;
  suspend(): void;
  resume(): void;
  close(): void;
}

export interface PassengerOptions extends Pick<
  ConnectionOptions,
  "WebSocket" | "token" | "lost" | "ended" | "clock" | "random"
> {
  /** `ws://host:8000` */
  readonly url: string;
  readonly passengerId: string;
}

/** After the connection itself has asked again and again. */
const ASK_AGAIN_MS = 5_000;

/** Opens a passenger's connection. See `Connection` for what happens when it breaks. */
export const openPassenger = (options: PassengerOptions, listener: PassengerListener): PassengerClient => {
  const { clock = realClock } = options;
  let watched: Circle | null = null;
  const watch = () => watched && post({ type: "watch_nearby", ...watched });

  const connection = openConnection({
    ...options,
    url: `${options.url}/ws/passenger/${options.passengerId}`,
    welcomed: (welcome) => {
      feed.catchUp();
      watch();
      listener.welcomed((welcome as PassengerWelcome).resume.order_ids);
    },
    received: (message) => {
      switch (message.type) {
        case "order_update":
          feed.take(message);
          break;
        case "driver_location":
          if ("order_id" in message) listener.driverMoved?.(message);
          else listener.nearby?.(message);
          break;
        case "estimate_update":
          listener.estimated?.(message);
          break;
        case "error":
          listener.failed?.(message.error);
          break;
        default: // a later server says more than this client knows
      }
    },
  });
  const send = (message: PassengerInput, key?: string): Promise<Reply> => connection.send(message, key);
  const post = (message: PassengerInput) => connection.post(message);

  const feed = followOrders(
    (order_id, since_seq) => send({ type: "subscribe", order_id, since_seq }),
    listener.updated,
    (fn) => void clock.after(ASK_AGAIN_MS, fn),
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
    rateTrip: (order_id, stars, tip) => send({ type: "rate_trip", order_id, stars, tip }),
    watchNearby: (circle) => {
      watched = circle;
      watch();
    },
    unwatchNearby: () => {
      watched = null;
      post({ type: "unwatch_nearby" });
    },
    suspend: connection.suspend,
    resume: connection.resume,
    close: connection.close,
  };
};
