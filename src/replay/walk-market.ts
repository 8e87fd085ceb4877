import type { Actor, Meaning } from "../market/ports.ts";
import { differ, type Difference } from "./difference.ts";
import type { EventRow } from "../domain/row.ts";
import { keyOf } from "../market/turn.ts";
import { rerunTurn } from "./rerun-turn.ts";

/** Runs a market's rows again, turn by turn, as they are given (E44). */
export interface Walk {
  /** Rows in order; a turn may go on in the next page. */
  take(page: readonly EventRow[]): void;
  /** No more rows: the last turn is whole. */
  end(): void;
  position(): number;
  rows(): number;
  /** Every actor that was not forgotten, by its key. */
  readonly actors: Map<string, Actor>;
  readonly ended: Set<string>;
  /** Their rows do not hold; what follows from these would not hold either. */
  readonly doubted: Set<string>;
}

export const walkMarket = (meaning: Meaning, tell: (differences: readonly Difference[]) => void): Walk => {
  const actors = new Map<string, Actor>();
  const ended = new Set<string>();
  const doubted = new Set<string>();
  let turn: EventRow[] = [];
  let last = 0;
  let epoch = 0;
  let position = 0;
  let rows = 0;

  const judge = (): void => {
    const [head] = turn;
    if (head === undefined) return;
    if (head.position !== last + 1)
      tell(differ(`event ${head.position}`, "position", head.position, last + 1));
    if (head.epoch < epoch) tell(differ(`event ${head.position}`, "epoch", head.epoch, `at least ${epoch}`));
    const { after, differences } = rerunTurn(meaning, (key) => actors.get(key), turn);
    tell(differences);
    for (const actor of after) {
      const key = keyOf(actor);
      actors.set(key, actor);
      if (differences.length > 0) doubted.add(key);
      else if (meaning.charts[actor.kind].final(actor.state)) ended.add(key);
    }
    ({ position: last } = turn.at(-1)!);
    epoch = Math.max(epoch, head.epoch);
    rows += turn.length;
    turn = [];
  };
  return {
    take(page) {
      for (const row of page) {
        if (turn.length > 0 && turn[0]!.turn !== row.turn) judge();
        turn.push(row);
      }
      position = page.at(-1)?.position ?? position;
    },
    end: judge,
    position: () => position,
    rows: () => rows,
    actors,
    ended,
    doubted,
  };
};
