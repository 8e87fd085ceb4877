import type { Peer } from "../../session/desk.ts";
import type { EventRow } from "../../domain/row.ts";
import type { Feed } from "./consoles.ts";
import type { LogRow } from "../../protocol/server-messages.ts";
import { driverOfRow } from "../order-update.ts";

/** Every row, in order: pushed, so that a console too slow to read them is closed rather than told half (P38). */
export const logFeed = (peer: Peer): Feed => ({
  committed: (place, { steps }) => {
    for (const { row } of steps) peer.push({ type: "log", row: loggedRow(place.name, row) });
  },
});

/** A row as operators are told of it. `market`: its key. */
export const loggedRow = (market: string, row: EventRow): LogRow["row"] => {
  const word = wordFor(row);
  return {
    ...(word && { event: word }),
    type: row.type,
    market,
    position: row.position,
    turn: row.turn,
    caused_by: row.causedBy,
    at: row.at,
    actor: row.actorKind,
    actor_id: row.actorId,
    seq: row.seq,
    from: row.fromState,
    to: row.toState,
    body: row.body,
    changes: row.changes,
    effects: [...row.effects],
  };
};

/** Operators' word for what happened, where they have one: trips are their orders. */
const wordFor = (row: EventRow): LogRow["row"]["event"] => {
  if (row.actorKind !== "trip") return undefined;
  if (driverOfRow(row) !== null) return "new_order_assigned";
  if (row.toState === "cancelled") return "order_canceled";
  return row.type === "driver.moving" || row.type === "driver.arrived" ? "driver_position_update" : undefined;
};
