import type { Batch } from "../log/log.ts";
import type { Claim, EventRow, ListRow } from "../domain/row.ts";
import type { Decided } from "./turn.ts";
import type { Meaning } from "./ports.ts";
import { keyOf } from "./turn.ts";

/** E6: rows of one append. A single larger turn still goes whole. */
const ROWS_PER_BATCH = 500;

/** What a turn does to the claims: pairs that it ends, pairs that it leaves behind. */
interface ClaimChange {
  readonly released: readonly Claim[];
  readonly claimed: readonly Claim[];
}

/**
 * Takes whole turns from the front while they fit in one append. A driver or trip released by an earlier turn
 * cannot be claimed again in the same statement (Postgres refuses both orders), so the batch is cut before it.
 */
export const gather = (
  turns: Iterable<readonly Decided[]>,
  from: number,
  meaning: Meaning,
): { batch: Batch; turns: number } => {
  const rows: EventRow[] = [];
  const lists = new Map<string, ListRow>();
  const released = new Map<string, Claim>();
  const claimed = new Map<string, Claim>();
  const freed = new Set<string>();
  let taken = 0;

  for (const steps of turns) {
    const change = claimChange(steps, meaning);
    if (taken > 0 && rows.length + steps.length > ROWS_PER_BATCH) break;
    if (change.claimed.some((claim) => freed.has(`d:${claim.driverId}`) || freed.has(`t:${claim.tripId}`)))
      break;
    for (const claim of change.released) {
      const key = pairOf(claim);
      // Claimed and released within the batch: the log's claim table never hears of it.
      if (claimed.delete(key)) continue;
      released.set(key, claim);
      freed.add(`d:${claim.driverId}`).add(`t:${claim.tripId}`);
    }
    for (const claim of change.claimed) claimed.set(pairOf(claim), claim);
    for (const step of steps) {
      rows.push(step.row);
      lists.set(keyOf(step.after), meaning.listRow(step.after));
    }
    taken++;
  }
  return {
    turns: taken,
    batch: {
      from,
      to: from + rows.length,
      rows,
      released: [...released.values()],
      claimed: [...claimed.values()],
      lists: [...lists.values()],
    },
  };
};

const pairOf = (claim: Claim): string => `${claim.driverId}:${claim.tripId}`;

const claimChange = (steps: readonly Decided[], meaning: Meaning): ClaimChange => {
  const first = new Map<string, Decided>();
  const last = new Map<string, Decided>();
  for (const step of steps) {
    const key = keyOf(step.after);
    if (!first.has(key)) first.set(key, step);
    last.set(key, step);
  }
  const released: Claim[] = [];
  const claimed: Claim[] = [];
  for (const [key, { before }] of first) {
    const held = before === undefined ? null : meaning.claim(before);
    const holds = meaning.claim(last.get(key)!.after);
    if (held !== null && holds !== null && pairOf(held) === pairOf(holds)) continue;
    if (held !== null) released.push(held);
    if (holds !== null) claimed.push(holds);
  }
  return { released, claimed };
};
