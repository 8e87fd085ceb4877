import type { Connection, DriverConnection } from "./connection.ts";
import type { DriverId, TripId } from "../domain/ids.ts";
import type { Peer, Place } from "./desk.ts";
import { closeCode } from "./peer.ts";
import { takeSeat } from "./seat.ts";

/** Every open connection: one of each passenger and driver, and each console of an operator (P108). */
export interface Registry {
  /** Replaces an older connection of the same user, which is closed with 4003 (P35). */
  add(connection: Connection): void;
  /** False when it had been replaced: its user is still here. */
  remove(connection: Connection): boolean;
  /** Neither closed nor replaced. */
  has(connection: Connection): boolean;
  hasDriver(driverId: DriverId): boolean;
  /** No more connections can be opened (M67). */
  full(): boolean;
  /** Where to push what a driver must hear; undefined before the welcome. */
  driverPeer(driverId: DriverId): Peer | undefined;
  /** Where a driver's fixes go from now on. `slot` -1: nowhere, they are offline. */
  seat(driverId: DriverId, place: Place, slot: number, tripId: TripId | null): void;
  /** What their app shows may be wrong in any way: it comes back, and its welcome tells all anew. */
  welcomeAnew(role: "driver" | "passenger", id: string): void;
  closeAll(): void;
  /** Open connections by role. */
  byRole(): Record<Connection["role"], number>;
}

/** M67: open connections of one server. */
const CONNECTIONS = 100_000;

export const createRegistry = (limit = CONNECTIONS): Registry => {
  const byUser = new Map<string, Connection>();
  const driver = (driverId: DriverId) => byUser.get(`driver:${driverId}`) as DriverConnection | undefined;
  return {
    add(connection) {
      const user = userOf(connection);
      const older = byUser.get(user);
      byUser.set(user, connection); // first: closing the older one asks whether it was replaced
      older?.line.close(closeCode.replaced, "replaced by a newer connection");
    },
    remove(connection) {
      const user = userOf(connection);
      return byUser.get(user) === connection && byUser.delete(user);
    },
    has: (connection) => byUser.get(userOf(connection)) === connection,
    hasDriver: (driverId) => driver(driverId) !== undefined,
    full: () => byUser.size >= limit,
    driverPeer(driverId) {
      const connection = driver(driverId);
      return connection?.welcomed ? connection.line : undefined;
    },
    seat(driverId, place, slot, tripId) {
      const connection = driver(driverId);
      if (connection !== undefined) takeSeat(connection, place, slot, tripId);
    },
    welcomeAnew(role, id) {
      byUser.get(`${role}:${id}`)?.line.close(closeCode.tryAgain, "come back to be told all anew");
    },
    closeAll() {
      for (const { line } of byUser.values()) line.close(closeCode.goingAway, "going away");
    },
    byRole() {
      const counts = { driver: 0, passenger: 0, admin: 0 };
      for (const { role } of byUser.values()) counts[role] += 1;
      return counts;
    },
  };
};

const userOf = ({ role, identity, session }: Connection): string =>
  `${role}:${role === "admin" ? session : identity.sub}`;
