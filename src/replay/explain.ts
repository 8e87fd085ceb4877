import type { Replayed } from "./reexecute.ts";
import type { EventRow } from "../domain/row.ts";

/** One step of an actor's life, with what was recorded and, where asked for, what running it again says. */
export interface Explained {
  readonly row: EventRow;
  readonly replayed: Replayed | null;
}

/** A step for people: when, what, from where to where, what changed, what was said. */
export const explain = ({ row, replayed }: Explained): string => {
  const at = new Date(row.at).toISOString();
  const cause = row.causedBy === null ? (row.commandId ?? "the server") : `row ${row.causedBy}`;
  const lines = [
    `#${row.position}  ${at}  ${row.actorKind} ${row.actorId}  seq ${row.seq}`,
    `  ${row.type}   ${row.fromState ?? "(new)"} -> ${row.toState}   by ${cause}   ${row.machine}`,
  ];
  if (Object.keys(row.body).length > 0) lines.push(`  heard    ${JSON.stringify(row.body)}`);
  if (row.fromState !== null)
    for (const [key, value] of Object.entries(row.changes))
      lines.push(`  changed  ${key} = ${JSON.stringify(value)}`);
  for (const effect of row.effects)
    lines.push(`  said     ${typeof effect === "string" ? effect : JSON.stringify(effect)}`);
  for (const { field, logged, replayed: now } of replayed?.differences ?? [])
    lines.push(`  DIFFERS  ${field}: logged ${JSON.stringify(logged)}, replayed ${JSON.stringify(now)}`);
  return lines.join("\n");
};
