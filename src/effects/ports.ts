import type { Desk, Peer } from "../session/desk.ts";
import type { DriverId } from "../domain/ids.ts";
import type { Lanes } from "../publish/lane.ts";

/** What an effect needs to be done. */
export interface ActPorts {
  readonly desk: Desk;
  readonly lanes: Lanes;
  /** Undefined while that driver is not connected: their welcome will tell them. */
  driverPeer(driverId: DriverId): Peer | undefined;
}
