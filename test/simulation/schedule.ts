/** One queue for everything that happens; what is due at the same moment happens in the order it was asked for. */
export interface Schedule {
  /** Simulated milliseconds since the beginning. */
  now(): number;
  /** Calls `fn` once, after at least `delayMs`; the returned function cancels. */
  after(delayMs: number, fn: () => void): () => void;
  /** Lets everything happen that is due until then, each event with all that follows from it at once. */
  run(untilMs: number): Promise<void>;
  /** So many things have happened. */
  events(): number;
}

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

  const next = (untilMs: number): (() => void) | null => {
    while (heap.length > 0 && heap[0]!.at <= untilMs) {
      const due = pop(heap);
      if (due.fn === null) continue; // cancelled
      now = due.at;
      happened += 1;
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
          if (over) return;
          const fn = next(untilMs);
          if (fn === null) {
            now = Math.max(now, untilMs);
            return end(resolve);
          }
          try {
            fn();
          } catch (error) {
            end(() => reject(error instanceof Error ? error : new Error(String(error))));
          }
        };
        const turn = (): void => {
          if (over) return;
          for (let i = 0; i < EVENTS_A_TURN; i++) setImmediate(happen);
          setImmediate(turn);
        };
        turn();
      }),
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
