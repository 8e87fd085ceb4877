import type { Actor, Meaning } from "./ports.ts";
import { QUARANTINED, type ReadBack, readBack, whyBadRow, whyMisfit, whyUnsound } from "./sound.ts";
import type { ActorRef } from "../domain/row.ts";
import type { MarketLog } from "../log/log.ts";
import type { Ms } from "../domain/time.ts";
import { REPAIRED } from "../domain/row.ts";
import { actorOf, fold } from "./fold.ts";
import { keyOf } from "./turn.ts";

export interface Found {
  readonly actors: Map<string, Actor>;
  /** Keys of those whose stored row is older than they are. */
  readonly folded: Set<string>;
  /** Market time of the newest row after the checkpoint; null: none. */
  readonly newestAt: Ms | null;
  /** When they were given back the time of a gap, by key: as of the rows after the checkpoint. */
  readonly givenAt: ReadonlyMap<string, Ms>;
  /** Those the market cannot live with (M60). */
  readonly unsound: readonly (ReadBack & ActorRef)[];
}

/** Every actor that matters, as the log has it: the checkpoint's rows, then the tail folded on top (E9). */
export const recover = async (log: MarketLog, meaning: Meaning): Promise<Found> => {
  const { actors: stored, tail, lost } = await log.recover();
  const actors = new Map(stored.map((row) => [keyOf(row), actorOf(row)] as const));
  const folded = new Set<string>();
  const givenAt = new Map<string, Ms>();
  const doubts = new Map<string, ActorRef & { readonly marked: boolean; readonly why: string }>();
  for (const row of stored) {
    const why = whyBadRow(meaning, row);
    if (why !== null)
      doubts.set(keyOf(row), { kind: row.kind, id: row.id, marked: row.value === QUARANTINED, why });
  }
  for (const of of lost) doubts.set(keyOf(of), { ...of, marked: false, why: "the checkpoint lost it" });
  for (const row of tail) {
    const key = `${row.actorKind}:${row.actorId}`;
    if (meaning.givesBack(row)) givenAt.set(key, row.at);
    const before = actors.get(key);
    // A checkpoint that was cut short has newer actors than its position says.
    if (before !== undefined && row.seq <= before.seq) continue;
    if (doubts.has(key) && row.type !== REPAIRED) continue;
    const why = whyMisfit(meaning, before, row);
    if (why !== null) {
      doubts.set(key, { kind: row.actorKind, id: row.actorId, marked: false, why });
      continue;
    }
    doubts.delete(key);
    actors.set(key, fold(before, row));
    folded.add(key);
  }
  for (const [key, actor] of actors) {
    const why = doubts.has(key) ? null : whyUnsound(meaning, actor);
    if (why !== null) doubts.set(key, { kind: actor.kind, id: actor.id, marked: false, why });
  }

  const unsound: (ReadBack & ActorRef)[] = [];
  for (const [key, { kind, id, marked, why }] of doubts) {
    actors.delete(key);
    folded.delete(key);
    const found = await readBack(log, meaning, { kind, id });
    // A checkpoint follows from the rows: where those hold, its row is written anew.
    if (found.why === null && !marked) {
      actors.set(key, found.good!);
      folded.add(key);
    } else unsound.push({ kind, id, ...found, why: found.why ?? why });
  }
  return { actors, folded, newestAt: tail.at(-1)?.at ?? null, givenAt, unsound };
};
