import type { DriverId, OfferId, PassengerId, TripId } from "../src/domain/ids.ts";
import type { Money } from "../src/domain/money.ts";
import type { Ms } from "../src/domain/time.ts";
import type { Position } from "../src/domain/geo.ts";
import type { DriverPolicy, TripPolicy } from "../src/domain/policy.ts";
import type { By, DriverStatus, TripStatus } from "../src/domain/status.ts";

/** A live offer: sent, then (receipt confirmed) delivered. */
export interface Offer {
  readonly driverId: DriverId;
  readonly sentAt: Ms;
  readonly dueAt: Ms;
  /** Null once the driver's app confirmed that it shows the offer. */
  readonly receiptDueAt: Ms | null;
  readonly etaS: number;
  readonly distanceM: number;
}
export type OfferOutcome = "accepted" | "declined" | "expired" | "undelivered" | "lapsed" | "withdrawn";

/** One search for a driver. A redispatch starts the next one. */
export interface Search {
  /** 1, 2, 3: also the token of its deadline. */
  readonly number: number;
  readonly startedAt: Ms;
  readonly dueAt: Ms;
  readonly offersMade: number;
  /** Wave of the newest offer; 0 before the first. */
  readonly wave: number;
  /** The deadline passed while an offer was live: no new offers, the live one is never killed. */
  readonly over: boolean;
}

/** What an operator should look at. Raised once for each driver of a trip; it changes no state. */
export type Alarm = "driver_lost" | "pickup_late" | "ride_stuck";

/** Who drives, and from what moment. */
export interface Assignment {
  readonly driverId: DriverId;
  readonly acceptedAt: Ms;
  /** ETA to the pickup when assigned, seconds; null after a manual assignment without a fix. */
  readonly etaS: number | null;
  readonly distanceM: number | null;
}

export interface TripContext {
  readonly tripId: TripId;
  readonly passengerId: PassengerId;
  readonly vehicleType: string;
  readonly pickup: Position;
  readonly dropoff: Position;
  readonly note: string | null;
  readonly quoteId: string | null;
  readonly fare: Money;
  readonly distanceM: number;
  readonly durationS: number;
  readonly policy: TripPolicy;
  readonly requestedAt: Ms;
  readonly search: Search;
  /** Searches after the first. */
  readonly redispatches: number;
  /** Never asked again in this trip: had an offer (lapsed ones excepted), gave the trip back, or had it taken away. */
  readonly tried: readonly DriverId[];
  /** Live offers by id. */
  readonly offers: Readonly<Record<OfferId, Offer>>;
  /** How each closed offer of this trip ended. */
  readonly closed: Readonly<Record<OfferId, OfferOutcome>>;
  readonly assignment: Assignment | null;
  /** Of this assignment, oldest first. */
  readonly alarms: readonly Alarm[];
  readonly arrivedAt: Ms | null;
  readonly startedAt: Ms | null;
  readonly completedAt: Ms | null;
  /** Driven metres as reported at completion. */
  readonly drivenM: number | null;
  readonly cancelled: {
    readonly by: By;
    readonly reason: string | null;
    readonly at: Ms;
    /** Owed by the passenger, minor units of the fare's currency; 0: nothing, and that is decided too. */
    readonly fee: number;
  } | null;
}

export interface DriverContext {
  readonly driverId: DriverId;
  readonly vehicleType: string;
  readonly policy: DriverPolicy;
  /** Since when in this state. */
  readonly since: Ms;
  readonly offer: { readonly tripId: TripId; readonly offerId: OfferId } | null;
  readonly tripId: TripId | null;
  /** Where to go when the trip ends. */
  readonly after: "idle" | "paused" | "offline";
  /** Offers in a row that ran out unanswered. */
  readonly misses: number;
  /** Since when the connection is lost (grace over); null while connected. */
  readonly lostAt: Ms | null;
}

export type TripState =
  | "requested.searching"
  | "requested.offering"
  | "accepted"
  | "en_route"
  | "arrived"
  | "in_progress"
  | "completed"
  | "cancelled"
  | "no_driver_found";

export type DriverState = "offline" | "idle" | "offered" | "to_pickup" | "at_pickup" | "on_trip" | "paused";

export const tripStatusOf: { readonly [S in TripState]: TripStatus } = {
  "requested.searching": "requested",
  "requested.offering": "requested",
  accepted: "accepted",
  en_route: "en_route",
  arrived: "arrived",
  in_progress: "in_progress",
  completed: "completed",
  cancelled: "cancelled",
  no_driver_found: "no_driver_found",
};

export const driverStatusOf: { readonly [S in DriverState]: DriverStatus } = {
  offline: "offline",
  idle: "available",
  offered: "offered",
  to_pickup: "en_route",
  at_pickup: "at_pickup",
  on_trip: "on_trip",
  paused: "paused",
};
