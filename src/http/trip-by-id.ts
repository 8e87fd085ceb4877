import type { Desk, Identity } from "../session/desk.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import type { TripId } from "../domain/ids.ts";
import type { TripListRow } from "../domain/row.ts";
import type { Actor } from "../market/ports.ts";
import { assert } from "../domain/assert.ts";
import { isId } from "../domain/ids.ts";
import { placeHolding } from "../session/ask.ts";
import { readActor } from "./read-actor.ts";
import { tripListRow } from "../../machines/trip-facts.ts";

/** A trip as it stands. */
export interface FoundTrip {
  readonly row: TripListRow;
  /** To the pickup; null where nobody is on the way. */
  readonly etaS: number | null;
  /** Null once it has left memory: nothing can be asked of it. */
  readonly actor: Actor | null;
}

/** From its market while it is in memory there, else from the log's lists. */
export const tripById = async (desk: Desk, id: TripId): Promise<FoundTrip | undefined> => {
  if (!isId(id)) return undefined;
  const place = placeHolding(desk, id);
  const actor = place && (await readActor(place.market, { kind: "trip", id }));
  if (actor === undefined) {
    const row = await desk.endedTrip(id);
    return row && { row, etaS: null, actor: null };
  }
  const { assignment } = actor.context as unknown as TripContext;
  const comes = actor.state === "accepted" || actor.state === "en_route";
  return { row: listRow(id, actor), etaS: comes ? (assignment?.etaS ?? null) : null, actor };
};

/** Its passenger, its driver, and an operator (P53). */
export const maySee = ({ role, sub }: Identity, row: TripListRow): boolean =>
  role === "admin" ||
  (role === "passenger" && sub === row.passengerId) ||
  (role === "driver" && sub === row.driverId);

/**
 * The trip as the answer to its request said, whatever happened since: all of it was decided then (P55).
 * So the newest state will do, also one that is not durable yet.
 */
export const tripAsRequested = async (desk: Desk, id: TripId): Promise<TripListRow> => {
  const actor = placeHolding(desk, id)?.market.peek({ kind: "trip", id });
  const row = actor ? listRow(id, actor) : await desk.endedTrip(id);
  assert(row !== undefined, "P55: a durable trip is found");
  return searchingAt(row, 1);
};

/**
 * The trip as it was when its driver had given it back, at `seq`, whatever happened since: either that ended it, or
 * it was searching again (P170).
 */
export const tripGivenBack = (row: TripListRow, seq: number): TripListRow =>
  row.seq === seq ? row : searchingAt(row, seq);

const searchingAt = (row: TripListRow, seq: number): TripListRow => ({
  ...row,
  driverId: null,
  status: "requested",
  state: "requested.searching",
  seq,
  acceptedAt: null,
  arrivedAt: null,
  startedAt: null,
  completedAt: null,
  cancelledAt: null,
  cancelledBy: null,
  reason: null,
  cancelFee: null,
});

const listRow = (id: TripId, actor: Actor): TripListRow =>
  tripListRow(id, actor.seq, actor.state as TripState, actor.context as unknown as TripContext);
