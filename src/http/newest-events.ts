import { type NewestEvents, newestQuery } from "../protocol/story-bodies.ts";
import { guarded } from "./guard.ts";
import type { LogRow } from "../protocol/server-messages.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import { json } from "./replies.ts";
import { loggedRow } from "../publish/console/log-feed.ts";
import { parseQuery } from "../protocol/parse.ts";

/** `GET /events`: where the log is now, for who begins to follow it. */
export const newestEvents = ({ history, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["admin"],
    (request) => parseQuery(newestQuery, request.query),
    async ({ content: { limit } }) => {
      const rows = await history.newest(limit);
      const body: NewestEvents = { items: rows.map((row) => byIsoTime(loggedRow(row.marketKey, row))) };
      return json(200, body);
    },
  );

/** Sockets tell times in Unix ms. */
const byIsoTime = (row: LogRow["row"]): NewestEvents["items"][number] => ({
  ...row,
  at: new Date(row.at).toISOString(),
});
