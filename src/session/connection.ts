import type { DriverId, PassengerId, TripId } from "../domain/ids.ts";
import { driverId, passengerId } from "../domain/ids.ts";
import { type Line, createLine } from "./peer.ts";
import type { FrameKind } from "../protocol/frame.ts";
import type { Identity, Place } from "./desk.ts";
import type { Ms } from "../domain/time.ts";

/** What is known of a socket before it opens. */
export interface Opening {
  readonly identity: Identity;
  /** Names this connection in `welcome` and in log lines. */
  readonly session: string;
  /** What it is answered in until its first frame. */
  readonly kind: FrameKind;
  readonly local: boolean;
}

/** What every open socket has. */
interface Common extends Omit<Opening, "kind"> {
  readonly line: Line;
  /** Messages wait here until the welcome is sent, and while a driver changes market; null: they do not. */
  waiting: (() => void)[] | null;
  /** Nothing is pushed before the welcome: what it tells includes it (P34). */
  welcomed: boolean;
  /** When the newest malformed frames came, at most ten. */
  readonly malformedAt: number[];
  stopExpiry: () => void;
}

export interface DriverConnection extends Common {
  readonly role: "driver";
  readonly driverId: DriverId;
  /** As registered. */
  readonly vehicleType: string;
  /** The market that has this driver; null: none yet. */
  place: Place | null;
  /** In the location index of `place`; -1 while offline. */
  slot: number;
  tripId: TripId | null;
  /** Newest position; NaN before the first. */
  lat: number;
  lng: number;
  /** Market time of the newest position; null before the first. */
  heardAt: Ms | null;
  /** Market time of the last position told to the passenger. */
  sharedAt: number;
  readonly area: AreaWatch;
  readonly leg: LegWatch;
}

/** How a driver stands to the area of their market (P49). */
export interface AreaWatch {
  /** False from going available to the first fix after it. */
  settled: boolean;
  /** Not looked at again before. */
  nextLookAt: number;
  /** Since when outside, and from where they left; NaN while inside. */
  outsideSince: number;
  lat: number;
  lng: number;
}

/** How a driver comes to the pickup of their trip (L14, L15). Metres, market time. */
export interface LegWatch {
  /** The pickup; NaN while there is none to come to. */
  lat: number;
  lng: number;
  arriveRadiusM: number;
  movingM: number;
  /** Of the newest position, and the furthest since they were assigned; NaN before the first. */
  lastM: number;
  furthestM: number;
  /** Positions in a row that were nearer than the one before, and inside the radius. */
  nearer: number;
  inside: number;
  /** Not said again before; how often still. */
  movingAt: number;
  arrivedAt: number;
  left: number;
}

export interface PassengerConnection extends Common {
  readonly role: "passenger";
  readonly passengerId: PassengerId;
}

export interface AdminConnection extends Common {
  readonly role: "admin";
}

export type Connection = DriverConnection | PassengerConnection | AdminConnection;

const common = ({ identity, session, kind, local }: Opening): Common => ({
  identity,
  session,
  local,
  line: createLine(kind),
  waiting: [],
  welcomed: false,
  malformedAt: [],
  stopExpiry: () => {},
});

const noLeg = (): LegWatch => ({
  lat: Number.NaN,
  lng: Number.NaN,
  arriveRadiusM: 0,
  movingM: 0,
  lastM: Number.NaN,
  furthestM: Number.NaN,
  nearer: 0,
  inside: 0,
  movingAt: 0,
  arrivedAt: 0,
  left: 0,
});

export const driverConnection = (opening: Opening, vehicleType: string): DriverConnection => ({
  ...common(opening),
  role: "driver",
  driverId: driverId(opening.identity.sub),
  vehicleType,
  place: null,
  slot: -1,
  tripId: null,
  lat: Number.NaN,
  lng: Number.NaN,
  heardAt: null,
  sharedAt: 0,
  area: { settled: true, nextLookAt: 0, outsideSince: Number.NaN, lat: Number.NaN, lng: Number.NaN },
  leg: noLeg(),
});

export const passengerConnection = (opening: Opening): PassengerConnection => ({
  ...common(opening),
  role: "passenger",
  passengerId: passengerId(opening.identity.sub),
});

export const adminConnection = (opening: Opening): AdminConnection => ({
  ...common(opening),
  role: "admin",
});
