import type { Actor, Meaning } from "../market/ports.ts";
import { causesOf, type Cause } from "./cause.ts";
import { differKept, differLate, differListed } from "./kept.ts";
import type { History, MarketRow, Whereabouts } from "../log/history.ts";
import { changesIn, type Change } from "./change.ts";
import type { Difference } from "./difference.ts";
import type { EventRow } from "../domain/row.ts";
import { fold } from "../market/fold.ts";
import { reexecute } from "./reexecute.ts";
import { sinceRepair } from "./since-repair.ts";

/** One event of an actor's life: what was recorded, and where it led. */
export interface Step {
  readonly row: EventRow;
  readonly cause: Cause;
  readonly after: Actor;
  readonly changed: readonly Change[];
}

/** An actor in one market. */
export interface Life {
  readonly market: MarketRow;
  /** Up to the asked position, at least one. */
  readonly steps: readonly Step[];
  /** Where the log, run again, says something else. Empty unless verified. */
  readonly differences: readonly Difference[];
}

export interface Asked {
  /** Only up to this position. */
  readonly at: number | null;
  /** Only in this market. */
  readonly market: MarketRow | null;
  /** Runs every input again, and compares the rows and what is kept beside them. */
  readonly verify: boolean;
}

/**
 * One actor's life from the log, oldest first; a driver has one in each market. Reads one moment of the log
 * and nothing else. Empty: no such actor, or not yet at that position.
 */
export const replay = (
  history: History,
  meaning: Meaning,
  id: string,
  { at, market, verify }: Asked,
): Promise<readonly Life[]> =>
  history.still(async (now) => {
    const markets = new Map((await now.markets()).map((row) => [row.id, row]));
    const lives: Life[] = [];
    for (const who of (await now.find(id)).toReversed()) {
      if (market !== null && who.market !== market.id) continue;
      const home = markets.get(who.market)!;
      const rows = await rowsOf(now, who);
      const told = at === null ? rows : rows.filter(({ position }) => position <= at);
      const differences = verify ? await verifyLife(now, meaning, home, who, rows) : [];
      if (told.length > 0) lives.push({ market: home, steps: await stepsOf(now, who, told), differences });
    }
    return lives;
  });

const rowsOf = async (history: History, who: Whereabouts): Promise<EventRow[]> => {
  const rows: EventRow[] = [];
  for (;;) {
    const page = await history.ofActor(who, rows.at(-1)?.seq ?? 0);
    if (page.length === 0) return rows;
    rows.push(...page);
  }
};

const stepsOf = async (history: History, who: Whereabouts, rows: readonly EventRow[]): Promise<Step[]> => {
  const causes = await causesOf(history, who.market, rows);
  let before: Actor | undefined;
  return rows.map((row) => {
    const after = fold(before, row);
    const changed = changesIn(before?.context ?? {}, before ? row.changes : after.context);
    before = after;
    return { row, cause: causes(row), after, changed };
  });
};

const verifyLife = async (
  history: History,
  meaning: Meaning,
  market: MarketRow,
  who: Whereabouts,
  rows: readonly EventRow[],
): Promise<Difference[]> => {
  const found: Difference[] = [];
  let actor: Actor | undefined;
  for (const row of sinceRepair(rows)) {
    found.push(...reexecute(meaning, actor, row).differences);
    actor = fold(actor, row);
  }
  // What follows from rows that do not hold would not hold either.
  if (actor === undefined || found.length > 0) return found;
  const [kept] = await history.actors(who.market, [who]);
  const [listed] = await history.listed(who.market, who.kind, [who.id]);
  return [
    ...(kept !== undefined && kept.seq >= actor.seq
      ? differKept(meaning, actor, kept)
      : differLate(meaning, kept, rows, market.checkpoint)),
    ...differListed(meaning, actor, listed),
  ];
};
