import * as z from "zod";
import { listOf, pageSize } from "./http-bodies.ts";
import { isoTime, maybe, numberIn, numberOr, straightM } from "./values.ts";

// What an operator reads of how a trip went: its rows in the log, and why dispatch asked whom it asked.

const seq = z.int().min(0).max(2_147_483_647);
/** Query of `GET /trips/{id}/events`: those after `since_seq`, or after the page that gave the cursor. */
export const eventsQuery = z.object({
  since_seq: numberOr(seq, 0),
  limit: pageSize(1_000, 100),
  cursor: maybe(numberIn(seq)),
});

const anything = z.record(z.string(), z.unknown());
/** P181: what the log holds is told as it is there, not in the shapes of the rest of the API. */
export const raw = { description: "Of the log's row, as stored: names in camel case, times in Unix ms" };
/** `GET /trips/{id}/events`: rows of the event log. */
export const tripEvents = listOf(
  z.object({
    seq: z.int(),
    /** In the market's log; `caused_by` is another one, of the row whose consequence this is. */
    position: z.int(),
    caused_by: z.int().nullable(),
    at: isoTime,
    type: z.string(),
    by: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    body: anything.meta(raw),
    changes: anything.meta(raw),
    effects: z.array(z.unknown()).meta(raw),
  }),
);

/** Query of `GET /events`. */
export const newestQuery = z.object({ limit: pageSize(500, 100) });
/** A row of the event log, whosever. `event`: what operators call it, where they have a word. */
export const loggedRow = z.object({
  event: z.enum(["new_order_assigned", "order_canceled", "driver_position_update"]).optional(),
  type: z.string(),
  market: z.string(),
  position: z.int(),
  turn: z.int(),
  caused_by: z.int().nullable(),
  at: isoTime,
  actor: z.enum(["trip", "driver"]),
  actor_id: z.string(),
  seq: z.int(),
  from: z.string().nullable(),
  to: z.string(),
  body: anything.meta(raw),
  changes: anything.meta(raw),
  effects: z.array(z.unknown()).meta(raw),
});
/** `GET /events`: newest first. */
export const newestEvents = z.object({ items: z.array(loggedRow) });

const measured = z.union([z.number(), z.string(), z.boolean()]);
/** `GET /trips/{id}/why` */
export const why = z.object({
  trip_id: z.string(),
  attempts: z.array(
    z.object({
      at: isoTime,
      /** While nobody was found: the last look of `looks`, whose result this is. */
      until: isoTime,
      looks: z.int(),
      wave: z.int(),
      /** How many the wave may ask, and how far. */
      size: z.int(),
      radius_m: z.number(),
      /** Every driver nearer than this is listed. */
      searched_m: z.number(),
      text: z.string(),
      candidates: z.array(
        z.object({
          driver_id: z.string(),
          distance_m: straightM,
          eta_s: z.number(),
          asked: z.boolean(),
          /** The gate that decided; null for those asked. */
          reason: z.string().nullable(),
          text: z.string(),
          gates: z.array(
            z.object({ gate: z.string(), value: measured, threshold: measured, passed: z.boolean() }),
          ),
          /** Null where trip or driver had moved on before the offer was made. */
          offer: z
            .object({
              offer_id: z.string(),
              sent_at: isoTime,
              delivered_at: isoTime.nullable(),
              outcome: z.string().nullable(),
              outcome_at: isoTime.nullable(),
              reason: z.string().nullable(),
            })
            .nullable(),
        }),
      ),
    }),
  ),
});

export type EventsQuery = z.output<typeof eventsQuery>;
export type NewestEvents = z.infer<typeof newestEvents>;
export type TripEvents = z.infer<typeof tripEvents>;
export type Why = z.infer<typeof why>;
