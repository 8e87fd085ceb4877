import type { ActorRow, EventRow, JsonObject } from "../domain/row.ts";
import type { Actor } from "./ports.ts";
import { REPAIRED } from "../domain/row.ts";

/** The actor after a row, from its recorded result alone: no statechart runs (I5 says it must agree). */
export const fold = (before: Actor | undefined, row: EventRow): Actor => ({
  kind: row.actorKind,
  id: row.actorId,
  seq: row.seq,
  machine: row.machine,
  state: row.toState,
  context:
    row.type === REPAIRED
      ? (row.body["context"] as JsonObject)
      : // A context begins as what its create event says (E2).
        { ...(before === undefined ? row.body : before.context), ...row.changes },
});

export const actorOf = (row: ActorRow): Actor => ({
  kind: row.kind,
  id: row.id,
  seq: row.seq,
  machine: row.machine,
  state: row.value,
  context: row.context,
});
