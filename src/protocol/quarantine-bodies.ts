import * as z from "zod";
import { isoTime, reason } from "./values.ts";

/** `POST /quarantine/{kind}/{id}/retry` and `/release` */
export const repairRequest = z.object({ reason });

const item = z.object({
  kind: z.enum(["trip", "driver"]),
  id: z.string(),
  market: z.string(),
  since: isoTime,
  why: z.string(),
  /** Of its newest row in the log, readable or not. */
  seq: z.int(),
  /** As of the last row that can be read; null where none can. */
  good: z.object({ seq: z.int(), state: z.string() }).nullable(),
});
export type Item = z.infer<typeof item>;

/** `GET /quarantine` */
export const listed = z.object({ items: z.array(item) });
export type Listed = z.infer<typeof listed>;

/** `GET /quarantine/{kind}/{id}` */
export const looked = item.extend({
  /** Rows that cannot be read, the first 100. */
  unread: z.array(
    z.object({
      seq: z.int(),
      position: z.int(),
      at: isoTime,
      type: z.string(),
      from: z.string().nullable(),
      to: z.string(),
      machine: z.string(),
      why: z.string(),
    }),
  ),
  /** What the lists know of it: a release goes by that where nothing can be read. Null where they know nothing. */
  listed: z
    .object({
      seq: z.int(),
      status: z.string(),
      state: z.string(),
      passenger_id: z.string().nullable(),
      driver_id: z.string().nullable(),
      trip_id: z.string().nullable(),
    })
    .nullable(),
  /** Who holds the trip by the log's claims. */
  claimed_by: z.string().nullable(),
});
export type Looked = z.infer<typeof looked>;

/** What it is now. */
export const repaired = z.object({ kind: z.string(), id: z.string(), seq: z.int(), state: z.string() });
export type Repaired = z.infer<typeof repaired>;

const trip = { kind: "trip", id: "0197c3a1-5f0e-7c51-9d1a-3f2b6f1e0a01" } as const;
const why = "row 5 comes after row 3";
const one: Item = {
  ...trip,
  market: "dushanbe",
  since: "2026-07-01T08:30:06.412Z",
  why,
  seq: 5,
  good: { seq: 3, state: "accepted" },
};
export const examples = {
  list: { answer: { items: [one] } },
  look: {
    answer: {
      ...one,
      unread: [
        {
          seq: 5,
          position: 4_711,
          at: "2026-07-01T08:29:31.007Z",
          type: "driver.arrived",
          from: "en_route",
          to: "arrived",
          machine: "trip@1",
          why,
        },
      ],
      listed: {
        seq: 5,
        status: "arrived",
        state: "arrived",
        passenger_id: "p17",
        driver_id: "d123",
        trip_id: null,
      },
      claimed_by: "d123",
    },
  },
  retry: {
    body: { reason: "row 4 is back from the archive" },
    answer: { ...trip, seq: 6, state: "arrived" },
  },
  release: {
    body: { reason: "its rows are lost" },
    answer: { ...trip, seq: 6, state: "cancelled" },
  },
};
