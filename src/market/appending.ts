import type { Appended, Batch, MarketLog } from "../log/log.ts";
import type { Entry, Fifo } from "./fifo.ts";
import type { MarketPorts, Meaning } from "./ports.ts";
import type { Clock } from "../domain/time.ts";
import { gather } from "./batch.ts";

/** M8: a commit that took longer is a gap; offers and searches get that time back. */
export const GAP_MS = 2_000;

interface Ports {
  readonly log: MarketLog;
  readonly clock: Clock;
  readonly meaning: Meaning;
  readonly aliveAt: () => Batch["aliveAt"];
  readonly fifo: Fifo;
  readonly appended: MarketPorts["appended"];
  readonly fenced: () => void;
  /** The log refused these entries' rows as data; the first one alone if `culprit`. Undo and decide again. */
  readonly refused: (
    open: readonly Entry[],
    culprit: Entry | undefined,
    why: Appended & { is: "refused" },
  ) => void;
  readonly resumed: (gapMs: number) => void;
}

/** Moves decided turns into the log: exactly one batch in flight, at once when idle, in order (E6). */
export interface Appending {
  /** Sends if idle and something waits; settles what rests on nothing uncommitted. Call after each entry. */
  pump(): void;
  committed(): number;
  /** Rows committed since the start. */
  rows(): number;
  /** How long the batch in flight has been on its way; 0 when idle. */
  stalledMs(): number;
  /** Resolves when nothing is in flight and nothing waits. */
  idle(): Promise<void>;
}

export const createAppending = (ports: Ports): Appending => {
  const { fifo, clock } = ports;
  let committed = ports.log.taken.position;
  let rows = 0;
  let sentAt: number | null = null;
  let over = false;
  /** After a refused batch so many turns go one at a time, to find the one that is refused alone. */
  let alone = 0;
  const whenIdle: (() => void)[] = [];
  const nowIdle = (): void => {
    for (const resolve of whenIdle.splice(0)) resolve();
  };

  const waitingTurns = function* () {
    for (const entry of fifo.open()) {
      if (entry.steps.length === 0 || entry.steps[0]!.row.position <= committed) continue;
      yield entry.steps;
      if (alone > 0) return;
    }
  };
  const send = (): void => {
    if (over) return nowIdle();
    if (sentAt !== null) return;
    const { batch, turns } = gather(waitingTurns(), committed, ports.meaning);
    if (turns === 0) return nowIdle();
    const started = clock.monotonic();
    sentAt = started;
    void ports.log.append({ ...batch, aliveAt: ports.aliveAt() }).then((appended) => {
      sentAt = null;
      returned(appended, batch.to, batch.rows.length, clock.monotonic() - started);
    });
  };
  const returned = (appended: Appended, to: number, count: number, tookMs: number): void => {
    switch (appended.is) {
      case "committed":
        committed = to;
        rows += count;
        if (alone > 0) alone--;
        // Before what is settled makes new offers: those had no gap. And before anything more is sent (M90).
        if (tookMs > GAP_MS) ports.resumed(tookMs);
        send(); // before the answers: Postgres works while we talk
        ports.appended(count, tookMs);
        fifo.settle(committed);
        return;
      case "fenced":
        over = true;
        nowIdle();
        ports.fenced();
        return;
      case "refused": {
        const open = [...fifo.open()];
        const culprit = alone > 0 ? open.find((entry) => entry.steps.length > 0) : undefined;
        alone = open.length;
        ports.refused(open, culprit, appended);
        fifo.settle(committed);
        send();
        return;
      }
      default:
        appended satisfies never;
    }
  };
  return {
    pump() {
      send();
      fifo.settle(committed);
    },
    committed: () => committed,
    rows: () => rows,
    stalledMs: () => (sentAt === null ? 0 : clock.monotonic() - sentAt),
    idle: () =>
      new Promise((resolve) => {
        whenIdle.push(resolve);
        send();
      }),
  };
};
