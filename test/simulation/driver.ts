import type { Act } from "./story.ts";
import { type Belief, type Hands, type Person, SERVER_URL } from "./people.ts";
import { type DriverClient, openDriver } from "../../src/client/driver-client.ts";
import type { AssignedOrder, OfferedOrder, OrderUpdate } from "../../src/protocol/server-messages.ts";
import type { Position } from "../../src/domain/geo.ts";
import { between } from "../../bench/city/random.ts";

const PING_MS = 2_500;

/** An answer that a driver gave to an offer; times are simulated milliseconds. */
export interface Answered {
  readonly driver: string;
  readonly offerId: string;
  readonly heardAt: number;
  readonly answeredAt: number;
  /** The log refused it as data, or its app was ended before it got through: it never was. */
  lost: boolean;
}
export interface Driver extends Person {
  readonly answered: readonly Answered[];
}

/** A driver app and who holds it: takes most offers, drives there, and mostly does what a driver does. */
export const startDriver = ({ name, phone, clock, random, token }: Hands, home: Position): Driver => {
  let at = home;
  let good = false;
  let wants: "available" | "paused" | "offline" = "available";
  let order: { id: string; status: string; seq: number } | null = null;
  let connected = false;
  let asking = false;
  const answered: Answered[] = [];
  const firstHeard = new Map<string, number>();
  const pickups = new Map<string, Position>();
  /** What they are about to do; a newer plan replaces an older one. */
  let plan = (): void => {};

  const later = (low: number, high: number, fn: () => void): void => {
    plan();
    plan = clock.after(between(random, low, high), fn);
  };
  const drawn = (share: number): boolean => random() < share;

  const listener: Parameters<typeof openDriver>[1] = {
    welcomed(resume) {
      connected = true;
      order = null;
      if (resume.order !== null) follow(resume.order);
      for (const offer of resume.offers) consider(offer);
      if (resume.order === null && resume.offers.length === 0 && resume.status !== wants) beAt(wants);
    },
    offered: consider,
    assigned({ order_id, seq, pickup }: AssignedOrder) {
      pickups.set(order_id, pickup);
      order = { id: order_id, status: "accepted", seq };
      goOn();
    },
    withdrawn: ({ order_id, reason }) => {
      if (order?.id === order_id) order = null;
      // It may have been the third miss, which pauses (D8): who is told of no status says theirs again.
      if (good && reason === "expired") beAt(wants);
    },
    updated: follow,
  };
  let client: DriverClient = open();

  function open(): DriverClient {
    connected = false;
    asking = false;
    return openDriver(
      {
        url: SERVER_URL,
        driverId: name,
        WebSocket: phone.WebSocket,
        token: () => token,
        clock,
        random,
        lost: () => void (connected = false),
        ended: () => void (connected = false),
      },
      listener,
    );
  }
  /** One wish after the other: the client may ask an earlier one again after a later one was done. */
  function beAt(wanted: typeof wants): void {
    wants = wanted;
    if (asking) return;
    asking = true;
    const of = client;
    void of.setStatus(wanted).then((reply) => {
      if (of !== client) return;
      asking = false;
      if (wants !== wanted) beAt(wants);
      else if (reply.is !== "ack" && good) clock.after(2_000, () => beAt(wants));
    });
  }

  function consider(offer: OfferedOrder): void {
    pickups.set(offer.order_id, offer.pickup);
    const heardAt = firstHeard.get(offer.offer_id) ?? clock.monotonic();
    firstHeard.set(offer.offer_id, heardAt);
    if (drawn(0.9) || good) void client.offerReceived(offer.order_id, offer.offer_id);
    const mood = good ? 0 : random();
    if (mood > 0.85) return; // does not look at the phone
    later(300, good ? 3_000 : 14_000, () => {
      const answer = {
        driver: name,
        offerId: offer.offer_id,
        heardAt,
        answeredAt: clock.monotonic(),
        lost: false,
      };
      answered.push(answer);
      const says = mood > 0.72 ? client.declineOrder : client.acceptOrder;
      void says(offer.order_id, offer.offer_id).then((reply) => {
        if (reply.is === "closed" || (reply.is === "refused" && reply.error.code === "internal"))
          answer.lost = true;
        // That it is theirs the updates say: an answer may be to what was true before a silence.
      });
    });
  }
  function follow(update: OrderUpdate): void {
    const { order_id: id, seq } = update;
    if (
      update.status === "completed" ||
      update.status === "cancelled" ||
      update.status === "no_driver_found"
    ) {
      if (order?.id === id) order = null;
      return;
    }
    if (update.status === "requested") return;
    if (update.pickup) pickups.set(id, update.pickup);
    order = { id, seq, status: update.status };
    goOn();
  }

  /** The next thing a driver does with an order. Said again until the server has it. */
  function goOn(): void {
    if (order === null) return;
    const { id } = order;
    if (!good && drawn(0.08)) {
      later(1_000, 20_000, () => {
        if (order?.id === id) done(client.cancelOrder(id, drawn(0.2) ? "safety" : "flat tyre"));
      });
      return;
    }
    const of = order.status;
    later(1_500, good ? 5_000 : 15_000, () => {
      if (order?.id !== id || order.status !== of) return goOn();
      switch (of) {
        case "accepted":
          at = pickups.get(id) ?? at;
          if (drawn(0.5)) return done(client.driverDeparted(id));
          return done(client.driverArrived(id, "here"));
        case "en_route":
          at = pickups.get(id) ?? at;
          return done(client.driverArrived(id, "here"));
        case "arrived":
          return done(client.startTrip(id));
        default:
          return done(client.completeTrip(id, 3_000));
      }
    });
  }
  /** What comes of it the updates say; where none comes, they try again. */
  function done(reply: Promise<unknown>): void {
    void reply.then(() => {
      if (order !== null) later(3_000, 6_000, goOn);
    });
  }

  const ping = (): void => {
    const away = 0.000_05;
    at = { lat: at.lat + between(random, -away, away), lng: at.lng + between(random, -away, away) };
    client.ping({ ...at, accuracyM: 8 });
    stopPings = clock.after(PING_MS, ping);
  };
  let stopPings = clock.after(random() * PING_MS, ping);

  return {
    name,
    answered,
    does(act: Act) {
      switch (act.does) {
        case "pause":
          return beAt("paused");
        case "work":
          return beAt("available");
        case "leave":
          return beAt("offline");
        case "restart the app":
          client.close();
          client = open();
          return;
        case "drive over":
          if (order === null) at = { lat: act.lat, lng: act.lng };
          return;
        default: // not a driver's
      }
    },
    behave() {
      good = true;
      wants = "available";
      beAt(wants);
      goOn();
    },
    believes: (): Belief => ({
      orderId: order?.id ?? null,
      seq: order?.seq ?? 0,
      status: order?.status ?? null,
      connected,
    }),
    close() {
      plan();
      stopPings();
      client.close();
    },
  };
};
