import { type AdminConnection, adminConnection } from "./connection.ts";
import type { AdminMessage } from "../protocol/admin-messages.ts";
import type { SessionPorts } from "./ports.ts";
import type { Speaker } from "./socket.ts";
import { assignDriver } from "./messages/assign-driver.ts";
import { cancelTrip } from "./messages/cancel-trip.ts";
import { completeTrip } from "./messages/complete-trip.ts";
import { topicNames } from "../protocol/admin-messages.ts";
import { parseAdmin } from "../protocol/parse.ts";
import { refusal } from "../domain/errors.ts";
import { acknowledge, replyTo } from "./reply.ts";
import { welcome } from "./welcome.ts";

/** `/ws/admin` */
export const createAdminSpeaker = ({
  desk,
  clock,
  pushes,
  refusals,
}: SessionPorts): Speaker<AdminConnection, AdminMessage> => ({
  admit: (opening) =>
    opening.identity.role === "admin" ? adminConnection(opening) : refusal("forbidden", "for operators only"),
  opened: (connection) => welcome(connection, clock, {}),
  parse: parseAdmin,
  heard({ identity, line }, message, id) {
    const reply = replyTo(line, id, refusals);
    switch (message.type) {
      case "assign_driver": {
        const { order_id: tripId, driver_id: driverId, reason } = message;
        return assignDriver(desk, identity, { tripId, driverId, reason }, id, reply);
      }
      case "cancel_trip":
        return cancelTrip(desk, identity, message.order_id, message.reason, id, reply);
      case "complete_trip": {
        const { order_id: tripId, distance_m: distanceM, reason } = message;
        return completeTrip(desk, identity, { tripId, distanceM, reason }, id, reply);
      }
      case "subscribe":
        return pushes.openTopics(line, message.topics, message.bbox)
          ? acknowledge(line, id)
          : reply({ is: "refused", refusal: refusal("busy", "too many consoles are open") });
      case "unsubscribe":
        pushes.closeTopics(line, message.topics ?? topicNames);
        return acknowledge(line, id);
      case "heartbeat":
        return acknowledge(line, id);
      default:
        message satisfies never;
    }
  },
  closed: ({ line }) => pushes.closeTopics(line, topicNames),
});
