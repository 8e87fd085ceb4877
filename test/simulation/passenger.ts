import type { Act, Way } from "./story.ts";
import { type Belief, type Hands, type Person, SERVER_URL } from "./people.ts";
import type { OrderUpdate } from "../../src/protocol/server-messages.ts";
import { type PassengerClient, openPassenger } from "../../src/client/passenger-client.ts";
import { somewhere } from "./story.ts";

/** What a passenger's app has seen of one trip. */
export interface Seen {
  readonly seq: number;
  readonly status: string;
}
export interface Passenger extends Person {
  /** Every trip they follow, by the newest update. */
  readonly trips: ReadonlyMap<string, Seen>;
}

const HTTP_TRIES = 6;
const RETRY_MS = 700;

/** A passenger app and who holds it: asks for rides by socket or HTTP, and sometimes thinks better of it. */
export const startPassenger = (
  { name, phone, clock, random, token, find }: Hands,
  abroad: boolean,
): Passenger => {
  const trips = new Map<string, Seen>();
  let connected = false;
  let good = false;
  let keys = 0;

  const updated = ({ order_id, seq, status, full }: OrderUpdate): void => {
    const before = trips.get(order_id);
    if (before !== undefined && full !== true && seq !== before.seq + 1)
      find("P32", `${name} was told update ${seq} of ${order_id} after ${before.seq}`);
    trips.set(order_id, { seq, status });
  };
  const open = (): PassengerClient => {
    connected = false;
    return openPassenger(
      {
        url: SERVER_URL,
        passengerId: name,
        WebSocket: phone.WebSocket,
        token: () => token,
        clock,
        random,
        lost: () => void (connected = false),
        ended: () => void (connected = false),
      },
      {
        welcomed(orderIds) {
          connected = true;
          for (const id of orderIds) if (!trips.has(id)) void client.subscribe(id);
        },
        updated,
      },
    );
  };
  let client = open();

  /** The newest that has not ended, as far as they know. */
  const live = (): string | null => {
    for (const [id, { status }] of [...trips].toReversed()) if (!ended.has(status)) return id;
    return null;
  };
  const wish = () => ({
    pickup: somewhere(random, abroad),
    dropoff: somewhere(random, false),
    vehicle_type: "standard",
  });

  /** A call with a key, made again until somebody answers. `unheard`: the first answer gets lost. */
  const call = async (
    path: string,
    body: object,
    unheard: boolean,
  ): Promise<{ readonly trip_id?: string } | null> => {
    const key = `${name}-${++keys}`;
    for (let tries = 0; tries < HTTP_TRIES; tries++) {
      const reply = await phone.call({ method: "POST", path, key, body, unheard: unheard && tries === 0 });
      if (reply !== null && reply.status < 500)
        return reply.status < 300 ? (JSON.parse(String(reply.body)) as { trip_id?: string }) : null;
      await new Promise<void>((resolve) => clock.after(RETRY_MS * (tries + 1), resolve));
    }
    return null;
  };
  const request = (by: Way): void => {
    if (good) return;
    if (by === "socket") return void client.requestTrip(wish());
    void call("/trips", wish(), by === "http unheard").then((made) => {
      const id = made?.trip_id;
      if (id !== undefined && !trips.has(id)) void client.subscribe(id);
    });
  };
  const cancel = (by: Way): void => {
    const id = live();
    if (id === null) return;
    if (by === "socket") void client.cancelTrip(id, "changed my mind");
    else void call(`/trips/${id}/cancel`, { reason: "changed my mind" }, by === "http unheard");
  };

  return {
    name,
    trips,
    does(act: Act) {
      if (act.does === "request") return request(act.by);
      if (act.does === "cancel") return cancel(act.by);
    },
    behave() {
      good = true;
    },
    believes(): Belief {
      const orderId = live();
      const seen = orderId === null ? undefined : trips.get(orderId);
      return { orderId, seq: seen?.seq ?? 0, status: seen?.status ?? null, connected };
    },
    close() {
      client.close();
    },
  };
};
const ended: ReadonlySet<string> = new Set(["completed", "cancelled", "no_driver_found"]);
