import type { Answer, Desk, Identity, Peer, Place } from "./desk.ts";
import type { Bbox, Topic } from "../protocol/admin-messages.ts";
import type { DriverId, PassengerId, TripId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { DriverWelcome } from "../protocol/server-messages.ts";
import type { Grace } from "./grace.ts";
import type { Limit } from "./limits.ts";
import type { Position } from "../domain/geo.ts";
import type { Quotes } from "./quotes.ts";
import type { Registry } from "./registry.ts";
import type { Tokens } from "./tokens.ts";

/** What came of it; called exactly once. */
export type Done = (answer: Answer) => void;

/** A part of the map; degrees. */
export interface Circle extends Position {
  readonly radiusM: number;
}

/** What publishing does for a session; handed over by main. */
export interface Pushes {
  /** What a driver missed, in order with the pushes that follow; null while the log does not answer. */
  resumeDriver(
    place: Place | null,
    driverId: DriverId,
    done: (resume: DriverWelcome["resume"] | null) => void,
  ): void;
  /** The trip as it is, or what came after `sinceSeq`, and from then on every update. */
  subscribe(peer: Peer, who: Identity, tripId: TripId, sinceSeq: number | null, done: Done): void;
  /** From its first row on; for the one who just made it. */
  followNew(peer: Peer, tripId: TripId): void;
  unsubscribe(peer: Peer, tripId: TripId): void;
  /** It hears of every update, or will once it has caught up. */
  follows(peer: Peer, tripId: TripId): boolean;
  forget(peer: Peer): void;
  /** Free drivers in the circle from now on, instead of an earlier one. False: too many watch. */
  watchNearby(peer: Peer, place: Place, circle: Circle): boolean;
  unwatchNearby(peer: Peer): void;
  /** These topics from the beginning, beside those of before. False: too many consoles. */
  openTopics(peer: Peer, topics: readonly Topic[], bbox: Bbox | null): boolean;
  closeTopics(peer: Peer, topics: readonly Topic[]): void;
  /** A driver on a trip is here; degrees, NaN for an unknown heading. */
  shareLocation(
    tripId: TripId,
    driverId: DriverId,
    lat: number,
    lng: number,
    heading: number,
    atMs: number,
  ): void;
}

/** Plain numbers by name, for the metrics. */
export type Tally = Record<string, number>;

/** Keeps what a passenger thought of a trip, once. */
export type Rate = (rating: {
  readonly tripId: TripId;
  readonly passengerId: PassengerId;
  readonly driverId: DriverId;
  readonly stars: number;
  readonly tip: number;
}) => Promise<"rated" | "same" | "already_exists">;

export interface SessionPorts {
  readonly desk: Desk;
  readonly clock: Clock;
  /** A UUIDv7; chance comes in by this door. */
  newId(): string;
  readonly tokens: Tokens;
  readonly registry: Registry;
  readonly quotes: Quotes;
  readonly grace: Grace;
  readonly pushes: Pushes;
  readonly rate: Rate;
  /** New connections of an address, messages of a user. */
  readonly addressLimit: Limit;
  readonly userLimit: Limit;
  /** Positions by verdict, refusals by code. */
  readonly pings: Tally;
  readonly refusals: Tally;
}
