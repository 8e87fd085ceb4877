import type { Actor } from "./ports.ts";
import type { MarketLog } from "../log/log.ts";
import { actorOf, fold } from "./fold.ts";
import { assert } from "../domain/assert.ts";
import { keyOf } from "./turn.ts";

/** Every actor that matters, as the log has it: the checkpoint's rows, then the tail folded on top (E9). */
export const recover = async (
  log: MarketLog,
): Promise<{ actors: Map<string, Actor>; folded: Set<string> }> => {
  const { actors: stored, tail } = await log.recover();
  const actors = new Map(stored.map((row) => [keyOf(row), actorOf(row)] as const));
  const folded = new Set<string>();
  for (const row of tail) {
    const key = `${row.actorKind}:${row.actorId}`;
    const before = actors.get(key);
    // A checkpoint that was cut short has newer actors than its position says.
    if (before !== undefined && row.seq <= before.seq) continue;
    assert(row.seq === (before?.seq ?? 0) + 1, `I2: seq of ${key} is contiguous at position ${row.position}`);
    actors.set(key, fold(before, row));
    folded.add(key);
  }
  return { actors, folded };
};
