import type { EventRow } from "../domain/row.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import { type TripEvents, eventsQuery } from "../protocol/story-bodies.ts";
import { guarded } from "./guard.ts";
import { isId } from "../domain/ids.ts";
import { json, notFound, refused } from "./replies.ts";
import { parseQuery } from "../protocol/parse.ts";
import { refusal } from "../domain/errors.ts";
import { senderOf } from "../../machines/sender.ts";

/** `GET /trips/{id}/events`: the trip's part of the event log, in order. */
export const tripEvents = ({ history, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["admin"],
    (request) => parseQuery(eventsQuery, request.query),
    async ({ content: { since_seq, cursor, limit }, request }) => {
      const id = request.params["id"] ?? "";
      const rows = await rowsOfTrip(history, id, cursor ?? since_seq, limit + 1);
      if (rows === undefined) return notFound("trip");
      if (rows.length === 0 && (await isArchived(history, id))) return archived;
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

const isArchived = async (history: HttpPorts["history"], id: string): Promise<boolean> => {
  const trip = (await history.find(id)).find(({ kind }) => kind === "trip");
  return trip !== undefined && (await history.volumesOf(trip.market, [id])).has(id);
};

/** E65: an empty list would be a lie. */
const archived = refused(
  refusal("not_found", "the events of this trip are archived: npm run log -- restore brings them back"),
);

const view = (row: EventRow): TripEvents["items"][number] => ({
  seq: row.seq,
  position: row.position,
  caused_by: row.causedBy,
  at: new Date(row.at).toISOString(),
  type: row.type,
  by: senderOf(row),
  from: row.fromState,
  to: row.toState,
  body: row.body,
  changes: row.changes,
  effects: [...row.effects],
});
