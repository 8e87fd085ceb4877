import { examples, listed, looked, repairRequest, repaired } from "./quarantine-bodies.ts";
import type { Call } from "./http-calls.ts";

const refusals = ["not_found", "illegal_now", "busy"] as const;

/** What operators may do about trips and drivers that could not be read, folded or run. */
export const quarantineCalls: Readonly<Record<string, Call>> = {
  "GET /quarantine": {
    summary: "Trips and drivers that could not be read, folded or run. They take nothing until repaired.",
    roles: ["admin"],
    status: 200,
    answer: listed,
    refusals: [],
    example: examples.list,
  },
  "GET /quarantine/:kind/:id": {
    summary: "One of them: which of its rows cannot be read and why, and what the lists know of it.",
    roles: ["admin"],
    status: 200,
    answer: looked,
    refusals: ["not_found"],
    example: examples.look,
  },
  "POST /quarantine/:kind/:id/retry": {
    summary: "Take a trip or driver back as its rows say, now that they were mended.",
    roles: ["admin"],
    body: repairRequest,
    status: 200,
    answer: repaired,
    refusals,
    example: examples.retry,
  },
  "POST /quarantine/:kind/:id/release": {
    summary:
      "End one that cannot be mended: a trip is cancelled and its driver freed, a driver goes offline, after the ride they are on.",
    roles: ["admin"],
    body: repairRequest,
    status: 200,
    answer: repaired,
    refusals,
    example: examples.release,
  },
};
