import { ms } from "../src/domain/time.ts";
import type { DriverId } from "../src/domain/ids.ts";
import type { DriverListRow } from "../src/domain/row.ts";
import type { Ms } from "../src/domain/time.ts";
import { driverStatusOf } from "./context.ts";
import type { DriverContext, DriverState } from "./context.ts";
import type { DriverEvent } from "./events.ts";

/** False while offline: such a driver may leave memory. */
export const driverLive = (state: DriverState): boolean => state !== "offline";

/** A driver's only deadline: lost for too long while idle. Lost never ends a trip. */
export const driverDue = (
  state: DriverState,
  { lostAt, policy }: DriverContext,
): { readonly at: Ms; readonly event: DriverEvent } | null =>
  state === "idle" && lostAt !== null
    ? { at: ms(lostAt + policy.lostOfflineMs), event: { type: "lost.due", lostAt } }
    : null;

export const driverListRow = (
  id: DriverId,
  seq: number,
  state: DriverState,
  driver: DriverContext,
): DriverListRow => ({
  table: "driver_status",
  id,
  vehicleType: driver.vehicleType,
  status: driverStatusOf[state],
  state,
  seq,
  since: driver.since,
  tripId: driver.tripId,
  misses: driver.misses,
});
