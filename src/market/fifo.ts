import type { Actor, Command, MarketPorts, Outcome, Seen, Turn } from "./ports.ts";
import type { ActorRef, Json } from "../domain/row.ts";
import type { Ms } from "../domain/time.ts";
import type { Decided } from "./turn.ts";
import { refusal } from "../domain/errors.ts";

/** M7: an answer is given after so long at the latest: `unavailable`, which means unknown. */
const ANSWER_WITHIN_MS = 1_800;

/** What waits for its answer: somebody's command, or somebody's wish to see an actor. */
export type Asked =
  | { readonly is: "command"; readonly command: Command; readonly done: (outcome: Outcome) => void }
  | {
      readonly is: "read";
      readonly of: ActorRef;
      readonly done: (seen: Seen) => void;
    };

export interface Entry {
  readonly asked: Asked;
  /** Market time of its arrival: kept when it has to be decided again. */
  readonly at: Ms;
  /** Of the process's clock, to answer in time. */
  readonly since: number;
  answered: boolean;
  // What deciding left here; taken back by an undo.
  steps: readonly Decided[];
  effects: readonly Json[];
  outcome: Outcome;
  seen: Actor | undefined;
  /** The key it put into memory. */
  key: string | null;
}

/**
 * One queue for everything that will be told. Answers leave only from its committed front, so that nobody is
 * ever told what is then undone (E4); each answer goes before the effects of its turn.
 */
export interface Fifo {
  enter(asked: Asked, at: Ms): Entry;
  /** Entries not settled yet, oldest first. */
  open(): Generator<Entry>;
  oldest(): Entry | undefined;
  waiting(): number;
  /** Settles from the front everything whose rows end at or before this position. */
  settle(committed: number): void;
  /** Tells `unavailable` to those who waited too long; their turns still commit if they can. */
  answerOverdue(): void;
  /** Nothing more will be known here. */
  abandon(): void;
}

export const unknown: Outcome = {
  is: "refused",
  refusal: refusal("unavailable", "the log does not answer; repeat with the same key"),
};

export const createFifo = (ports: Pick<MarketPorts, "clock" | "committed" | "alarm">): Fifo => {
  let entries: Entry[] = [];
  let head = 0;
  let settling = false;

  /** Not before: those were told already. */
  let toldUpTo = 0;

  /** Somebody else's mistake must not stop the market: it is said aloud, and the next entry is settled. */
  const safely = (what: string, fn: () => void): void => {
    try {
      fn();
    } catch (error) {
      ports.alarm(`${what} failed`, { error: String(error) });
    }
  };
  const answer = (entry: Entry, outcome: Outcome, seen: Seen): void =>
    safely("an answer", () => tell(entry, outcome, seen));
  const finish = (entry: Entry): void => {
    const { steps, effects, outcome } = entry;
    const seen: Seen = entry.seen ? { is: "actor", actor: entry.seen } : { is: "gone" };
    if (steps.length === 0) return answer(entry, outcome, seen);
    const turn: Turn = { market: steps[0]!.row.market, steps, effects };
    answer(entry, outcome.is === "done" ? { ...outcome, turn } : outcome, seen);
    safely("what follows a commit", () => ports.committed(turn));
  };
  return {
    enter(asked, at) {
      const entry: Entry = {
        asked,
        at,
        since: ports.clock.monotonic(),
        answered: false,
        steps: [],
        effects: [],
        outcome: unknown,
        seen: undefined,
        key: null,
      };
      entries.push(entry);
      return entry;
    },
    *open() {
      for (let i = head; i < entries.length; i++) yield entries[i]!;
    },
    oldest: () => entries[head],
    waiting: () => entries.length - head,
    settle(committed) {
      if (settling) return; // an answer brought the next command: the loop below takes it
      settling = true;
      while (head < entries.length && endOf(entries[head]!) <= committed) finish(entries[head++]!);
      settling = false;
      if (head === entries.length || head > 1_000) {
        entries = entries.slice(head);
        toldUpTo = Math.max(0, toldUpTo - head);
        head = 0;
      }
    },
    answerOverdue() {
      const limit = ports.clock.monotonic() - ANSWER_WITHIN_MS;
      for (toldUpTo = Math.max(toldUpTo, head); toldUpTo < entries.length; toldUpTo++) {
        if (entries[toldUpTo]!.since >= limit) return;
        answer(entries[toldUpTo]!, unknown, UNSEEN);
      }
    },
    abandon() {
      const open = entries.slice(head);
      entries = [];
      head = toldUpTo = 0;
      for (const entry of open) answer(entry, unknown, UNSEEN);
    },
  };
};

/** Position of the last row it waits for; 0 when it wrote none. */
const endOf = (entry: Entry): number => entry.steps.at(-1)?.row.position ?? 0;

/** What is told: the outcome, or to a reader what they saw; nothing before all it rests on is durable. */
const tell = (entry: Entry, outcome: Outcome, seen: Seen): void => {
  if (entry.answered) return;
  entry.answered = true;
  if (entry.asked.is === "command") entry.asked.done(outcome);
  else entry.asked.done(seen);
};
const UNSEEN: Seen = { is: "unknown" };
