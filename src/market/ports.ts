import type { ActorKind, ActorRef, Claim, EventRow, Json, JsonObject, ListRow } from "../domain/row.ts";
import type { By } from "../domain/status.ts";
import type { Clock, Ms } from "../domain/time.ts";
import type { MarketId } from "../domain/ids.ts";
import type { MarketLog } from "../log/log.ts";
import type { Repairs } from "./quarantine.ts";
import type { Refusal } from "../domain/errors.ts";
import type { Recalled, Release } from "./repair.ts";

/** An event as a command carries it, before the runtime stamps `at` and `position`. */
export interface Input {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What somebody asks of one actor. */
export interface Command {
  readonly to: ActorRef;
  readonly event: Input;
  /** Fed first where the actor does not exist yet, in the same turn. */
  readonly birth?: Input;
  readonly by: By;
  /** Who says it and which of their keys: `driver:ID:KEY`. Null for the server's own commands. */
  readonly key: string | null;
  /** 32-bit fingerprint of the content, see `protocol/fingerprint.ts`; 0 without a key. */
  readonly hash: number;
}

/** An actor at one moment. Immutable; a transition makes the next one. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
  readonly seq: number;
  /** `trip@1`: the statechart it lives by (E130). */
  readonly machine: string;
  /** `requested.searching`: the path of the active state. */
  readonly state: string;
  readonly context: JsonObject;
}

/** One row and the actor after it. */
export interface Step {
  readonly row: EventRow;
  readonly after: Actor;
}

/** One command and all it caused, as committed. */
export interface Turn {
  readonly market: MarketId;
  /** In order; the first is the command's own. */
  readonly steps: readonly Step[];
  readonly effects: readonly Json[];
}

/** What a command's sender is told. */
export type Outcome =
  /** Durable. `seq` is of the actor addressed, after the command's own row; `repeated`: it was done before. */
  | {
      readonly is: "done";
      readonly to: ActorRef;
      readonly seq: number;
      readonly repeated: boolean;
      readonly turn: Turn | null;
    }
  /** Accepted, and nothing had to change. */
  | { readonly is: "ignored"; readonly to: ActorRef; readonly seq: number }
  | { readonly is: "refused"; readonly refusal: Refusal };

/** What a reader is told. */
export type Seen =
  | { readonly is: "actor"; readonly actor: Actor }
  /** Not in memory: ended, offline or never there; the log's lists know. */
  | { readonly is: "gone" }
  /** The log does not answer. */
  | { readonly is: "unknown" };

/**
 * How today's code talks to a version of a statechart whose events have other names or fields. A `create` is
 * called so in all of them. `hears` undoes `heard`, which gets a bare type where only names are wanted.
 */
export interface Words {
  /** Today's event as this version knows it. */
  hears(event: Input): Input;
  /** An event as this version knows it, today's. */
  heard(event: Input): Input;
  /** What it says to others and to the world, as those know it today. */
  says(emission: Emission): Emission;
}

/** A statechart as the runtime uses it. Made by `market/chart.ts` from an XState machine. */
export interface Chart extends Words {
  readonly kind: ActorKind;
  /** `trip@1` */
  readonly name: string;
  /** Runs the chart, in its own words. `from` null: the actor is born by this event. Never throws for a refusal. */
  next(from: Actor | null, id: string, event: Input & { at: Ms; position: number }): Next;
  /** Today's types of the events that this actor would take now. */
  legal(actor: Actor): readonly string[];
  /** Final: nothing more can happen to it. */
  final(state: string): boolean;
  /** True for the path of a state that an actor can be in. */
  knows(state: string): boolean;
}
export type Next =
  | {
      readonly is: "moved";
      readonly to: Actor;
      readonly emitted: readonly Emission[];
      readonly changes: JsonObject;
    }
  | { readonly is: "ignored" }
  | { readonly is: "unhandled" }
  | { readonly is: "refused"; readonly code: Refusal["code"]; readonly message: string };
/** The runtime's view of what a chart emits: it routes by these, and never reads the events. */
export type Emission =
  | { readonly type: "ask"; readonly to: ActorRef; readonly event: Input }
  | { readonly type: "tell"; readonly to: readonly ActorRef[]; readonly event: Input }
  | { readonly type: "effect"; readonly effect: Json };

/** What the market must know of its actors' meaning, handed over by main. */
export interface Meaning {
  /** The newest version of each: by it actors are born. */
  readonly charts: Readonly<Record<ActorKind, Chart>>;
  /** Versions before, as long as the log names them. The functions below know the states and contexts of all. */
  readonly older: readonly Chart[];
  /** The earliest thing that falls due, or null: the heap of deadlines is derived from this. */
  due(actor: Actor): { readonly at: Ms; readonly event: Input } | null;
  /** The claim an actor's state stands for, or null. */
  claim(actor: Actor): Claim | null;
  listRow(actor: Actor): ListRow;
  /** False once an actor may leave memory (ended, or offline). */
  live(actor: Actor): boolean;
  /** After a gap: the commands that give an actor back the time it lost. */
  afterGap(actor: Actor, gapMs: number): readonly Input[];
  /** True for the first row of those commands. */
  givesBack(row: EventRow): boolean;
  /** Of an actor in quarantine: what a release makes of it. `others`: every actor in memory. */
  released(actor: Actor, others: Iterable<Actor>, at: Ms, reason: string): Release;
  /** What its row in the lists knows of an actor that cannot be read (M97). */
  recalled(row: ListRow): Recalled;
  /** False when the others went on without an actor in quarantine, so that it cannot come back as it was. */
  agrees(actor: Actor, others: Iterable<Actor>): boolean;
  /** Who only waits for an actor that is in quarantine now, and what sets them free. */
  orphaned(actor: ActorRef, others: Iterable<Actor>): Release["tells"];
  /** Public status, and what `by` may send now, for refusals. */
  describe(
    actor: Actor,
    legalEvents: readonly string[],
    by: By,
  ): { status: string; legal: readonly string[] };
}

export interface MarketPorts {
  readonly log: MarketLog;
  readonly clock: Clock;
  readonly meaning: Meaning;
  /** After each commit and its answer, in order: publish, project, do the effects. Must not throw. */
  readonly committed: (turn: Turn) => void;
  /** The log says that somebody else owns this market. Its memory is worthless now. */
  readonly fenced: () => void;
  /** A batch came back from Postgres. */
  readonly appended: (rows: number, tookMs: number) => void;
  /** Something impossible or refused as data: for the log and a counter. */
  readonly alarm: (what: string, detail: Record<string, unknown>) => void;
}

/** A market that runs. */
export interface Market {
  readonly id: MarketId;
  now(): Ms;
  /** Gives back the time it was away and feeds deadlines from here on. Once, when all who hear of commits are there. */
  start(): void;
  /** Decides now, answers once durable (or certain that it is not). `done` is called exactly once. */
  submit(command: Command, done: (outcome: Outcome) => void): void;
  /** The newest decided state, maybe not yet durable: to choose a command by, never to tell anybody. */
  peek(to: ActorRef): Actor | undefined;
  /** The state as of now, told once all it rests on is durable. */
  read(to: ActorRef, done: (seen: Seen) => void): void;
  /**
   * What only the log still knows of this key: resolves once it is in memory, in the order of the calls; rejects when
   * the log does not answer. Undefined: memory knows. To be asked right before `repeat` (E90, M104).
   */
  recall(key: string): Promise<void> | undefined;
  /**
   * True when this key was used: `done` will be called with the outcome of the first use (once that is
   * durable), or with `key_reused` when the content differs. False: a new key, nothing happens.
   */
  repeat(key: string, hash: number, done: (outcome: Outcome) => void): boolean;
  /** Brings a passivated actor into memory; resolves when it is there or known not to exist. */
  load(to: ActorRef): Promise<Actor | undefined>;
  /** The actors of a kind in memory, as decided so far. */
  all(kind: ActorKind): Iterable<Actor>;
  /** Actors that could not be read, folded or run: they take nothing, the rest of the market goes on (M60). */
  readonly quarantine: Repairs;
  /** False while nothing was committed for a second although something waits: no offers then. */
  healthy(): boolean;
  /** Entries in the FIFO, and rows committed since the start. */
  readonly stats: { readonly waiting: number; readonly rows: number; readonly position: number };
  /** Waits for what is in flight, writes a last checkpoint. */
  close(): Promise<void>;
}
