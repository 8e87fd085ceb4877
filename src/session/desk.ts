import type { DriverId, PassengerId, TripId } from "../domain/ids.ts";
import type { LocationIndex } from "../location/port.ts";
import type { Market } from "../market/ports.ts";
import type { MarketPolicy } from "../domain/policy.ts";
import type { Position } from "../domain/geo.ts";
import type { Refusal } from "../domain/errors.ts";
import type { Role } from "../domain/status.ts";
import type { ServerMessage } from "../protocol/server-messages.ts";
import type { TripListRow } from "../domain/row.ts";

/** Who speaks, as their verified token says. */
export interface Identity {
  readonly sub: string;
  readonly role: Role;
  /** Unix seconds. */
  readonly exp: number;
  /** Their token was made elsewhere, and is renewed there (S58). */
  readonly foreign?: true;
}

/** A running market with what stands beside it. */
export interface Place {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  /** As of now: a reload replaces it, so read it where it is used and keep no copy. */
  readonly policy: MarketPolicy;
  readonly market: Market;
  readonly locations: LocationIndex;
  /** True when the position lies in this market's area. */
  contains(position: Position): boolean;
}

/** Finds the market of a thing. Kept by `main.ts` from committed turns; trips and drivers live in one market each. */
export interface Desk {
  readonly places: readonly Place[];
  /** The first market whose area holds it; undefined: outside every service area. */
  placeAt(position: Position): Place | undefined;
  placeOfTrip(tripId: TripId): Place | undefined;
  /** The one market where a driver works or goes to work, be it committed, decided or only asked for (P80). */
  placeOfDriver(driverId: DriverId): Place | undefined;
  /** They go to work there, and nowhere else, until released: from asking to the answer. */
  holdDriver(driverId: DriverId, place: Place): void;
  releaseDriver(driverId: DriverId): void;
  /** Where a driver without a place and without a fix goes online: the last market of the list. */
  readonly home: Place;
  /** One live trip per passenger, over all markets. False when another is live. */
  holdPassenger(passengerId: PassengerId, tripId: TripId): boolean;
  releasePassenger(passengerId: PassengerId, tripId: TripId): void;
  liveTripOf(passengerId: PassengerId): TripId | undefined;
  /** Who a registered user is; undefined: unknown. Cached; names and plates never enter the log. */
  driverRecord(driverId: DriverId): Promise<DriverRecord | undefined>;
  /** The same where no lookup is needed: registered or looked up before. */
  knownDriver(driverId: DriverId): DriverRecord | undefined;
  registered(driver: DriverRecord): void;
  passengerRecord(passengerId: PassengerId): Promise<PassengerRecord | undefined>;
  /** A trip that no market holds any more, as its list row says; undefined: never was. */
  endedTrip(tripId: TripId): Promise<TripListRow | undefined>;
}

/** An open connection, as those see it who push to it. After closing its verbs do nothing. */
export interface Peer {
  /** Must arrive, in order: a peer too slow to read is closed with 4008 and resumes (P38). */
  push(message: ServerMessage): void;
  /** May be dropped: the next one says it better. False: it was. */
  hint(message: ServerMessage): boolean;
}

export interface DriverRecord {
  readonly driverId: DriverId;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly vehicleType: string;
  readonly licensePlate: string;
}
export interface PassengerRecord {
  readonly passengerId: PassengerId;
  readonly firstName: string | null;
}

/** What came of a command, for the ack of a socket or the reply of a route. */
export type Answer =
  | {
      readonly is: "ok";
      readonly tripId: TripId | null;
      readonly seq: number;
      readonly repeated: boolean;
    }
  | { readonly is: "refused"; readonly refusal: Refusal };
