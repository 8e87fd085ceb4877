import type { Clock } from "../domain/time.ts";
import type { Desk, Place } from "./desk.ts";
import type { DriverContext } from "../../machines/context.ts";
import type { DriverId } from "../domain/ids.ts";

/** Keeps a driver whose socket closed for a while, and says so to the chart only when that is over. */
export interface Grace {
  /** The socket is gone (P33). */
  began(driverId: DriverId): void;
  /** After each commit of a driver: one who came online when their socket was gone is kept no longer (P81). */
  noticed(driverId: DriverId): void;
  /** A socket is there again. Call it with the driver in memory. */
  ended(driverId: DriverId): void;
  stop(): void;
}

export const createGrace = (desk: Desk, clock: Clock, connected: (driverId: DriverId) => boolean): Grace => {
  const timers = new Map<DriverId, () => void>();

  const stop = (driverId: DriverId): void => {
    timers.get(driverId)?.();
    timers.delete(driverId);
  };
  const online = (driverId: DriverId) => {
    const place = desk.placeOfDriver(driverId);
    const actor = place?.market.peek({ kind: "driver", id: driverId });
    return place && actor && actor.state !== "offline"
      ? { place, driver: actor.context as unknown as DriverContext }
      : undefined;
  };
  const say = (driverId: DriverId, type: "driver.lost" | "driver.back"): void =>
    online(driverId)?.place.market.submit(
      { to: { kind: "driver", id: driverId }, event: { type }, by: "system", key: null, hash: 0 },
      () => {}, // A driver who went offline meanwhile refuses it, and is right.
    );

  const keep = (driverId: DriverId, { policy }: Place): void => {
    const lost = () => {
      timers.delete(driverId);
      say(driverId, "driver.lost");
    };
    timers.set(driverId, clock.after(policy.graceMs, lost));
  };

  return {
    began(driverId) {
      stop(driverId);
      const found = online(driverId);
      if (found) keep(driverId, found.place);
    },
    noticed(driverId) {
      if (connected(driverId) || timers.has(driverId)) return;
      const found = online(driverId);
      if (found?.driver.lostAt === null) keep(driverId, found.place);
    },
    ended(driverId) {
      stop(driverId);
      if (online(driverId)?.driver.lostAt != null) say(driverId, "driver.back");
    },
    stop() {
      for (const driverId of timers.keys()) stop(driverId);
    },
  };
};
