import type { ActorKind, ActorRef, Claim, JsonObject } from "../domain/row.ts";
import type { Actor, Input, Next } from "./ports.ts";
import { REPAIRED } from "../domain/row.ts";

/** What becomes of an actor in quarantine, and what the others are told of it. */
export type Release = {
  readonly state: string;
  readonly context: JsonObject;
  readonly tells: readonly { readonly to: ActorRef; readonly event: Input }[];
};

/**
 * The event of an operator's repair: whole, so that what it makes of the actor does not depend on rows that may
 * be unreadable. `seq` is of the last of them, `from` the last state that can be read.
 */
export type Repair = Release & {
  readonly type: typeof REPAIRED;
  readonly adminId: string;
  readonly reason: string;
  readonly seq: number;
  readonly from: string;
  /** The statechart whose state it is. */
  readonly machine: string;
  /** The claim that the log holds for it until then. */
  readonly held: Claim | null;
  /** What of its context nobody knows any more: made up, so that it is whole. */
  readonly unknown: readonly string[];
};

/** An actor as its row in the lists tells it, where its own rows tell nothing. */
export interface Recalled {
  readonly actor: Actor;
  /** See `Repair`. */
  readonly unknown: readonly string[];
}

export const isRepair = (event: Input): event is Repair => event.type === REPAIRED;

/** Takes the state as given (M64). All of it is news: nobody knows what was known before. */
export const repair = (
  kind: ActorKind,
  id: string,
  { seq, machine, state, context, tells }: Repair,
): Next => ({
  is: "moved",
  to: { kind, id, seq: seq + 1, machine, state, context },
  changes: context,
  emitted: tells.map(({ to, event }) => ({ type: "tell", to: [to], event })),
});
