import type { ActorKind, ActorRef, ActorRow, Claim, EventRow, ListRow } from "../domain/row.ts";
import type { MarketId } from "../domain/ids.ts";
import type { Ms } from "../domain/time.ts";

/** A trip that changes drivers: its claim is never gone, so it moves. */
export interface ClaimMove {
  readonly tripId: string;
  readonly from: string;
  readonly to: string;
}

/** What one append writes: the rows of whole turns, and what follows from them. All of it or nothing. */
export interface Batch {
  /** The market's position before and after: the compare-and-set that is fence and retry test. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly EventRow[];
  /**
   * Exact pairs that stood before this batch and end in it, pairs that change their driver, and new ones. No
   * driver and no trip is in two of the lists, or twice in one: a statement sees the claims as they stood before.
   */
  readonly released: readonly Claim[];
  readonly moved: readonly ClaimMove[];
  readonly claimed: readonly Claim[];
  /** At most one per table and id: the last state. */
  readonly lists: readonly ListRow[];
  /** Market time: the market lives at this moment. Null while it owes somebody time (M90): its last sign of life stands. */
  readonly aliveAt: Ms | null;
}

export type Appended =
  /** In the log, by this try or an earlier one of the same batch. */
  | { readonly is: "committed" }
  /** Somebody else owns the market, or the log is not where we think. Nothing was written. */
  | { readonly is: "fenced" }
  /** Postgres refused it as data (SQLSTATE class 22 or 23). Nothing was written. */
  | { readonly is: "refused"; readonly sqlstate: string; readonly detail: string };

export interface Checkpoint {
  /** Every actor's row is complete up to this position once `actors` are written. */
  readonly position: number;
  /** Market time: the market lived at this moment. */
  readonly aliveAt: Ms;
  readonly actors: readonly ActorRow[];
}

/** A market as found when it was taken. */
export interface Taken {
  readonly epoch: number;
  readonly position: number;
  /** Market time of the newest sign of life (append or checkpoint); null for a market never run. */
  readonly lastAliveAt: Ms | null;
}

/** What recovery needs: actor rows of the checkpoint, then the rows after it, in order. */
export interface Recovered {
  readonly checkpoint: number;
  /** Every live actor, and every other actor that has rows after the checkpoint. */
  readonly actors: readonly ActorRow[];
  readonly tail: readonly EventRow[];
  /** Live by the lists and in neither of the two: none in a sound log. */
  readonly lost: readonly ActorRef[];
}

export interface StoredActor {
  readonly stored: ActorRow | null;
  readonly since: readonly EventRow[];
}

/** What is kept of one actor beside its rows; it was written with the newest of them. */
export interface KeptActor {
  readonly stored: ActorRow | null;
  readonly listed: ListRow | null;
  /** Of a trip: who holds it. */
  readonly claim: Claim | null;
}

/** A command the log remembers, by its id. */
export interface Remembered {
  readonly commandId: string;
  readonly commandHash: number;
  readonly kind: string;
  readonly actorId: string;
  readonly seq: number;
}

/** The log of one owned market, as the runtime sees it. One append at a time. */
export interface MarketLog {
  readonly market: MarketId;
  readonly taken: Taken;
  recover(): Promise<Recovered>;
  /** Command ids whose text is >= `fromCommandId` (they begin with the day number), in byte order, the first `limit`. */
  remembered(fromCommandId: string, limit: number): Promise<readonly Remembered[]>;
  /**
   * Appends. Connection failures are retried inside, with the same statement, until an answer is
   * certain: the promise never rejects, and settles late when the database is gone.
   */
  append(batch: Batch): Promise<Appended>;
  /** Resolves false when fenced; rejects when the database is gone (try again later). */
  checkpoint(checkpoint: Checkpoint): Promise<boolean>;
  /**
   * A passivated actor: its stored row, if any, and its events after that. Neither: there never was one.
   * `from` "birth": all its events, and no stored row.
   */
  actor(kind: ActorKind, id: string, from?: "birth"): Promise<StoredActor>;
  kept(kind: ActorKind, id: string): Promise<KeptActor>;
}
