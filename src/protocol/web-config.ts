import * as z from "zod";
import { point } from "./values.ts";

/** `GET /config.json`: what the web pages must know before anybody has signed in. */
export const webConfig = z.object({
  markets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      currency: z.string(),
      time_zone: z.string(),
      /** Null: a market without an area. */
      centre: point.nullable(),
    }),
  ),
  map: z.object({
    tiles: z.object({ url: z.string(), attribution: z.string() }).nullable(),
    /** Path of a GeoJSON file of road lines. */
    roads: z.string().nullable(),
  }),
});

export type WebConfig = z.infer<typeof webConfig>;
