import * as z from "zod";
import { isoTime, straightM } from "./values.ts";

/** `GET /drivers/{id}/why`: the offers of a day, and the newest looks that saw this driver, newest first. */
export const driverWhy = z.object({
  driver_id: z.string(),
  /** Of the last 24 hours, by the log; the others were withdrawn or did not reach the driver. */
  offers: z.object({
    since: isoTime,
    made: z.int(),
    accepted: z.int(),
    declined: z.int(),
    missed: z.int(),
  }),
  looks: z.array(
    z.object({
      trip_id: z.string(),
      at: isoTime,
      asked: z.boolean(),
      /** The gate that decided; null where they were asked. */
      reason: z.string().nullable(),
      distance_m: straightM,
      text: z.string(),
    }),
  ),
});
export type DriverWhy = z.infer<typeof driverWhy>;

export const example = {
  answer: {
    driver_id: "0197c3a0-11d2-7a44-8a4e-0c5f3b7f2d02",
    offers: { since: "2026-06-30T08:30:06.412Z", made: 9, accepted: 6, declined: 1, missed: 1 },
    looks: [
      {
        trip_id: "0197c3a1-5f0e-7c51-9d1a-3f2b6f1e0a01",
        at: "2026-07-01T08:30:00.412Z",
        asked: false,
        reason: "fresh",
        distance_m: 224,
        text: "last position 41 s old, over 15 s",
      },
    ],
  },
};
