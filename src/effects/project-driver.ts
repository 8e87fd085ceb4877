import { BUSY, IDLE } from "../location/port.ts";
import type { DriverContext } from "../../machines/context.ts";
import type { DriverId, TripId } from "../domain/ids.ts";
import type { Actor } from "../market/ports.ts";
import type { Place } from "../session/desk.ts";

/** Tells a driver's connection where its fixes go; slot -1: nowhere. */
export type Seat = (driverId: DriverId, place: Place, slot: number, tripId: TripId | null) => void;

/** After each commit, and once at recovery: who may be found in the location index (I10). */
export const projectDriver = (place: Place, driver: Actor, seat: Seat): void => {
  const { driverId, vehicleType, tripId } = driver.context as unknown as DriverContext;
  if (driver.state === "offline") {
    place.locations.leave(driverId);
    return seat(driverId, place, -1, null);
  }
  const slot = place.locations.enter(driverId, vehicleType);
  place.locations.setStatus(driverId, matchable(driver));
  seat(driverId, place, slot, tripId);
};

/** Idle, and connected or in grace. */
export const matchable = (driver: Actor | undefined): typeof IDLE | typeof BUSY =>
  driver?.state === "idle" && (driver.context as unknown as DriverContext).lostAt === null ? IDLE : BUSY;
