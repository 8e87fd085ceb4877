import * as z from "zod";
import { id, maybe } from "./values.ts";

/** Any client -> server. */
export const heartbeat = z
  .object({ type: z.literal("heartbeat"), id: maybe(id) })
  .meta({ description: "Is anybody there? With an id it is acknowledged, and nothing comes of it" });
