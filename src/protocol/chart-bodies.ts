import * as z from "zod";
import { driverStatus, isoTime, point, straightM } from "./values.ts";
import { trip } from "./http-bodies.ts";
import { why } from "./story-bodies.ts";

// What an operator's page draws of a trip: its statechart, its way, and who could take it.

/** `GET /charts/{kind}`: what really runs. */
export const chart = z.object({
  /** `trip@1` */
  name: z.string(),
  initial: z.string(),
  states: z.array(z.object({ id: z.string(), status: z.string(), final: z.boolean() })),
  transitions: z.array(
    z.object({
      from: z.string(),
      /** Null: it follows by itself once an event was taken. */
      event: z.string().nullable(),
      to: z.string(),
      who: z.array(z.enum(["passenger", "driver", "admin", "service", "system"])),
    }),
  ),
});

/** A trip, and the messages its reader may send now. */
export const shownTrip = trip.extend({ legal: z.array(z.string()) }).meta({ title: "ShownTrip" });

/** `GET /trips/{id}/track`: where its driver was, oldest first. */
export const track = z.object({
  points: z.array(
    z.object({
      at: isoTime,
      ...point.shape,
      heading: z.number().nullable(),
      /** Where they were going, or waiting. */
      leg: z.enum(["pickup", "dropoff"]),
    }),
  ),
});

/** `GET /trips/{id}/candidates`: the free ones and the nearest, nearest first. */
export const candidates = z.object({
  candidates: z.array(
    z.object({
      driver_id: z.string(),
      first_name: z.string().nullable(),
      status: driverStatus,
      vehicle_type: z.string(),
      ...point.shape,
      distance_m: straightM,
      eta_s: z.number(),
      /** An operator may assign them: whatever dispatch thinks, they are free. */
      assignable: z.boolean(),
      /** The first gate they fail; null: dispatch would ask them. */
      reason: z.string().nullable(),
      gates: why.shape.attempts.element.shape.candidates.element.shape.gates,
    }),
  ),
});

export type ChartBody = z.infer<typeof chart>;
export type ShownTrip = z.infer<typeof shownTrip>;
export type TrackBody = z.infer<typeof track>;
export type CandidatesBody = z.infer<typeof candidates>;

export const examples = {
  chart: {
    answer: {
      name: "trip@1",
      initial: "requested.searching",
      states: [
        { id: "requested.searching", status: "requested", final: false },
        { id: "cancelled", status: "cancelled", final: true },
      ],
      transitions: [{ from: "requested.searching", event: "admin.cancel", to: "cancelled", who: ["admin"] }],
    },
  },
  track: {
    answer: {
      points: [
        { at: "2026-07-01T08:30:10.000Z", lat: 38.5612, lng: 68.7851, heading: 170, leg: "pickup" },
        { at: "2026-07-01T08:30:15.000Z", lat: 38.5607, lng: 68.7852, heading: 172, leg: "pickup" },
      ],
    },
  },
  candidates: {
    answer: {
      candidates: [
        {
          driver_id: "0197c3a0-11d2-7a44-8a4e-0c5f3b7f2d02",
          first_name: "Dilshod",
          status: "available",
          vehicle_type: "standard",
          lat: 38.5612,
          lng: 68.7851,
          distance_m: 224,
          eta_s: 95,
          assignable: true,
          reason: "fresh",
          gates: [
            { gate: "idle", value: true, threshold: true, passed: true },
            { gate: "fresh", value: 41_000, threshold: 15_000, passed: false },
            { gate: "vehicle_type", value: "standard", threshold: "standard", passed: true },
            { gate: "not_tried", value: true, threshold: true, passed: true },
            { gate: "within_radius", value: 224, threshold: 5_000, passed: true },
          ],
        },
      ],
    },
  },
} as const;
