import type { Logger } from "pino";
import { REPAIRED } from "./domain/row.ts";
import type { Turn } from "./market/ports.ts";

/** What an operator looks for at 3 a.m.: rare enough to be a line each. The rest is counted, and told at `debug`. */
const RARE = new Set([
  "driver.cancel",
  "admin.cancel",
  "admin.assign",
  "admin.reassign",
  "admin.complete",
  "search.extended",
  REPAIRED,
]);

/** One line a trip's row, ids and states only. */
export const logTurn = (logger: Logger, market: string, turn: Turn): void => {
  const all = logger.isLevelEnabled("debug");
  for (const { row } of turn.steps) {
    if (row.actorKind !== "trip") continue;
    const rare = RARE.has(row.type) || row.toState === "no_driver_found";
    if (!rare && !all) continue;
    const line = {
      trip_id: row.actorId,
      market,
      position: row.position,
      seq: row.seq,
      event: row.type,
      state: row.toState,
    };
    if (rare) logger.info(line, "trip");
    else logger.debug(line, "trip");
  }
};
