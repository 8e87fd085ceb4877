import type { MarketId } from "./ids.ts";
import type { Ms } from "./time.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type ActorKind = "trip" | "driver";
export interface ActorRef {
  readonly kind: ActorKind;
  readonly id: string;
}

/**
 * One line of the event log: the input that was fed to one actor and its recorded result.
 * Folding `changes` is the fast way to a state, re-executing `type` + `body` is the proof of it.
 */
export interface EventRow {
  readonly market: MarketId;
  /** 1, 2, 3 … without gaps within the market. */
  readonly position: number;
  /** Position of the first row of the turn; all rows of a turn commit together. */
  readonly turn: number;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  /** 1, 2, 3 … without gaps within the actor (I2). */
  readonly seq: number;
  readonly type: string;
  /** The input without `type`, `at`, `position`. */
  readonly body: JsonObject;
  /** Null for the first row of an actor. */
  readonly fromState: string | null;
  readonly toState: string;
  /** Context keys with a new value; in the first row those that `body` does not say already. */
  readonly changes: JsonObject;
  /** What the statechart said: `ask driver:d1 taken`, `tell …`, and effects whole. */
  readonly effects: readonly Json[];
  /** Market time. */
  readonly at: Ms;
  /** Position of the row whose ask or tell this is; null for the command's own row. */
  readonly causedBy: number | null;
  /** Day, role, user and key of the command, on its own row only. */
  readonly commandId: string | null;
  /** 32-bit fingerprint of the command's content, to tell a repeat from a reused key. */
  readonly commandHash: number | null;
  /** `trip@1`: which statechart decided. */
  readonly machine: string;
  readonly epoch: number;
}

/**
 * The type of a row that no statechart decided: an operator gave the actor this state, whatever its rows before
 * said (M64). Its body is a `Repair`, and replay takes it as given.
 */
export const REPAIRED = "repaired";

/** An actor at one moment: what a checkpoint stores and recovery reads. */
export interface ActorRow {
  readonly market: MarketId;
  readonly kind: ActorKind;
  readonly id: string;
  /** True while something may still happen to it: it is loaded at recovery. */
  readonly live: boolean;
  readonly seq: number;
  readonly machine: string;
  readonly value: string;
  readonly context: JsonObject;
}

/** A driver holds a trip: at most one live pair per driver and per trip (I1). */
export interface Claim {
  readonly driverId: string;
  readonly tripId: string;
}

/** Plain columns of a trip for lists, upserted with its rows. */
export interface TripListRow {
  readonly table: "trip";
  readonly id: string;
  readonly passengerId: string;
  readonly driverId: string | null;
  readonly vehicleType: string;
  readonly status: string;
  readonly state: string;
  readonly seq: number;
  readonly pickupLat: number;
  readonly pickupLng: number;
  readonly dropoffLat: number;
  readonly dropoffLng: number;
  readonly requestedAt: Ms;
  readonly acceptedAt: Ms | null;
  readonly arrivedAt: Ms | null;
  readonly startedAt: Ms | null;
  readonly completedAt: Ms | null;
  readonly cancelledAt: Ms | null;
  readonly cancelledBy: string | null;
  readonly reason: string | null;
  readonly fareAmount: number | null;
  readonly fareCurrency: string | null;
  /** Minor units, once cancelled. */
  readonly cancelFee: number | null;
}

/** Plain columns of a driver in a market for lists. */
export interface DriverListRow {
  readonly table: "driver_status";
  readonly id: string;
  readonly vehicleType: string;
  readonly status: string;
  readonly state: string;
  readonly seq: number;
  /** Since when in this status. */
  readonly since: Ms;
  readonly tripId: string | null;
  readonly misses: number;
}

export type ListRow = TripListRow | DriverListRow;
