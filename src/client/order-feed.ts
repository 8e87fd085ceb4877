import type { OrderUpdate } from "../protocol/server-messages.ts";
import type { Reply } from "./connection.ts";

/** Follows orders by `seq`, so that each update reaches the application once and in order (B6). */
export interface OrderFeed {
  /** From the whole trip (null), or from the update after `sinceSeq`. */
  follow(orderId: string, sinceSeq: number | null): Promise<Reply>;
  /** A new order, which its request subscribed to. `missed`: on a connection that is gone. */
  begin(orderId: string, missed: boolean): void;
  unfollow(orderId: string): void;
  take(update: OrderUpdate): void;
  /** Asks for what each followed order missed: after a reconnect. */
  catchUp(): void;
}

/**
 * `ask` sends `subscribe`. What follows a hole is not kept: it comes again with the answer, since
 * frames of one connection are in order. `later`: in some seconds.
 */
export const followOrders = (
  ask: (orderId: string, sinceSeq: number | null) => Promise<Reply>,
  deliver: (update: OrderUpdate) => void,
  later: (fn: () => void) => void,
): OrderFeed => {
  const followed = new Map<string, Followed>();

  const follow = (id: string, seq: number | null): Followed => {
    const order = { id, seq, asking: false, over: false };
    followed.set(id, order);
    return order;
  };

  const askFor = async (order: Followed): Promise<Reply> => {
    order.asking = true;
    const reply = await ask(order.id, order.seq);
    order.asking = false;
    if (reply.is !== "refused" || followed.get(order.id) !== order) return reply;
    if (notTheirs.has(reply.error.code)) followed.delete(order.id);
    // The log was silent for longer than a command is asked again; whoever follows an order does not give up.
    else if (silent.has(reply.error.code)) later(() => askOnce(order));
    return reply;
  };
  const askOnce = (order: Followed) => {
    if (!order.asking && followed.get(order.id) === order) void askFor(order);
  };

  return {
    follow: (orderId, sinceSeq) => askFor(follow(orderId, sinceSeq)),
    begin: (orderId, missed) => {
      const order = followed.get(orderId) ?? follow(orderId, 0);
      if (missed) askOnce(order);
    },
    unfollow: (orderId) => void followed.delete(orderId),
    take: (update) => {
      // The first update of an own request may come before its ack.
      const order =
        followed.get(update.order_id) ?? (update.seq === 1 ? follow(update.order_id, 0) : undefined);
      if (order === undefined || update.seq === order.seq) return;
      // A whole trip counts even when it is older than what we know: then the log was set back.
      const isNext = update.full === true || update.seq === (order.seq ?? Number.NaN) + 1;
      if (isNext) {
        order.seq = update.seq;
        // Kept all the same: what comes late, or once more from the beginning, was told.
        order.over = ended.has(update.status);
        deliver(update);
      } else if (order.seq === null || update.seq > order.seq) askOnce(order);
    },
    catchUp: () => followed.forEach((order) => order.over || askOnce(order)),
  };
};

interface Followed {
  readonly id: string;
  /** Of the newest update delivered; null: none yet, the whole trip is asked for. */
  seq: number | null;
  asking: boolean;
  /** Nothing more can happen to it. */
  over: boolean;
}

const notTheirs: ReadonlySet<string> = new Set(["not_found", "forbidden"]);
const silent: ReadonlySet<string> = new Set(["busy", "unavailable"]);
const ended: ReadonlySet<string> = new Set(["completed", "cancelled", "no_driver_found"]);
