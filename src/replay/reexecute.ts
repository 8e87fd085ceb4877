import type { Actor, Input, Meaning } from "../market/ports.ts";
import type { EventRow } from "../domain/row.ts";
import { decidingChart } from "../market/versions.ts";
import { differ, type Difference } from "./difference.ts";
import type { Ms } from "../domain/time.ts";
import { isRepair, repair } from "../market/repair.ts";
import { recorded } from "../market/said.ts";

/** One row run again: its input fed to its chart on the state before it. */
export interface Replayed {
  /** Undefined when the chart does not take the row's input at all. */
  readonly after: Actor | undefined;
  readonly differences: readonly Difference[];
}

/**
 * Runs one row's input again and compares everything that its actor decided (I5). Reads nothing but its
 * arguments: whatever was looked up is on the event, so a replay needs no clock, no network and no policy.
 */
export const reexecute = (meaning: Meaning, before: Actor | undefined, row: EventRow): Replayed => {
  const ref = { kind: row.actorKind, id: row.actorId };
  const chart = decidingChart(meaning, ref, before, row.machine);
  const event = { ...row.body, type: row.type, at: row.at, position: row.position } as Input & {
    at: Ms;
    position: number;
  };
  const next = isRepair(event)
    ? repair(row.actorKind, row.actorId, event)
    : chart.next(before ?? null, row.actorId, event);
  const name = `event ${row.position}`;
  if (next.is !== "moved")
    return { after: undefined, differences: differ(name, "outcome", "moved", next.is) };
  return {
    after: next.to,
    differences: [
      ...differ(name, "seq", row.seq, next.to.seq),
      ...differ(name, "machine", row.machine, next.to.machine),
      ...differ(name, "from_state", row.fromState, isRepair(event) ? event.from : (before?.state ?? null)),
      ...differ(name, "to_state", row.toState, next.to.state),
      ...differ(name, "changes", row.changes, next.changes),
      ...differ(name, "effects", row.effects, next.emitted.map(recorded)),
    ],
  };
};
