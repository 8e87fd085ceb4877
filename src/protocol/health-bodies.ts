import * as z from "zod";
import { errorContent } from "./server-messages.ts";

/** `GET /health` */
export const healthy = z.object({ status: z.string() });

/** `GET /ready`: through which transport (P90), */
export const serving = z.object({ status: z.string(), transport: z.string() });
/** or why not (P58). */
export const notServing = z.object({ error: errorContent, reasons: z.array(z.string()) });

export const examples = {
  health: { answer: { status: "ok" } },
  ready: { answer: { status: "ready", transport: "uws" } },
} as const;
