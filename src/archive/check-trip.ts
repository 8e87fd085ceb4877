import type { Actor, Meaning } from "../market/ports.ts";
import { differ, type Difference } from "../replay/difference.ts";
import type { EventRow } from "../domain/row.ts";
import { chartOfActor } from "../market/versions.ts";
import { fold } from "../market/fold.ts";
import { reexecute } from "../replay/reexecute.ts";
import { sinceRepair } from "../replay/since-repair.ts";

/** The rows of one ended trip, run again: where they differ from what was recorded, and the trip as they leave it. */
export const checkTrip = (
  meaning: Meaning,
  rows: readonly EventRow[],
): { readonly trip: Actor; readonly differences: readonly Difference[] } => {
  const differences: Difference[] = [];
  let trip: Actor | undefined;
  let before = 0;
  for (const row of sinceRepair(rows)) {
    const name = `event ${row.position}`;
    differences.push(...differ(name, "actor_kind", row.actorKind, "trip"));
    if (row.position <= before)
      differences.push(...differ(name, "position", row.position, `after ${before}`));
    differences.push(...rerun(meaning, trip, row));
    trip = fold(trip, row);
    before = row.position;
  }
  const { state, id } = trip!;
  if (!chartOfActor(meaning, trip!).final(state))
    differences.push(...differ(`trip ${id}`, "state", state, "ended"));
  return { trip: trip!, differences };
};

/** A row that was tampered with may be more than a chart can bear. */
const rerun = (meaning: Meaning, before: Actor | undefined, row: EventRow): readonly Difference[] => {
  try {
    return reexecute(meaning, before, row).differences;
  } catch (error) {
    return differ(`event ${row.position}`, "outcome", "moved", `failed: ${String(error)}`);
  }
};
