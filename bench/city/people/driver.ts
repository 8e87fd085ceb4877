import type { Position } from "../../../src/domain/geo.ts";
import type { TripStatus } from "../../../src/domain/status.ts";
import type { Reply } from "../../../src/client/connection.ts";
import { openDriver } from "../../../src/client/driver-client.ts";
import type { CancelOrder, OfferedOrder, OrderUpdate } from "../../../src/protocol/server-messages.ts";
import { happens, thinkS } from "./behaviour.ts";
import type { Car } from "./car.ts";
import { Phone, realMs, type City } from "../city.ts";
import { newErrand, type Errand } from "./errand.ts";
import { seeded } from "../random.ts";
import { serve } from "./serve.ts";
import { isUnknown, record } from "../tally.ts";

export interface Driver {
  /** Resolves when the server knows whether this driver is for hire; rejects when it does not take this driver. */
  readonly online: Promise<void>;
  /** Says where the car is, and whether it is for hire when that has changed. */
  ping(): void;
  /** What the app would show just now. */
  believes(): Belief;
  close(): void;
}

export interface Belief {
  readonly driverId: string;
  readonly forHire: boolean;
  readonly orderId: string | null;
}

/** A driver app and the person who holds it, from the first connection to `close`. */
export const startDriver = (city: City, driverId: string, seat: number, car: Car): Driver => {
  const { tally } = city;
  const random = seeded(city.seed, "driver", seat);
  let errand: Errand | null = null;
  /** As the server knows it. */
  let forHire = false;
  let nowOnline: () => void;
  let neverOnline: (error: Error) => void;
  const online = new Promise<void>((resolve, reject) => {
    nowOnline = resolve;
    neverOnline = reject;
  });
  online.catch(() => undefined); // after the first time nobody waits

  const client = openDriver(
    {
      WebSocket: Phone,
      url: city.socketUrl,
      driverId,
      token: () => city.token(driverId, "driver"),
      ended: (code) => {
        if (code === 1000) return;
        tally.fault(`a driver's connection ended with ${code}`);
        neverOnline(new Error(`a driver's connection ended with ${code}`));
      },
    },
    {
      // The server's word: what it no longer knows of is over, what it has for us is taken up.
      welcomed: ({ status, order, offers }) => {
        forHire = status !== "offline" && status !== "paused";
        const known = [order?.order_id, ...offers.map((offer) => offer.order_id)];
        if (errand !== null && !known.includes(errand.orderId)) drop(errand);
        if (order !== null && order.pickup !== undefined && order.dropoff !== undefined)
          begin({ ...order, pickup: order.pickup, dropoff: order.dropoff }, order.status);
        else for (const offer of offers) void consider(offer);
        ping();
        if (!car.isFree()) nowOnline();
      },
      offered: (offer) => {
        tally.offered(offer.order_id);
        afterAnswers(() => void consider(offer));
      },
      assigned: (order) => afterAnswers(() => begin(order, "accepted")),
      withdrawn: (order) => afterAnswers(() => lose(order)),
      updated: (update) => afterAnswers(() => follow(update)),
      failed: tally.refused,
    },
  );

  const lose = ({ order_id, offer_id, reason }: CancelOrder) => {
    if (errand?.orderId === order_id && (offer_id ?? errand.offerId) === errand.offerId) drop(errand);
    // The third miss in a row paused us, also when our answer was refused for it first; once too often does no harm.
    if (reason === "expired") void sayForHire();
  };
  const follow = ({ order_id, status }: OrderUpdate) => {
    if (errand?.orderId === order_id) {
      if (notOurs.has(status)) drop(errand);
    } else if (!notOurs.has(status)) ask(); // an acceptance we were told nothing certain of
  };

  const ping = () => {
    if (client.ping(car.position())) tally.counts.pings += 1;
    if (errand === null && forHire !== car.isFree()) void sayForHire();
  };
  const say = async (sent: Promise<Reply>, logged: boolean): Promise<Reply> => {
    const reply = await sent;
    tally.answered(`driver:${driverId}`, reply, logged);
    if (isUnknown(reply)) ask();
    return reply;
  };
  /** How things stand, by the next welcome. */
  const ask = () => {
    client.suspend();
    client.resume();
  };
  const sayForHire = async () => {
    forHire = car.isFree();
    const reply = await say(client.setStatus(forHire ? "available" : "paused"), false);
    if (reply.is === "ack") nowOnline();
    else if (reply.is === "refused") neverOnline(new Error(`a driver cannot work: ${reply.error.message}`));
  };
  const drop = (which: Errand) => {
    which.end();
    if (errand !== which) return;
    errand = null;
    car.release();
  };

  const consider = async (offer: OfferedOrder) => {
    const { order_id: orderId, offer_id: offerId, pickup, dropoff } = offer;
    if (errand?.orderId === orderId && errand.offerId === offerId) return;
    if (errand?.accepted) return tally.fault("an offer for a driver who has an order (I10)");
    if (!forHire) return; // it crossed our pausing, which declined it
    errand?.end();
    const mine = newErrand({ orderId, offerId, pickup, dropoff });
    errand = mine;
    void say(client.offerReceived(orderId, offerId), false);
    if (happens(random, city.mix.ignore)) return;
    if (!(await mine.pause(realMs(city, thinkS(random))))) return;
    if (happens(random, city.mix.decline)) {
      await say(client.declineOrder(orderId, offerId, "too far"), false);
      return drop(mine);
    }
    const reply = await say(client.acceptOrder(orderId, offerId), true);
    if (reply.is !== "ack") return drop(mine);
    record(tally.pickupEtaS, offer.pickup_eta_s ?? 0);
    record(tally.pickupDistanceM, offer.pickup_distance_m ?? 0);
    if (!mine.over) await run(mine, "accepted");
  };

  /** An order that is ours without an offer of ours: assigned, or found at a reconnect. */
  const begin = (
    order: { readonly order_id: string; readonly pickup: Position; readonly dropoff: Position },
    status: TripStatus,
  ) => {
    if (errand?.orderId === order.order_id) return;
    errand?.end();
    const { order_id: orderId, pickup, dropoff } = order;
    errand = newErrand({ orderId, offerId: null, pickup, dropoff });
    void run(errand, status);
  };

  const run = async (mine: Errand, status: TripStatus) => {
    mine.accept();
    await serve({ city, client, car, random, ping, say: (sent) => say(sent, true) }, mine, status);
    drop(mine);
  };

  return {
    online,
    ping,
    believes: () => ({ driverId, forHire, orderId: errand?.orderId ?? null }),
    close: client.close,
  };
};

/** One after the other, and after what was answered in the same packet. */
const afterAnswers = (then: () => void): void => void setImmediate(then);

/** Of a trip whose driver we were. */
const notOurs: ReadonlySet<TripStatus> = new Set(["requested", "completed", "cancelled", "no_driver_found"]);
