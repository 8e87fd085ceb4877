import type { Desk, Place } from "./desk.ts";
import type { DriverConnection } from "./connection.ts";
import type { DriverContext } from "../../machines/context.ts";
import type { DriverEvent } from "../../machines/events.ts";
import type { Ms } from "../domain/time.ts";
import type { Outcome } from "../market/ports.ts";
import { closeCode } from "./peer.ts";
import { goOn } from "./welcome.ts";
import { haversineM } from "../domain/geo.ts";

/** After each taken fix of a driver without a trip. */
export type WatchArea = (connection: DriverConnection, place: Place, now: Ms) => void;

/** The area test costs more than a fix; a minute outside is seen well enough by looking so often. */
const LOOK_EVERY_MS = 5_000;

/**
 * A driver is in one market (P49): that of the first fix after going available. Later it changes only while
 * idle, after `leaveMs` outside its area and `leaveM` away from where they left it.
 */
export const createWatchArea =
  (desk: Desk): WatchArea =>
  (connection, place, now) => {
    const { area } = connection;
    if (area.settled && now < area.nextLookAt) return;
    area.nextLookAt = now + LOOK_EVERY_MS;
    const there = desk.placeAt(connection);
    if (there === undefined || there === place) {
      area.settled = true;
      area.outsideSince = Number.NaN;
      return;
    }
    if (area.settled && !isFarOutside(connection, place, now)) return;
    const driver = place.market.peek({ kind: "driver", id: connection.driverId });
    if (driver?.state !== "idle") return;
    area.settled = true;
    area.outsideSince = Number.NaN;
    move(desk, connection, place, there, (driver.context as unknown as DriverContext).vehicleType);
  };

const isFarOutside = ({ area, lat, lng }: DriverConnection, { policy }: Place, now: Ms): boolean => {
  if (Number.isNaN(area.outsideSince)) {
    area.outsideSince = now;
    area.lat = lat;
    area.lng = lng;
  }
  return (
    now - area.outsideSince >= policy.leaveMs && haversineM(area.lat, area.lng, lat, lng) >= policy.leaveM
  );
};

/** Left in the old market first, so that no moment has them in two. */
const move = (
  desk: Desk,
  connection: DriverConnection,
  from: Place,
  to: Place,
  vehicleType: string,
): void => {
  const { driverId } = connection;
  const policy = to.policy.driver;
  connection.waiting ??= []; // whatever they say now is for the market they are going to
  say(from, driverId, { type: "driver.left" }, undefined, (left) => {
    if (left.is !== "done") {
      // Unknown: they may be offline now, and the app must learn which.
      if (left.is === "refused" && left.refusal.code === "unavailable")
        return connection.line.close(closeCode.tryAgain, "the log does not answer");
      return goOn(connection);
    }
    const birth: DriverEvent = { type: "create", driverId, vehicleType, policy };
    desk.holdDriver(driverId, to); // P80: from here on they are there, whoever asks
    say(to, driverId, { type: "driver.entered", vehicleType, policy }, birth, (entered) => {
      desk.releaseDriver(driverId);
      // Offline now, in both: the app must learn that, so it comes back and reads its welcome.
      if (entered.is !== "done") return connection.line.close(closeCode.tryAgain, "could not change market");
      connection.place = to;
      goOn(connection);
    });
  });
};

const say = (
  place: Place,
  id: string,
  event: DriverEvent,
  birth: DriverEvent | undefined,
  done: (outcome: Outcome) => void,
): void =>
  place.market.submit(
    { to: { kind: "driver", id }, event, ...(birth && { birth }), by: "system", key: null, hash: 0 },
    done,
  );
