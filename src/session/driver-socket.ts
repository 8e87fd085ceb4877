import { type DriverConnection, driverConnection } from "./connection.ts";
import { createHearFix } from "./messages/driver-location.ts";
import type { DriverContext } from "../../machines/context.ts";
import type { DriverMessage } from "../protocol/driver-messages.ts";
import type { FixVerdict } from "../location/port.ts";
import type { DriverRecord, Place } from "./desk.ts";
import type { SessionPorts } from "./ports.ts";
import type { Speaker } from "./socket.ts";
import { answerOffer } from "./messages/driver-offer.ts";
import { closeCode } from "./peer.ts";
import { createWatchArea } from "./move-market.ts";
import { driverId } from "../domain/ids.ts";
import { goOnWithTrip } from "./messages/driver-leg.ts";
import { parseDriver } from "../protocol/parse.ts";
import { refusal } from "../domain/errors.ts";
import { acknowledge, replyTo } from "./reply.ts";
import { takeSeat } from "./seat.ts";
import { setStatus } from "./messages/driver-status.ts";
import { welcome } from "./welcome.ts";

/** `/ws/driver/{driver_id}` */
export const createDriverSpeaker = (ports: SessionPorts): Speaker<DriverConnection, DriverMessage> => {
  const { desk, clock, registry, grace, pushes, pings, refusals } = ports;
  const watchArea = createWatchArea(desk);
  const hearFix = createHearFix(pushes.shareLocation, watchArea, desk.home.market.now);

  /** P49: a position that came while going online was written has chosen no market yet. */
  const settleWhere = (connection: DriverConnection, heardBefore: number | null): void => {
    const { place, slot, heardAt, area } = connection;
    if (place !== null && slot >= 0 && heardAt !== heardBefore && !area.settled)
      watchArea(connection, place, place.market.now());
  };

  /** Only an impossible position is a mistake to be told of; noise is dropped and counted. */
  const heardFix = (connection: DriverConnection, id: string | null, verdict: FixVerdict): void => {
    pings[verdict] = (pings[verdict] ?? 0) + 1;
    const { line } = connection;
    if (verdict === "invalid")
      replyTo(line, id, refusals)({ is: "refused", refusal: refusal("invalid", "this is no position") });
    else acknowledge(line, id);
  };

  const find = (connection: DriverConnection): void => {
    const { driverId, line } = connection;
    const place = desk.placeOfDriver(driverId) ?? null;
    connection.place = place;
    if (place === null) return comeIn(connection, place);
    place.market.load({ kind: "driver", id: driverId }).then(
      () => comeIn(connection, place),
      () => line.close(closeCode.tryAgain, "the log does not answer"),
    );
  };
  const comeIn = (connection: DriverConnection, place: Place | null): void => {
    if (!registry.has(connection)) return; // gone while its actor was loaded: its grace has begun
    grace.ended(connection.driverId);
    if (place !== null) seat(connection, place);
    pushes.resumeDriver(place, connection.driverId, (resume) => {
      if (resume === null) return connection.line.close(closeCode.tryAgain, "the log does not answer");
      // P80: they changed market while this was told; what counts is said there.
      if ((desk.placeOfDriver(connection.driverId) ?? null) !== place) return find(connection);
      welcome(connection, clock, resume);
    });
  };

  return {
    admit(opening, pathId) {
      const { identity } = opening;
      // S5, S6: a driver speaks for themselves, and must be registered.
      if (identity.role !== "driver" || identity.sub !== pathId)
        return refusal("forbidden", "this token is not that driver's");
      const admitted = (record: DriverRecord | undefined) =>
        record
          ? driverConnection(opening, record.vehicleType)
          : refusal("forbidden", "this driver is not registered");
      const id = driverId(identity.sub);
      const known = desk.knownDriver(id);
      return known
        ? admitted(known)
        : desk.driverRecord(id).then(admitted, () => refusal("unavailable", "the log does not answer"));
    },
    opened: find,
    parse: parseDriver,
    heard(connection, message, id) {
      const who = { identity: connection.identity, key: id };
      const done = replyTo(connection.line, id, refusals);
      switch (message.type) {
        case "driver_location": {
          const { lat, lng, heading, speed_mps, accuracy_m, at, driver_id } = message;
          if (driver_id !== undefined && driver_id !== connection.driverId)
            return done({ is: "refused", refusal: refusal("forbidden", "not your driver_id") });
          const verdict = hearFix(
            connection,
            lat,
            lng,
            heading ?? Number.NaN,
            speed_mps ?? Number.NaN,
            accuracy_m ?? Number.NaN,
            at ?? Number.NaN,
          );
          return heardFix(connection, id, verdict);
        }
        case "driver_status": {
          const { heardAt } = connection;
          return setStatus(desk, connection, who, message, (answer) => {
            done(answer);
            // The seat is taken by what follows the commit, right after its answer.
            queueMicrotask(() => settleWhere(connection, heardAt));
          });
        }
        case "offer_received":
        case "accept_order":
        case "decline_order":
          return answerOffer(desk, who, message, done);
        case "driver_departed":
        case "driver_arrived":
        case "start_trip":
        case "complete_trip":
        case "cancel_order":
          return goOnWithTrip(desk, who, message, done);
        case "heartbeat":
          return acknowledge(connection.line, id);
        default:
          message satisfies never;
      }
    },
    ping(connection, { lat, lng, heading, speedMps, accuracyM, phoneAt }) {
      heardFix(connection, null, hearFix(connection, lat, lng, heading, speedMps, accuracyM, phoneAt));
    },
    closed({ driverId }, replaced) {
      if (!replaced) grace.began(driverId);
    },
  };
};

/** Takes the slot that the driver has by what is durable; from then on each commit tells (see `Registry.seat`). */
const seat = (connection: DriverConnection, place: Place): void => {
  const { driverId } = connection;
  place.market.read({ kind: "driver", id: driverId }, (seen) => {
    if (seen.is !== "actor" || seen.actor.state === "offline") return;
    const { vehicleType, tripId } = seen.actor.context as unknown as DriverContext;
    takeSeat(connection, place, place.locations.enter(driverId, vehicleType), tripId);
  });
};
