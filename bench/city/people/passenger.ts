import { openPassenger } from "../../../src/client/passenger-client.ts";
import type { OrderUpdate } from "../../../src/protocol/server-messages.ts";
import { happens, troubleS } from "./behaviour.ts";
import { Phone, realMs, type City } from "../city.ts";
import { seeded } from "../random.ts";
import type { Request } from "../recordings/requests.ts";
import { isUnknown, type TripEnd } from "../tally.ts";
import { maybeTunnel } from "./tunnel.ts";

/** One passenger, connected for the life of one trip. Resolves when it has ended. */
export const travel = (city: City, request: Request): Promise<TripEnd> =>
  new Promise((resolve) => {
    const { tally } = city;
    const passengerId = `p-${city.run}-${request.id}`;
    const user = `passenger:${passengerId}`;
    const random = seeded(city.seed, "passenger", request.id);
    let asked: Promise<unknown> | null = null;
    let orderId: string | null = null;
    let sentAtMs = 0;
    let acceptedAtMs: number | null = null;
    let newestSeq = 0;
    let left = false;
    const timers: NodeJS.Timeout[] = [];

    const client = openPassenger(
      {
        WebSocket: Phone,
        url: city.socketUrl,
        passengerId,
        token: () => city.token(passengerId, "passenger"),
        ended: (code) => {
          if (code !== 1000) tally.fault(`a passenger's connection ended with ${code}`);
        },
      },
      {
        welcomed: () => {
          asked ??= ask();
        },
        updated: (update) => {
          if (update.seq !== newestSeq + 1 && update.full !== true)
            tally.fault("an order_update out of order (I2)");
          newestSeq = update.seq;
          tally.shown(update);
          orderId = update.order_id;
          if (onItsWay.has(update.status)) acceptedAtMs ??= performance.now();
          const end = endOf(update);
          if (end !== null) leave(end);
        },
        failed: tally.refused,
      },
    );

    const ask = async () => {
      sentAtMs = performance.now();
      later(city.mix.patience_s, () => {
        if (acceptedAtMs === null) void cancel("waited too long");
      });
      if (happens(random, city.mix.passenger_cancel))
        later(troubleS(random), () => void cancel("other plans"));
      maybeTunnel(city, random, client);
      const wish = { pickup: request.pickup, dropoff: request.dropoff };
      let reply = await client.requestTrip(wish);
      // Whether there is a trip is asked with the same key, until it is certain.
      while (isUnknown(reply)) reply = await client.requestTrip(wish, reply.id);
      tally.answered(user, reply, true);
      if (reply.is === "ack") orderId = reply.orderId;
      else leave({ is: "refused" });
    };

    /** Refused when the ride began meanwhile: then it is ridden to its end. */
    const cancel = async (reason: string) => {
      await asked;
      if (orderId !== null && !left) tally.answered(user, await client.cancelTrip(orderId, reason), true);
    };

    const later = (simulatedS: number, act: () => void) =>
      timers.push(setTimeout(act, realMs(city, simulatedS)));

    const leave = (end: TripEnd) => {
      if (left) return;
      left = true;
      timers.forEach(clearTimeout);
      client.close();
      tally.ended(orderId, end, sentAtMs, acceptedAtMs);
      resolve(end);
    };
  });

const onItsWay: ReadonlySet<OrderUpdate["status"]> = new Set([
  "accepted",
  "en_route",
  "arrived",
  "in_progress",
  "completed",
]);

const endOf = ({ status, cancelled_by }: OrderUpdate): TripEnd | null => {
  if (status === "completed" || status === "no_driver_found") return { is: status };
  if (status === "cancelled") return { is: "cancelled", by: cancelled_by ?? "system" };
  return null;
};
