import type { Actor, Input, Meaning } from "./ports.ts";
import type { Clock, Ms } from "../domain/time.ts";
import { createHeap } from "./heap.ts";
import { keyOf } from "./turn.ts";

/** How often a market that may not feed deadlines looks again. */
const HELD_MS = 250;
/** E91: so many at a time; after a long absence thousands are due, and others wait to be heard meanwhile. */
const AT_A_TIME = 100;
/** M106: a heap of fewer entries is never made anew. */
const FEW = 1_000;

interface Ports {
  readonly clock: Clock;
  readonly meaning: Meaning;
  readonly now: () => Ms;
  readonly view: (key: string) => Actor | undefined;
  /** False while the market does not commit, or has just woken from a gap: nothing is fed then (M7). */
  readonly mayFeed: () => boolean;
  readonly feed: (actor: Actor, event: Input) => void;
  /** A due event changed nothing: a chart and its `due` disagree. */
  readonly stuck: (actor: Actor, event: Input) => void;
}

/** Deadlines are data in the actors' contexts; this heap is derived from them, and lost without harm. */
export interface Deadlines {
  /** Looks at an actor's earliest deadline after each of its transitions. */
  arm(actor: Actor, notBefore?: number): void;
  stop(): void;
}

export const createDeadlines = (ports: Ports): Deadlines => {
  const heap = createHeap();
  let room = FEW;
  let wakeAt = Infinity;
  let cancel = () => {};
  let stopped = false;

  const sleep = (until: number) => {
    if (stopped || until >= wakeAt) return;
    cancel();
    wakeAt = until;
    cancel = ports.clock.after(Math.max(0, until - ports.now()), wake);
  };
  const wake = () => {
    wakeAt = Infinity;
    if (stopped) return;
    if (!ports.mayFeed()) return sleep(ports.now() + HELD_MS);
    const now = ports.now();
    for (let fired = 0; fired < AT_A_TIME && heap.next() <= now; fired++) fire(heap.pop()!, now);
    sleep(heap.next());
  };
  const fire = (key: string, now: Ms) => {
    const actor = ports.view(key);
    const due = actor && ports.meaning.due(actor);
    // An entry may be older than the actor's state; what counts is what falls due now.
    if (!actor || !due || due.at > now) return;
    ports.feed(actor, due.event);
    if (ports.view(key) === actor) {
      ports.stuck(actor, due.event);
      heap.push(now + 1_000, key);
    }
  };
  /** M106: each transition leaves an entry, and many of them are for deadlines that no actor has any more. */
  const makeAnew = () => {
    for (const key of heap.empty()) {
      const actor = ports.view(key);
      const due = actor && ports.meaning.due(actor);
      if (due) heap.push(due.at, key);
    }
    room = Math.max(FEW, 2 * heap.size);
  };
  return {
    arm(actor, notBefore = 0) {
      const due = ports.meaning.due(actor);
      if (due === null) return;
      if (heap.size >= room) makeAnew();
      const at = Math.max(due.at, notBefore);
      heap.push(at, keyOf(actor));
      sleep(at);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
};
