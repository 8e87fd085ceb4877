/** One queue for everything that happens; what is due at the same moment happens in the order it was asked for. */
export interface Schedule {
  /** Simulated milliseconds since the beginning. */
  now(): number;
  /** Calls `fn` once, after at least `delayMs`; the returned function cancels. */
  after(delayMs: number, fn: () => void): () => void;
  /**
   * Lets everything happen that is due until then, each event with all that follows from it at once. Rejects with
   * what an event throws, and when it would never be over.
   */
  run(untilMs: number): Promise<void>;
  /** Nothing happens any more, and a run has no end. */
  stop(): void;
  /** So many things have happened. */
  events(): number;
}

/** Twenty times more events than any story needs, and more in one moment of it. */
const MOST_EVENTS = 50_000;
const MOST_AT_ONCE = 5_000;

interface Due {
  readonly at: number;
  readonly order: number;
  fn: (() => void) | null;
}

/**
 * So many events are put into one turn of the event loop. Between two immediates Node runs every promise that can
 * settle, so each event is over before the next one begins; a turn of its own for each would cost three times more.
 */
const EVENTS_A_TURN = 64;

export const openSchedule = (): Schedule => {
  const heap: Due[] = [];
  let now = 0;
  let asked = 0;
  let happened = 0;
  let atOnce = 0;
  let stopped = false;

  const next = (untilMs: number): (() => void) | null => {
    while (heap.length > 0 && heap[0]!.at <= untilMs) {
      const due = pop(heap);
      if (due.fn === null) continue; // cancelled
      atOnce = due.at > now ? 1 : atOnce + 1;
      now = due.at;
      happened += 1;
      if (atOnce > MOST_AT_ONCE) throw new Error(`${atOnce} events, and no time passes`);
      if (happened > MOST_EVENTS) throw new Error(`${happened} events, and no end`);
      return due.fn;
    }
    return null;
  };
  return {
    now: () => now,
    after(delayMs, fn) {
      const due: Due = { at: now + Math.max(0, delayMs), order: asked++, fn };
      push(heap, due);
      return () => void (due.fn = null);
    },
    run: (untilMs) =>
      new Promise((resolve, reject) => {
        let over = false;
        const end = (settle: () => void): void => {
          over = true;
          settle();
        };
        const happen = (): void => {
          if (over || stopped) return;
          try {
            const fn = next(untilMs);
            if (fn !== null) return fn();
            now = Math.max(now, untilMs);
            end(resolve);
          } catch (error) {
            end(() => reject(error instanceof Error ? error : new Error(String(error))));
          }
        };
        const turn = (): void => {
          if (over || stopped) return;
          for (let i = 0; i < EVENTS_A_TURN; i++) setImmediate(happen);
          setImmediate(turn);
        };
        turn();
      }),
    stop() {
      stopped = true;
    },
    events: () => happened,
  };
};

const sooner = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

const push = (heap: Due[], due: Due): void => {
  let i = heap.push(due) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!sooner(due, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = due;
};

const pop = (heap: Due[]): Due => {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  for (let i = 0; ;) {
    let child = 2 * i + 1;
    if (child + 1 < heap.length && sooner(heap[child + 1]!, heap[child]!)) child += 1;
    if (child >= heap.length || !sooner(heap[child]!, last)) {
      heap[i] = last;
      return top;
    }
    heap[i] = heap[child]!;
    i = child;
  }
};
