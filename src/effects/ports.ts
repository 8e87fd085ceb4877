import type { Alarm } from "../../machines/context.ts";
import type { Desk, Peer } from "../session/desk.ts";
import type { DriverId, TripId } from "../domain/ids.ts";
import type { Lanes } from "../publish/lane.ts";

/** What an effect needs to be done. */
export interface ActPorts {
  readonly desk: Desk;
  readonly lanes: Lanes;
  /** Undefined while that driver is not connected: their welcome will tell them. */
  driverPeer(driverId: DriverId): Peer | undefined;
  /** An operator should look at this trip of the market of this name. */
  alarmed(alarm: Alarm, tripId: TripId, market: string): void;
}
