import type { Actor, Meaning } from "../market/ports.ts";
import { differ, type Difference } from "./difference.ts";
import type { EventRow } from "../domain/row.ts";
import type { Stretch } from "../log/archived.ts";
import { chartOfActor } from "../market/versions.ts";
import { fold } from "../market/fold.ts";
import { keyOf } from "../market/turn.ts";
import { reexecute } from "./reexecute.ts";
import { rerunTurn } from "./rerun-turn.ts";

/** Runs a market's rows again, turn by turn, as they are given (E44). */
export interface Walk {
  /** Rows in order, and what is archived up to the last of them; a turn may go on in the next page. */
  take(page: readonly EventRow[], archived: readonly Stretch[]): void;
  /** No more rows: the last turn is whole. Gives the last position there was. */
  end(archived: readonly Stretch[]): number;
  position(): number;
  rows(): number;
  /** Rows that were not there because they are archived. */
  archived(): number;
  /** Rows that differ and are not told: their actor was repaired later. */
  replaced(): number;
  /** Every actor that was not forgotten, by its key. */
  readonly actors: Map<string, Actor>;
  readonly ended: Set<string>;
  /** Their rows do not hold; what follows from these would not hold either. */
  readonly doubted: Set<string>;
}

/** `repaired`: by actor, the position of its last repair. What its rows say before that is believed no more (M98). */
export const walkMarket = (
  meaning: Meaning,
  tell: (differences: readonly Difference[]) => void,
  repaired: ReadonlyMap<string, number> = new Map(),
): Walk => {
  const actors = new Map<string, Actor>();
  const ended = new Set<string>();
  const doubted = new Set<string>();
  let turn: EventRow[] = [];
  let last = 0;
  let epoch = 0;
  let position = 0;
  let rows = 0;
  let replaced = 0;
  const missing = archivedPositions();

  const judge = (): void => {
    const [head] = turn;
    if (head === undefined) return;
    const expected = missing.after(last);
    if (head.position !== expected)
      tell(differ(`event ${head.position}`, "position", head.position, expected));
    if (head.epoch < epoch) tell(differ(`event ${head.position}`, "epoch", head.epoch, `at least ${epoch}`));
    const moved = new Set(turn.map(keyOfRow));
    // M112: who was repaired later may have been in quarantine, and heard nothing of this.
    const view = (key: string): Actor | undefined =>
      moved.has(key) || head.position > (repaired.get(key) ?? 0) ? actors.get(key) : undefined;
    let { after, differences } = rerunTurn(meaning, view, turn);
    // Where a trip's rows are archived, or not believed, its drivers' rows stand alone.
    const dubious = turn.filter((row) => row.position < (repaired.get(keyOfRow(row)) ?? 0));
    if (
      differences.length > 0 &&
      (dubious.length > 0 || missing.touch(head.turn, turn.at(-1)!.position + 1))
    ) {
      ({ after, differences } = rerunRows(meaning, view, turn, missing.after, dubious));
      for (const row of dubious) actors.delete(keyOfRow(row));
      replaced += dubious.length;
    }
    tell(differences);
    for (const actor of after) {
      const key = keyOf(actor);
      actors.set(key, actor);
      if (differences.length > 0) doubted.add(key);
      else if (chartOfActor(meaning, actor).final(actor.state)) ended.add(key);
    }
    ({ position: last } = turn.at(-1)!);
    epoch = Math.max(epoch, head.epoch);
    rows += turn.length;
    turn = [];
  };
  return {
    take(page, archived) {
      missing.add(archived);
      for (const row of page) {
        if (turn.length > 0 && turn[0]!.turn !== row.turn) judge();
        turn.push(row);
      }
      position = page.at(-1)?.position ?? position;
    },
    end(archived) {
      missing.add(archived);
      judge();
      return missing.after(last) - 1;
    },
    position: () => position,
    rows: () => rows,
    archived: missing.count,
    replaced: () => replaced,
    actors,
    ended,
    doubted,
  };
};

const keyOfRow = ({ actorKind: kind, actorId: id }: EventRow): string => keyOf({ kind, id });

/** What is left of a turn whose trip is archived or not believed: each row by itself, and none missing between them (E62). */
const rerunRows = (
  meaning: Meaning,
  view: (key: string) => Actor | undefined,
  rows: readonly EventRow[],
  next: (position: number) => number,
  dubious: readonly EventRow[],
) => {
  const after = new Map<string, Actor>();
  const differences: Difference[] = [];
  let expected = rows[0]!.position;
  for (const row of rows) {
    differences.push(...differ(`event ${row.position}`, "position", row.position, expected));
    expected = next(row.position);
    if (dubious.includes(row)) continue;
    const key = keyOfRow(row);
    const before = after.get(key) ?? view(key);
    differences.push(...reexecute(meaning, before, row).differences);
    after.set(key, fold(before, row));
  }
  return { after: [...after.values()], differences };
};

/** Archived positions as they come, forgotten once passed. */
const archivedPositions = () => {
  let stretches: Stretch[] = [];
  let count = 0;
  return {
    add(more: readonly Stretch[]): void {
      stretches.push(...more);
      for (const { from, until } of more) count += until - from;
    },
    /** The first position after this one that is not archived. */
    after(position: number): number {
      stretches = stretches.filter(({ until }) => until > position + 1);
      let next = position + 1;
      for (const { from, until } of stretches) {
        if (from > next) break;
        next = until;
      }
      return next;
    },
    touch: (from: number, to: number): boolean =>
      stretches.some((stretch) => stretch.from <= to && from < stretch.until),
    count: () => count,
  };
};
