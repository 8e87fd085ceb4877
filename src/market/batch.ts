import type { Batch, ClaimMove } from "../log/log.ts";
import type { Claim, EventRow, ListRow } from "../domain/row.ts";
import type { Decided } from "./turn.ts";
import type { Actor, Meaning } from "./ports.ts";
import { REPAIRED } from "../domain/row.ts";
import { keyOf } from "./turn.ts";

/** E6: rows of one append. A single larger turn still goes whole. */
const ROWS_PER_BATCH = 500;

/** What a turn does to the claims: pairs that it ends, leaves behind, or gives another driver. */
interface ClaimChange {
  readonly released: readonly Claim[];
  readonly moved: readonly ClaimMove[];
  readonly claimed: readonly Claim[];
}

/**
 * Takes whole turns from the front while they fit in one append. A driver or trip set free by an earlier turn
 * cannot be claimed again in the same statement (Postgres refuses both orders), so the batch is cut before it.
 */
export const gather = (
  turns: Iterable<readonly Decided[]>,
  from: number,
  meaning: Meaning,
): { batch: Omit<Batch, "aliveAt">; turns: number } => {
  const rows: EventRow[] = [];
  const lists = new Map<string, ListRow>();
  const claims = netClaims();
  let taken = 0;

  for (const steps of turns) {
    const change = claimChange(steps, meaning);
    if (taken > 0 && rows.length + steps.length > ROWS_PER_BATCH) break;
    if (!claims.fits(change)) break;
    claims.add(change);
    for (const step of steps) {
      rows.push(step.row);
      lists.set(keyOf(step.after), meaning.listRow(step.after));
    }
    taken++;
  }
  return {
    turns: taken,
    batch: { from, to: from + rows.length, rows, ...claims.net(), lists: [...lists.values()] },
  };
};

/** What the turns of one batch do to the claims together. What begins and ends within it, the log never hears of. */
const netClaims = () => {
  const released = new Map<string, Claim>();
  /** By trip. */
  const moved = new Map<string, ClaimMove>();
  const claimed = new Map<string, Claim>();
  /** Who held a claim before the batch and let go of it. */
  const freed = new Set<string>();

  const release = ({ driverId, tripId }: Claim): void => {
    const key = pairOf({ driverId, tripId });
    if (claimed.delete(key)) return;
    const stood = { tripId, driverId: moved.get(tripId)?.from ?? driverId };
    moved.delete(tripId);
    released.set(pairOf(stood), stood);
    freed.add(`d:${stood.driverId}`).add(`t:${tripId}`);
  };
  const move = ({ tripId, from, to }: ClaimMove): void => {
    if (claimed.delete(pairOf({ driverId: from, tripId }))) {
      const claim = { driverId: to, tripId };
      claimed.set(pairOf(claim), claim);
      return;
    }
    const stood = moved.get(tripId)?.from ?? from;
    moved.set(tripId, { tripId, from: stood, to });
    freed.add(`d:${stood}`);
  };

  return {
    fits: ({ moved: moves, claimed: claims }: ClaimChange): boolean =>
      !moves.some(({ to }) => freed.has(`d:${to}`)) &&
      !claims.some(({ driverId, tripId }) => freed.has(`d:${driverId}`) || freed.has(`t:${tripId}`)),
    add(change: ClaimChange): void {
      change.released.forEach(release);
      change.moved.forEach(move);
      for (const claim of change.claimed) claimed.set(pairOf(claim), claim);
    },
    net: () => ({
      released: [...released.values()],
      moved: [...moved.values()],
      claimed: [...claimed.values()],
    }),
  };
};

const pairOf = (claim: Claim): string => `${claim.driverId}:${claim.tripId}`;

const claimOf = (actor: Actor | undefined, meaning: Meaning): Claim | null =>
  actor === undefined ? null : meaning.claim(actor);

const claimChange = (steps: readonly Decided[], meaning: Meaning): ClaimChange => {
  const first = new Map<string, Decided>();
  const last = new Map<string, Decided>();
  for (const step of steps) {
    const key = keyOf(step.after);
    if (!first.has(key)) first.set(key, step);
    last.set(key, step);
  }
  const released: Claim[] = [];
  const moved: ClaimMove[] = [];
  const claimed: Claim[] = [];
  for (const [key, { before, row }] of first) {
    const held = row.type === REPAIRED ? (row.body["held"] as Claim | null) : claimOf(before, meaning);
    const holds = meaning.claim(last.get(key)!.after);
    if (held !== null && holds !== null && pairOf(held) === pairOf(holds)) continue;
    if (held !== null && held.tripId === holds?.tripId)
      moved.push({ tripId: held.tripId, from: held.driverId, to: holds.driverId });
    else {
      if (held !== null) released.push(held);
      if (holds !== null) claimed.push(holds);
    }
  }
  return { released, moved, claimed };
};
