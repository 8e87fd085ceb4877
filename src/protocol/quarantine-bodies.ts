import * as z from "zod";
import { isoTime, reason } from "./values.ts";

/** `POST /quarantine/{kind}/{id}/release` */
export const releaseRequest = z.object({ reason });

/** `GET /quarantine` */
export const listed = z.object({
  items: z.array(
    z.object({
      kind: z.enum(["trip", "driver"]),
      id: z.string(),
      market: z.string(),
      since: isoTime,
      why: z.string(),
      /** Of its newest row in the log, readable or not. */
      seq: z.int(),
      /** As of the last row that can be read; null where none can. */
      good: z.object({ seq: z.int(), state: z.string() }).nullable(),
    }),
  ),
});
export type Listed = z.infer<typeof listed>;

/** What it is now. */
export const repaired = z.object({ kind: z.string(), id: z.string(), seq: z.int(), state: z.string() });
export type Repaired = z.infer<typeof repaired>;

const trip = { kind: "trip", id: "0197c3a1-5f0e-7c51-9d1a-3f2b6f1e0a01" } as const;
export const examples = {
  list: {
    answer: {
      items: [
        {
          ...trip,
          market: "dushanbe",
          since: "2026-07-01T08:30:06.412Z",
          why: "row 5 comes after row 3",
          seq: 6,
          good: { seq: 3, state: "accepted" },
        },
      ],
    },
  },
  retry: { answer: { ...trip, seq: 7, state: "en_route" } },
  release: {
    body: { reason: "its rows are lost" },
    answer: { ...trip, seq: 7, state: "cancelled" },
  },
};
