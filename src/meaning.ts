import type { Actor, Meaning } from "./market/ports.ts";
import type { DriverContext, DriverState, TripContext, TripState } from "../machines/context.ts";
import { driverDue, driverListRow, driverLive } from "../machines/driver-facts.ts";
import { driverId, tripId } from "./domain/ids.ts";
import { driverMachine, driverVersion } from "../machines/driver.ts";
import { driverStatusOf, tripStatusOf } from "../machines/context.ts";
import { driverAgrees, orphansOf, releasedDriver, releasedTrip } from "./releases.ts";
import { recalledDriver, recalledTrip } from "./recalls.ts";
import { tripAfterGap, tripClaim, tripDue, tripListRow, tripLive } from "../machines/trip-facts.ts";
import { tripMachine, tripVersion } from "../machines/trip.ts";
import type { By } from "./domain/status.ts";
import { assertReplayable } from "../machines/walk.ts";
import { chartOf } from "./market/chart.ts";
import { decidingChart } from "./market/versions.ts";
import { legalMessages } from "./protocol/legal.ts";

// The runtime knows actors; what a trip or a driver is, it is told here, once.

type Trip = Actor & { readonly state: TripState; readonly context: TripContext };
type Driver = Actor & { readonly state: DriverState; readonly context: DriverContext };

/** The actor as a trip; callers know it from its kind. */
export const asTrip = (actor: Actor): Trip => actor as unknown as Trip;
export const asDriver = (actor: Actor): Driver => actor as unknown as Driver;

assertReplayable(tripMachine);
assertReplayable(driverMachine);

export const charts: Meaning["charts"] = {
  trip: chartOf("trip", tripVersion, tripMachine),
  driver: chartOf("driver", driverVersion, driverMachine),
};

const due: Meaning["due"] = (actor) =>
  actor.kind === "trip"
    ? tripDue(asTrip(actor).state, asTrip(actor).context)
    : driverDue(asDriver(actor).state, asDriver(actor).context);

export const meaning: Meaning = {
  charts,
  older: [],
  due,
  claim: (actor) => (actor.kind === "trip" ? tripClaim(asTrip(actor).state, asTrip(actor).context) : null),
  live: (actor) =>
    actor.kind === "trip" ? tripLive(asTrip(actor).state) : driverLive(asDriver(actor).state),
  listRow: (actor) =>
    actor.kind === "trip"
      ? tripListRow(tripId(actor.id), actor.seq, asTrip(actor).state, asTrip(actor).context)
      : driverListRow(driverId(actor.id), actor.seq, asDriver(actor).state, asDriver(actor).context),
  afterGap: (actor, gapMs) =>
    actor.kind === "trip" ? tripAfterGap(asTrip(actor).state, asTrip(actor).context, gapMs) : [],
  givesBack: (row) => row.type === "search.extended",
  released: (actor, others, at, reason) =>
    actor.kind === "trip" ? releasedTrip(actor, others, at, reason) : releasedDriver(actor, others, at),
  recalled: (row) => (row.table === "trip" ? recalledTrip(row) : recalledDriver(row)),
  agrees: (actor, others) => actor.kind === "trip" || driverAgrees(actor, others),
  orphaned: (actor, others) => (actor.kind === "trip" ? orphansOf(actor, others) : []),
  describe: (actor: Actor, events: readonly string[], by: By) => ({
    status: actor.kind === "trip" ? tripStatusOf[asTrip(actor).state] : driverStatusOf[asDriver(actor).state],
    legal: legalMessages(actor.kind, events, by),
  }),
};

/** The messages that `by` may send an actor now. */
export const legalFor = (actor: Actor, by: By): readonly string[] =>
  meaning.describe(actor, decidingChart(meaning, actor, actor).legal(actor), by).legal;
