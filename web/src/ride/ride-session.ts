import { type Failure, failureOf } from "../app/failure.ts";
import { type RideEvent, type RideState, hasEnded, newRide, nextRide } from "./ride-model.ts";
import { type TripWish, openPassenger } from "../../../src/client/passenger-client.ts";
import { endedLink } from "../app/link.ts";
import { followNetwork } from "../app/follow-network.ts";
import type { Account } from "../app/token-claims.ts";
import { keepSignedIn } from "../app/account.ts";
import { createStore } from "../app/store.ts";
import type { Position } from "../../../src/domain/geo.ts";
import type { Reply } from "../../../src/client/connection.ts";
import { kept } from "../app/kept.ts";
import { newKey } from "../app/new-key.ts";
import { openHttp } from "../../../src/client/http.ts";

const NEARBY_M = 3_000;
/** P60: so long a price stands, whatever this phone's clock says (B125). */
const PRICE_MS = 5 * 60_000;

/** A passenger's page at work: one socket, and a store that everything shown is read from. */
export const openRide = (account: Account, firstLookAt: Position) => {
  const store = createStore<RideState, RideEvent>(newRide, nextRide);
  const { tell } = store;
  const signedIn = keepSignedIn("passenger", account);
  /** B42: a wish that was not answered yet, so that a page that comes back asks for the same trip, not another. */
  const keptWish = kept<{ readonly key: string; readonly wish: TripWish }>(`dg.ride.wish.${account.id}`);
  /** The trip that is shown, also after its end until its passenger closes it. */
  const keptOrder = kept<string>(`dg.ride.order.${account.id}`);
  /** The trip that was rated last. */
  const keptRated = kept<string>(`dg.ride.rated.${account.id}`);
  const http = openHttp({ url: location.origin, token: signedIn.token });

  const client = openPassenger(
    {
      WebSocket,
      url: location.origin.replace("http", "ws"),
      passengerId: account.id,
      token: signedIn.token,
      lost: () => {
        tell({ is: "link", link: "lost" });
        void lookWhetherKnown();
      },
      ended: (code) => {
        stop();
        tell({ is: "link", link: endedLink(code) });
      },
    },
    {
      welcomed: (orderIds) => {
        tell({ is: "link", link: "ready" });
        const { trip } = store.read();
        const wanted = orderIds[0] ?? keptOrder.read();
        if (trip === null && wanted !== null) void follow(wanted);
        if (trip !== null && hasEnded(trip)) void fetchReceipt(trip.orderId);
      },
      updated: (update) => {
        tell({ is: "update", update });
        if (keptRated.read() === update.order_id) tell({ is: "rated" });
        keptOrder.write(update.order_id);
        if (hasEnded(update)) void fetchReceipt(update.order_id);
        lookAround();
      },
      driverMoved: (location) => tell({ is: "moved", location }),
      estimated: (estimate) => tell({ is: "estimate", estimate }),
      nearby: (cars) => tell({ is: "nearby", cars }),
    },
  );
  const stopFollowing = followNetwork(client, (link) => tell({ is: "link", link }));

  /** A browser is not told why an upgrade was refused; a call says so. */
  const lookWhetherKnown = async () => {
    const answer = await http.trips({ limit: 1 });
    if (answer.is === "refused" && (answer.status === 401 || answer.status === 403)) {
      client.close();
      tell({ is: "link", link: "signed-out" });
    }
  };
  const follow = async (orderId: string) => {
    const reply = await client.subscribe(orderId);
    if (reply.is === "refused") keptOrder.write(null); // of a server that has forgotten it
  };
  const fetchReceipt = async (orderId: string) => {
    if (store.read().trip?.receipt?.trip_id === orderId) return;
    const answer = await http.trip(orderId);
    if (answer.is === "ok") tell({ is: "receipt", body: answer.body });
  };

  let watchedAt: Position | null = null;
  const lookAround = () => {
    const { trip, plan } = store.read();
    const at = trip === null ? (plan.pickup ?? firstLookAt) : null;
    if (at === watchedAt) return;
    watchedAt = at;
    if (at === null) client.unwatchNearby();
    else client.watchNearby({ ...at, radius_m: NEARBY_M });
  };

  let newestPrice = 0;
  let expiry: ReturnType<typeof setTimeout> | undefined;
  /** Each change of the plan asks anew, and so does the end of a price; only the newest answer counts. */
  const askPrice = async () => {
    clearTimeout(expiry);
    const mine = ++newestPrice;
    const { pickup, dropoff, vehicleType } = store.read().plan;
    if (pickup === null || dropoff === null) return tell({ is: "price", price: { is: "none" } });
    tell({ is: "price", price: { is: "asking" } });
    const answer = await http.quote({ pickup, dropoff, vehicle_type: vehicleType });
    if (mine !== newestPrice) return;
    if (answer.is !== "ok")
      return tell({ is: "price", price: { is: "refused", why: failureOf(answer) ?? null } });
    tell({ is: "price", price: { is: "quoted", quote: answer.body } });
    expiry = setTimeout(() => store.read().trip ?? void askPrice(), PRICE_MS);
  };
  const changed = (event: RideEvent) => {
    tell(event);
    lookAround();
    void askPrice();
  };

  const ask = async (what: "ride" | "cancel" | "rating", sent: Promise<Reply>): Promise<Reply> => {
    tell({ is: "asking", what });
    const reply = await sent;
    tell({ is: "answered", failure: failureOf(reply) });
    return reply;
  };
  const request = async ({ key, wish }: { key: string; wish: TripWish }) => {
    keptWish.write({ key, wish });
    const reply = await ask("ride", client.requestTrip(wish, key));
    if (reply.is !== "closed") keptWish.write(null);
    if (reply.is === "refused" && reply.error.code === "quote_expired") void askPrice();
  };

  /** Nothing comes from a page that was closed, or taken over elsewhere (B127). */
  const stop = () => {
    clearTimeout(expiry);
    stopFollowing();
    signedIn.stop();
  };

  lookAround();
  const unanswered = keptWish.read();
  if (unanswered !== null) void request(unanswered);

  return {
    store,
    /** Sets the place that is being asked for, or the one named. */
    place: (at: Position, kind?: "pickup" | "dropoff") => changed({ is: "place", at, ...(kind && { kind }) }),
    placing: (kind: "pickup" | "dropoff") => tell({ is: "placing", kind }),
    vehicle: (type: RideState["plan"]["vehicleType"]) => changed({ is: "vehicle", type }),
    askPrice,
    request() {
      const { plan, price, asking } = store.read();
      const { pickup, dropoff, vehicleType: vehicle_type } = plan;
      if (pickup === null || dropoff === null || price.is !== "quoted" || asking !== null) return;
      const wish = { pickup, dropoff, vehicle_type, quote_id: price.quote.quote_id };
      void request({ key: newKey(), wish });
    },
    cancel: (orderId: string) => ask("cancel", client.cancelTrip(orderId)),
    async rate(orderId: string, stars: number, tip: number) {
      tell({ is: "asking", what: "rating" });
      const failure: Failure | undefined = failureOf(await client.rateTrip(orderId, stars, tip));
      // Already rated, on another phone: there is nothing left to say.
      const rated = failure === undefined || failure?.code === "already_exists";
      if (rated) {
        keptRated.write(orderId);
        tell({ is: "rated" });
      }
      tell({ is: "answered", failure: rated ? undefined : failure });
    },
    /** The trip has ended, and its passenger has seen it. */
    closeTrip() {
      keptOrder.write(null);
      tell({ is: "closed" });
      lookAround();
    },
    close() {
      stop();
      client.close();
    },
  };
};

export type RideSession = ReturnType<typeof openRide>;
