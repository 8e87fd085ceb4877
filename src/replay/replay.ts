import type { Actor, Chart } from "../market/ports.ts";
import type { ActorKind } from "../domain/row.ts";
import type { Explained } from "./explain.ts";
import type { History } from "../log/history.ts";
import { fold } from "../market/fold.ts";
import { reexecute } from "./reexecute.ts";

export interface Story {
  readonly steps: readonly Explained[];
  /** The actor as its log leaves it, at the asked position. */
  readonly last: Actor | undefined;
  readonly differences: number;
}

/**
 * One actor's life from the log, step by step; with `verify` each input runs again and is compared.
 * Reads only. Undefined: no such actor.
 */
export const replay = async (
  history: History,
  charts: Readonly<Record<ActorKind, Chart>>,
  id: string,
  asked: { readonly at: number | null; readonly verify: boolean },
): Promise<Story | undefined> => {
  const lives = await history.find(id);
  if (lives.length === 0) return undefined;
  const steps: Explained[] = [];
  let last: Actor | undefined;
  for (const life of lives.toReversed()) {
    let actor: Actor | undefined;
    for (;;) {
      const rows = await history.ofActor(life, actor?.seq ?? 0);
      const within = rows.filter((row) => asked.at === null || row.position <= asked.at);
      for (const row of within) {
        steps.push({ row, replayed: asked.verify ? reexecute(charts, actor, row) : null });
        actor = fold(actor, row);
      }
      if (rows.length === 0 || within.length < rows.length) break;
    }
    last = actor ?? last;
  }
  const differences = steps.reduce((sum, { replayed }) => sum + (replayed?.differences.length ?? 0), 0);
  return { steps, last, differences };
};
