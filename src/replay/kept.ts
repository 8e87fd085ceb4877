import type { Actor, Meaning } from "../market/ports.ts";
import { differ, differIn, type Difference } from "./difference.ts";
import { type ActorRow, type EventRow, REPAIRED } from "../domain/row.ts";
import type { Listed } from "../log/kept.ts";
import { fold } from "../market/fold.ts";
import { keyOf } from "../market/turn.ts";

// What is kept beside the log follows from it: the checkpoint's rows, and the rows of the lists.

/** A checkpoint's row against the actor as its log leaves it at that seq (E45). */
export const differKept = (meaning: Meaning, actor: Actor, row: ActorRow): Difference[] =>
  differIn<Omit<ActorRow, "market" | "kind" | "id">>(
    `actor ${keyOf(actor)}`,
    ["seq", "live", "machine", "value", "context"],
    row,
    {
      seq: actor.seq,
      live: meaning.live(actor),
      machine: actor.machine,
      value: actor.state,
      context: actor.context,
    },
  );

/**
 * A checkpoint's row that is older than its actor, or not written yet, against the actor's rows up to one
 * after it. It may be late, but only by what came after the checkpoint.
 */
export const differLate = (
  meaning: Meaning,
  row: ActorRow | undefined,
  rows: readonly EventRow[],
  checkpoint: number,
): Difference[] => {
  const next = rows.find(({ seq }) => seq > (row?.seq ?? 0));
  const name = `actor ${next!.actorKind}:${next!.actorId}`;
  if (next!.position <= checkpoint)
    return differ(name, "seq", row?.seq ?? "missing", `at least ${next!.seq}: the checkpoint says so`);
  // In quarantine until then: that it was there is all that the row says.
  if (row === undefined || next!.type === REPAIRED) return [];
  const actor = rows
    .filter(({ seq }) => seq <= row.seq)
    .reduce<Actor | undefined>((before, one) => fold(before, one), undefined);
  return differKept(meaning, actor!, row);
};

/** A list's row against the actor's projection; it is written with the actor's events, so it is never late. */
export const differListed = (meaning: Meaning, actor: Actor, row: Listed | undefined): Difference[] => {
  const { table, ...replayed } = meaning.listRow(actor);
  const names = Object.keys(replayed) as (keyof typeof replayed)[];
  return differIn(`${table} ${actor.id}`, names, row, replayed);
};
