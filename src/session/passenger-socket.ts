import { type PassengerConnection, passengerConnection } from "./connection.ts";
import type { PassengerMessage } from "../protocol/passenger-messages.ts";
import type { SessionPorts } from "./ports.ts";
import type { Speaker } from "./socket.ts";
import type { TripState } from "../../machines/context.ts";
import { cancelTrip } from "./messages/cancel-trip.ts";
import { closeCode } from "./peer.ts";
import { parsePassenger } from "../protocol/parse.ts";
import { placeHolding } from "./ask.ts";
import { refusal } from "../domain/errors.ts";
import { acknowledge, replyTo } from "./reply.ts";
import { rateTrip } from "./messages/rate-trip.ts";
import { requestTrip } from "./messages/request-trip.ts";
import { tripLive } from "../../machines/trip-facts.ts";
import { watchNearby } from "./messages/watch-nearby.ts";
import { welcome } from "./welcome.ts";

/** `/ws/passenger/{passenger_id}` */
export const createPassengerSpeaker = (
  ports: SessionPorts,
): Speaker<PassengerConnection, PassengerMessage> => {
  const { desk, clock, pushes, refusals } = ports;
  return {
    admit: (opening, pathId) =>
      // S5: their record may live elsewhere, so an unknown passenger is no reason to refuse.
      opening.identity.role === "passenger" && opening.identity.sub === pathId
        ? passengerConnection(opening)
        : refusal("forbidden", "this token is not that passenger's"),
    opened(connection) {
      const id = desk.liveTripOf(connection.passengerId);
      const market = id && placeHolding(desk, id)?.market;
      if (!id || !market) return welcome(connection, clock, { order_ids: [] });
      market.read({ kind: "trip", id }, (seen) => {
        // Held, but nobody can say whether it is in the log: do not call it gone.
        if (seen.is === "unknown")
          return connection.line.close(closeCode.tryAgain, "the log does not answer");
        const live = seen.is === "actor" && tripLive(seen.actor.state as TripState);
        welcome(connection, clock, { order_ids: live ? [id] : [] });
      });
    },
    parse: parsePassenger,
    heard(connection, message, id) {
      const { identity, line } = connection;
      const reply = replyTo(line, id, refusals);
      switch (message.type) {
        case "request_trip":
          return requestTrip(ports, identity, message, id, (answer) => {
            reply(answer);
            if (answer.is === "refused" || answer.tripId === null) return;
            if (!answer.repeated) return pushes.followNew(line, answer.tripId);
            // P121: who follows it has heard of it
            if (!pushes.follows(line, answer.tripId))
              pushes.subscribe(line, identity, answer.tripId, null, () => {});
          });
        case "cancel_trip":
          return cancelTrip(desk, identity, message.order_id, message.reason, id, reply);
        case "subscribe":
          return pushes.subscribe(line, identity, message.order_id, message.since_seq, reply);
        case "unsubscribe":
          pushes.unsubscribe(line, message.order_id);
          if (id !== null) line.push({ type: "ack", id, order_id: message.order_id });
          return;
        case "watch_nearby": {
          const { lat, lng, radius_m: radiusM } = message;
          return watchNearby(ports, line, { lat, lng, radiusM }, id, reply);
        }
        case "unwatch_nearby":
          pushes.unwatchNearby(line);
          return acknowledge(line, id);
        case "rate_trip":
          return rateTrip(ports, identity, message, id, reply);
        case "heartbeat":
          return acknowledge(line, id);
        default:
          message satisfies never;
      }
    },
    closed({ line }) {
      pushes.forget(line);
      pushes.unwatchNearby(line);
    },
  };
};
