import { type DriveEvent, type DriveState, drives, newDrive, nextDrive, targetOf } from "./drive-model.ts";
import type { Account } from "../app/token-claims.ts";
import { keepSignedIn } from "../app/account.ts";
import { endedLink } from "../app/link.ts";
import { followNetwork } from "../app/follow-network.ts";
import type { Position } from "../../../src/domain/geo.ts";
import type { Reply } from "../../../src/client/connection.ts";
import { createStore } from "../app/store.ts";
import { failureOf } from "../app/failure.ts";
import { openDriver } from "../../../src/client/driver-client.ts";
import { openHttp } from "../../../src/client/http.ts";
import { openPosition } from "./position-source.ts";

/** A driver's page at work: one socket, a position each second, and a store that everything shown is read from. */
export const openDrive = (account: Account, startsAt: Position) => {
  const store = createStore<DriveState, DriveEvent>(newDrive, nextDrive);
  const { tell } = store;
  const signedIn = keepSignedIn("driver", account);
  const http = openHttp({ url: location.origin, token: signedIn.token });

  const client = openDriver(
    {
      WebSocket,
      url: location.origin.replace("http", "ws"),
      driverId: account.id,
      token: signedIn.token,
      lost: () => {
        tell({ is: "link", link: "lost" });
        void readStatus();
      },
      ended: (code) => {
        stop();
        tell({ is: "link", link: endedLink(code) });
      },
    },
    {
      welcomed: (resume) => {
        tell({ is: "welcome", resume, nowMs: Date.now() });
        for (const { order_id, offer_id } of resume.offers) void client.offerReceived(order_id, offer_id);
      },
      offered: (order) => {
        tell({ is: "offer", order, nowMs: Date.now() });
        void client.offerReceived(order.order_id, order.offer_id);
      },
      assigned: (order) => tell({ is: "assigned", order }),
      withdrawn: (cancel) => {
        tell({ is: "withdrawn", cancel });
        void readStatus();
      },
      updated: (update) => {
        const had = store.read().order;
        tell({ is: "update", update });
        if (had !== null && store.read().order === null) void readStatus();
        // An acceptance whose answer was lost: only a welcome tells the whole order.
        if (drives(update.status) && store.read().order?.orderId !== update.order_id) {
          client.suspend();
          client.resume();
        }
      },
    },
  );
  const stopFollowing = followNetwork(client, (link) => tell({ is: "link", link }));

  /**
   * Nobody pushes a driver's own status: a third miss in a row pauses (D8), and who wanted to leave leaves after
   * the trip (D13). It also says why an upgrade was refused, which a browser does not.
   */
  const readStatus = async () => {
    const answer = await http.driver(account.id);
    if (answer.is === "ok") return tell({ is: "status", status: answer.body.status });
    if (answer.is === "unreachable" || !gone.has(answer.status)) return;
    client.close();
    tell({ is: "link", link: "signed-out" });
  };

  const ping = () => {
    const { fix } = store.read();
    if (fix === null) return;
    const { lat, lng, heading, speedMps, accuracyM } = fix;
    client.ping({
      lat,
      lng,
      ...(heading !== null && { heading }),
      ...(speedMps !== null && { speedMps }),
      ...(accuracyM !== null && { accuracyM }),
    });
  };

  const position = openPosition({
    who: account.id,
    startsAt,
    target: () => targetOf(store.read().order),
    told: (fix) => {
      tell({ is: "fix", fix });
      if (fix !== null) ping();
    },
  });

  /** Nothing comes from a page that was closed, or taken over elsewhere (B127). */
  const stop = () => {
    position.close();
    stopFollowing();
    signedIn.stop();
  };

  const ask = async (send: () => Promise<Reply>): Promise<Reply> => {
    tell({ is: "asking" });
    const reply = await send();
    tell({ is: "answered", failure: failureOf(reply) });
    return reply;
  };

  return {
    store,
    position,
    http,
    async setStatus(status: "available" | "paused" | "offline") {
      ping(); // who goes to work is somewhere
      const reply = await ask(() => client.setStatus(status));
      if (reply.is === "ack") await readStatus();
    },
    /** B126: nobody offers orders to who has left. False: the server would not have it. */
    async leaveDuty(): Promise<boolean> {
      const { status } = store.read();
      if (status === null || status === "offline") return true;
      return (await ask(() => client.setStatus("offline"))).is === "ack";
    },
    async answer(what: "accept" | "decline") {
      const { offer, asking } = store.read();
      if (offer === null || asking) return;
      const { order_id: orderId, offer_id: offerId } = offer.order;
      const send = what === "accept" ? client.acceptOrder : client.declineOrder;
      const reply = await ask(() => send(orderId, offerId));
      if (reply.is === "ack") tell({ is: what === "accept" ? "accepted" : "declined", orderId });
    },
    /** Refused with `illegal_now` where the car is too far away, and no reason is given. */
    arrive: (orderId: string, reason?: string) => ask(() => client.driverArrived(orderId, reason)),
    start: (orderId: string) => ask(() => client.startTrip(orderId)),
    complete: (orderId: string) => ask(() => client.completeTrip(orderId)),
    cancel: (orderId: string, reason: string) => ask(() => client.cancelOrder(orderId, reason)),
    seen: () => tell({ is: "seen" }),
    close() {
      stop();
      client.close();
    },
  };
};

const gone: ReadonlySet<number> = new Set([401, 403, 404]);

export type DriveSession = ReturnType<typeof openDrive>;
