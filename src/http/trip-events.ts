import type { EventRow } from "../domain/row.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import type { TripEvent } from "../../machines/events.ts";
import type { TripEvents } from "../protocol/http-bodies.ts";
import { eventsQuery } from "../protocol/http-bodies.ts";
import { guarded } from "./guard.ts";
import { isId } from "../domain/ids.ts";
import { json, notFound } from "./replies.ts";
import { parseQuery } from "../protocol/parse.ts";
import { whoMayTrip } from "../../machines/events.ts";

/** `GET /trips/{id}/events`: the trip's part of the event log, in order. */
export const tripEvents = ({ tokens, history }: HttpPorts): Route =>
  guarded(
    tokens,
    ["admin"],
    (request) => parseQuery(eventsQuery, request.query),
    async ({ content: { since_seq, cursor, limit }, request }) => {
      const rows = await rowsOfTrip(history, request.params["id"] ?? "", cursor ?? since_seq, limit + 1);
      if (rows === undefined) return notFound("trip");
      const items = rows.slice(0, limit).map(view);
      const body: TripEvents = {
        items,
        next_cursor: rows.length > limit ? String(items.at(-1)!.seq) : null,
      };
      return json(200, body);
    },
  );

/** Undefined: there is no such trip. */
export const rowsOfTrip = async (
  history: HttpPorts["history"],
  id: string,
  sinceSeq?: number,
  limit?: number,
): Promise<readonly EventRow[] | undefined> => {
  const trip = isId(id) ? (await history.find(id)).find(({ kind }) => kind === "trip") : undefined;
  return trip && history.ofActor(trip, sinceSeq, limit);
};

const view = (row: EventRow): TripEvents["items"][number] => ({
  seq: row.seq,
  position: row.position,
  caused_by: row.causedBy,
  at: new Date(row.at).toISOString(),
  type: row.type,
  // Each event of a trip has one kind of sender.
  by: whoMayTrip[row.type as TripEvent["type"]][0]!,
  from: row.fromState,
  to: row.toState,
  body: row.body,
  changes: row.changes,
  effects: [...row.effects],
});
