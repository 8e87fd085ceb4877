import type { ActorRef } from "../domain/row.ts";
import type { Clock, Ms } from "../domain/time.ts";
import type { MarketLog, Remembered } from "../log/log.ts";

const DAY_MS = 86_400_000;
/** Few enough that a page is taken in between two messages. */
const PAGE = 2_000;
const AGAIN_MS = 1_000;

/** What an accepted command with a key was about, so that a repeat is answered the same (I4). */
export interface Known {
  readonly day: number;
  readonly hash: number;
  readonly to: ActorRef;
  readonly seq: number;
}

export const dayOf = (at: Ms): number => Math.floor(at / DAY_MS);
/** The id in the log begins with its day: the constraint covers one day, memory covers two, so no client input can break a batch. */
export const commandIdOf = (at: Ms, key: string): string => `${dayOf(at)}:${key}`;

interface Ports {
  readonly log: MarketLog;
  readonly clock: Clock;
  readonly now: () => Ms;
}

/** The keys of today and yesterday: every key is remembered for at least 24 hours. */
export interface Keys {
  /** Brings what the log remembers into memory, while the market already serves. */
  refill(): void;
  /**
   * Undefined: memory knows whether this key was used. Before the refill is through, the log is asked: resolves
   * once memory knows, in the order of the calls; rejects when the log does not answer (E90).
   */
  recall(key: string): Promise<void> | undefined;
  get(key: string): Known | undefined;
  set(key: string, known: Known): void;
  delete(key: string): void;
  /** Forgets the days before yesterday. */
  forgetBefore(at: Ms): void;
  stop(): void;
}

export const createKeys = ({ log, clock, now }: Ports): Keys => {
  const byKey = new Map<string, Known>();
  let swept = 0;
  let refilled = false;
  let stopped = false;
  let cancel = () => {};
  /** Asked of the log before the refill was through. */
  const asked = new Set<string>();
  /** Whoever asked last: the next one's answer comes after theirs. */
  let last: Promise<void> | undefined;
  const yesterday = () => dayOf(now()) - 1;

  const keep = (rows: readonly Remembered[]): void => {
    for (const row of rows) {
      const colon = row.commandId.indexOf(":");
      const to = { kind: row.kind, id: row.actorId } as ActorRef;
      const day = Number(row.commandId.slice(0, colon));
      byKey.set(row.commandId.slice(colon + 1), { day, hash: row.commandHash, to, seq: row.seq });
    }
  };

  let from: string | undefined;
  const refill = async (): Promise<void> => {
    from ??= `${yesterday()}:`;
    for (;;) {
      const page = await log.remembered(from, PAGE);
      if (stopped) return;
      keep(page);
      if (page.length < PAGE) break;
      from = page.at(-1)!.commandId;
    }
    // Nobody overtakes who still waits.
    for (let waits = last; waits !== undefined; waits = last) await waits.catch(() => {});
    refilled = true;
    asked.clear();
  };
  const tryRefill = (): void =>
    void refill().catch(() => {
      if (!stopped) cancel = clock.after(AGAIN_MS, tryRefill);
    });

  const ask = async (key: string, before: Promise<void> | undefined): Promise<void> => {
    const days = [yesterday(), yesterday() + 1];
    // Where there is no such id its successor comes, which is as true.
    const found = await Promise.all(days.map((day) => log.remembered(`${day}:${key}`, 1)));
    await before?.catch(() => {});
    keep(found.flat());
    asked.add(key);
  };

  return {
    refill: tryRefill,
    recall(key) {
      if (refilled || byKey.has(key) || asked.has(key)) return undefined;
      const mine = ask(key, last);
      const over = () => {
        if (last === mine) last = undefined;
      };
      last = mine;
      mine.then(over, over);
      return mine;
    },
    get: (key) => byKey.get(key),
    set: (key, known) => void byKey.set(key, known),
    delete: (key) => void byKey.delete(key),
    forgetBefore(at) {
      const first = dayOf(at) - 1;
      if (swept >= first) return;
      swept = first;
      for (const [key, known] of byKey) if (known.day < first) byKey.delete(key);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
};
