import type { ActorRef } from "../src/domain/row.ts";
import type { Alarm } from "./context.ts";
import type { By } from "../src/domain/status.ts";
import type { DriverId, OfferId, PassengerId, TripId } from "../src/domain/ids.ts";
import type { ErrorCode } from "../src/domain/errors.ts";
import type { Money } from "../src/domain/money.ts";
import type { Ms } from "../src/domain/time.ts";
import type { Position } from "../src/domain/geo.ts";
import type { DriverPolicy, TripPolicy } from "../src/domain/policy.ts";

/** What every fed event carries besides its own fields: stamped by the runtime, once. */
export interface Stamp {
  /** Market time. */
  readonly at: Ms;
  /** Position of the row this event becomes; ids made inside charts come from it. */
  readonly position: number;
}

/** What a trip hears. Whatever had to be looked up (distances, ages, ETAs) is already on the event. */
export type TripEvent =
  | {
      readonly type: "create";
      readonly tripId: TripId;
      readonly passengerId: PassengerId;
      readonly vehicleType: string;
      readonly pickup: Position;
      readonly dropoff: Position;
      readonly note: string | null;
      readonly quoteId: string | null;
      readonly fare: Money;
      /** Estimated ride, pickup to dropoff. */
      readonly distanceM: number;
      readonly durationS: number;
      readonly policy: TripPolicy;
    }
  | {
      readonly type: "offer";
      readonly driverId: DriverId;
      /** 1, 2, 3 … within the search. */
      readonly wave: number;
      readonly etaS: number;
      readonly distanceM: number;
      readonly fixAgeMs: number;
    }
  | { readonly type: "offer.delivered"; readonly offerId: OfferId; readonly driverId: DriverId }
  | { readonly type: "offer.accepted"; readonly offerId: OfferId; readonly driverId: DriverId }
  | {
      readonly type: "offer.declined";
      readonly offerId: OfferId;
      readonly driverId: DriverId;
      readonly reason: string | null;
    }
  | { readonly type: "offer.due"; readonly offerId: OfferId }
  | { readonly type: "receipt.due"; readonly offerId: OfferId }
  | { readonly type: "offer.lapsed"; readonly offerId: OfferId }
  | { readonly type: "search.due"; readonly search: number }
  /** The market did not run for a while: the search gets that time back. */
  | { readonly type: "search.extended"; readonly byMs: number }
  | { readonly type: "passenger.cancel"; readonly reason: string | null }
  | { readonly type: "driver.cancel"; readonly driverId: DriverId; readonly reason: string }
  | { readonly type: "admin.cancel"; readonly adminId: string; readonly reason: string }
  | {
      readonly type: "admin.assign";
      readonly adminId: string;
      readonly driverId: DriverId;
      readonly etaS: number | null;
      readonly distanceM: number | null;
      readonly reason: string | null;
    }
  /** The trip goes to another driver. */
  | {
      readonly type: "admin.reassign";
      readonly adminId: string;
      readonly driverId: DriverId;
      readonly etaS: number | null;
      readonly distanceM: number | null;
      readonly reason: string | null;
    }
  | { readonly type: "driver.departed"; readonly driverId: DriverId }
  /** Seen coming nearer by their fixes, so far away now. */
  | { readonly type: "driver.moving"; readonly driverId: DriverId; readonly distanceM: number }
  | {
      readonly type: "driver.arrived";
      readonly driverId: DriverId;
      /** Who says so: they, or their fixes. */
      readonly by: "driver" | "geofence";
      /** Distance to the pickup by the newest fix, and that fix's age; null when there is none. */
      readonly distanceM: number | null;
      readonly fixAgeMs: number | null;
      readonly reason: string | null;
    }
  /** The driver's connection is lost, and grace is over. */
  | { readonly type: "driver.lost"; readonly driverId: DriverId }
  | { readonly type: "pickup.late" }
  | { readonly type: "start"; readonly driverId: DriverId }
  | { readonly type: "complete"; readonly driverId: DriverId; readonly distanceM: number | null }
  | { readonly type: "ride.stuck" }
  /** An operator ends a ride whose driver's phone stays lost. */
  | {
      readonly type: "admin.complete";
      readonly adminId: string;
      readonly distanceM: number;
      readonly reason: string;
    };

/** What a driver hears: commands of their app, asks and tells of trips, facts of their connection. */
export type DriverEvent =
  | {
      readonly type: "create";
      readonly driverId: DriverId;
      readonly vehicleType: string;
      readonly policy: DriverPolicy;
    }
  | { readonly type: "go_online"; readonly vehicleType: string; readonly policy: DriverPolicy }
  | { readonly type: "go_offline" }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  // asks: refused = the whole turn is undone
  | {
      readonly type: "offer";
      readonly tripId: TripId;
      readonly offerId: OfferId;
      readonly dueAt: Ms;
      readonly shownUntil: Ms;
      readonly etaS: number;
      readonly distanceM: number;
    }
  | { readonly type: "taken"; readonly tripId: TripId }
  | { readonly type: "assign"; readonly tripId: TripId }
  | { readonly type: "completed"; readonly tripId: TripId }
  // tells: not handled = ignored
  | { readonly type: "declined"; readonly tripId: TripId }
  | { readonly type: "expired"; readonly tripId: TripId }
  | { readonly type: "withdrawn"; readonly tripId: TripId; readonly reason: string }
  | { readonly type: "undelivered"; readonly tripId: TripId }
  | { readonly type: "lapsed"; readonly tripId: TripId }
  | { readonly type: "arrived"; readonly tripId: TripId }
  | { readonly type: "started"; readonly tripId: TripId }
  | { readonly type: "freed"; readonly tripId: TripId; readonly reason: string }
  // facts
  | { readonly type: "driver.lost" }
  | { readonly type: "driver.back" }
  | { readonly type: "lost.due"; readonly lostAt: Ms }
  | { readonly type: "driver.left" }
  | {
      readonly type: "driver.entered";
      readonly vehicleType: string;
      readonly policy: DriverPolicy;
    };

/**
 * What a statechart says when it moves.
 * ask: the receiver must take it, or the whole turn is undone and refused with the receiver's reason.
 * tell: each receiver takes it or ignores it. effect: done after the commit.
 */
export type Emitted =
  | { readonly type: "ask"; readonly to: ActorRef; readonly event: DriverEvent | TripEvent }
  | {
      readonly type: "tell";
      readonly to: readonly ActorRef[];
      readonly event: DriverEvent | TripEvent;
    }
  | { readonly type: "effect"; readonly effect: Effect };

/** What the world is asked to do after the commit: plain data, ids and decided numbers only. */
export type Effect =
  /** Push `new_order` with an offer. */
  | {
      readonly do: "send_offer";
      readonly driverId: DriverId;
      readonly tripId: TripId;
      readonly offerId: OfferId;
      readonly shownUntil: Ms;
      readonly etaS: number;
      readonly distanceM: number;
    }
  /** Push `new_order` with `assigned: true`: nothing to answer. */
  | { readonly do: "send_assignment"; readonly driverId: DriverId; readonly tripId: TripId }
  /** Push `cancel_order`: the offer or the trip is no longer theirs. */
  | {
      readonly do: "send_cancel";
      readonly driverId: DriverId;
      readonly tripId: TripId;
      readonly offerId: OfferId | null;
      readonly reason: string;
    }
  /** Tell the operators. */
  | { readonly do: "raise_alarm"; readonly tripId: TripId; readonly alarm: Alarm };

/** Who may cause each event of a trip (statechart table, column "who"). */
export const whoMayTrip: { readonly [T in TripEvent["type"]]: readonly By[] } = {
  create: ["passenger"],
  offer: ["system"],
  "offer.delivered": ["driver"],
  "offer.accepted": ["driver"],
  "offer.declined": ["driver"],
  "offer.due": ["system"],
  "receipt.due": ["system"],
  "offer.lapsed": ["system"],
  "search.due": ["system"],
  "search.extended": ["system"],
  "passenger.cancel": ["passenger"],
  "driver.cancel": ["driver"],
  "admin.cancel": ["admin"],
  "admin.assign": ["admin"],
  "admin.reassign": ["admin"],
  "driver.departed": ["driver"],
  "driver.moving": ["system"],
  "driver.arrived": ["driver", "system"],
  "driver.lost": ["system"],
  "pickup.late": ["system"],
  start: ["driver"],
  complete: ["driver"],
  "ride.stuck": ["system"],
  "admin.complete": ["admin"],
};

/** Who may cause each event of a driver. Asks and tells of trips are the server's own. */
export const whoMayDriver: { readonly [T in DriverEvent["type"]]: readonly By[] } = {
  create: ["driver"],
  go_online: ["driver"],
  go_offline: ["driver"],
  pause: ["driver"],
  resume: ["driver"],
  offer: ["system"],
  taken: ["system"],
  assign: ["system"],
  completed: ["system"],
  declined: ["system"],
  expired: ["system"],
  withdrawn: ["system"],
  undelivered: ["system"],
  lapsed: ["system"],
  arrived: ["system"],
  started: ["system"],
  freed: ["system"],
  "driver.lost": ["system"],
  "driver.back": ["system"],
  "lost.due": ["system"],
  "driver.left": ["system"],
  "driver.entered": ["system"],
};

/** The two markers a transition may carry besides its emits. */
export type Marker =
  /** Judged and refused, with a code better than `illegal_now`. */
  | {
      readonly type: "refuse";
      readonly params: { readonly code: ErrorCode; readonly message: string };
    }
  /** Accepted, changes nothing, writes nothing. */
  | { readonly type: "ignore" };
