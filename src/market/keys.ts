import type { ActorRef } from "../domain/row.ts";
import type { Clock, Ms } from "../domain/time.ts";
import { type KeyFilter, createKeyFilter } from "./key-filter.ts";
import type { MarketLog, Remembered } from "../log/log.ts";
import { createRecent } from "../domain/recent.ts";

const DAY_MS = 86_400_000;
/** M104: so many keys at most are remembered with what they were about; of older ones the log knows it. */
const NEWEST = 5_000;
/** Few enough that a page is taken in between two messages. */
const PAGE = 2_000;
/** M91: between two pages, for a start has more urgent work. */
const PAUSE_MS = 25;
const AGAIN_MS = 1_000;
/** M105: whoever asks the log, and all behind them, wait no longer than this; and so many at most. */
const ASK_MS = 1_000;
const ASKING = 20_000;

/** What an accepted command with a key was about, so that a repeat is answered the same (I4). */
export interface Known {
  readonly day: number;
  readonly hash: number;
  readonly to: ActorRef;
  readonly seq: number;
  /** Not forgotten before the log has everything up to here: until then only memory knows, or an answer rests on it. */
  readonly position: number;
}

export const dayOf = (at: Ms): number => Math.floor(at / DAY_MS);
/** The id in the log begins with its day: the constraint covers one day, memory covers two, so no client input can break a batch. */
export const commandIdOf = (at: Ms, key: string): string => `${dayOf(at)}:${key}`;

interface Ports {
  readonly log: MarketLog;
  readonly clock: Clock;
  readonly now: () => Ms;
  /** Position up to which everything is in the log. */
  readonly committed: () => number;
}

/**
 * The keys of today and yesterday: every key is remembered for at least 24 hours. The newest are in memory; whether an
 * older one may have been used says a filter, and then the log is asked.
 */
export interface Keys {
  /** Brings what the log remembers into the filters, while the market already serves. */
  refill(): void;
  /**
   * Undefined: memory knows whether this key was used. Otherwise the log is asked: resolves once memory knows, in the
   * order of the calls; rejects when the log does not answer (E90, M105).
   */
  recall(key: string): Promise<void> | undefined;
  /** Right after `recall` had nothing to wait for. */
  get(key: string): Known | undefined;
  set(key: string, known: Known): void;
  delete(key: string): void;
  /** Forgets the days before yesterday. */
  forgetBefore(at: Ms): void;
  stop(): void;
}

export const createKeys = ({ log, clock, now, committed }: Ports): Keys => {
  /** Null: the log says that it was not used. */
  const newest = createRecent<string, Known | null>();
  /** The newest position that rests in `newest`, and in the older half of it. */
  let upTo = 0;
  let olderUpTo = 0;
  /** All that were used, by day. */
  const used = new Map<number, KeyFilter>();
  let swept = 0;
  let refilled = false;
  let stopped = false;
  let cancel = () => {};
  let asking = 0;
  /** Whoever asked last: the next one's answer comes after theirs. */
  let last: Promise<void> | undefined;
  const yesterday = () => dayOf(now()) - 1;

  const note = (key: string, known: Known | null): void => {
    if (newest.fresh >= NEWEST / 2 && olderUpTo <= committed()) {
      newest.turn();
      olderUpTo = upTo;
    }
    newest.set(key, known);
    if (known !== null) upTo = Math.max(upTo, known.position);
  };
  const use = (day: number, key: string): void => {
    let filter = used.get(day);
    if (filter === undefined) used.set(day, (filter = createKeyFilter()));
    filter.add(key);
  };
  const mayBeUsed = (key: string): boolean => {
    if (!refilled) return true;
    for (const filter of used.values()) if (filter.mayHave(key)) return true;
    return false;
  };

  let from: string | undefined;
  const refill = async (): Promise<void> => {
    from ??= `${yesterday()}:`;
    for (;;) {
      const page = await log.remembered(from, PAGE);
      if (stopped) return;
      for (const { commandId } of page) use(...dayAndKey(commandId));
      if (page.length < PAGE) break;
      from = page.at(-1)!.commandId;
      await new Promise<void>((resolve) => (cancel = clock.after(PAUSE_MS, resolve)));
    }
    refilled = true;
  };
  const tryRefill = (): void =>
    void refill().catch(() => {
      if (!stopped) cancel = clock.after(AGAIN_MS, tryRefill);
    });

  /** The newest use of a key that the log has. */
  const look = async (key: string): Promise<Known | null> => {
    const ids = [yesterday() + 1, yesterday()].map((day) => `${day}:${key}`);
    const answers = Promise.all(ids.map((id) => log.remembered(id, 1)));
    const found = (await inTime(clock, answers)).flat().find(({ commandId }) => ids.includes(commandId));
    return found === undefined ? null : knownOf(found);
  };
  const ask = async (key: string, before: Promise<void> | undefined): Promise<void> => {
    const found = mayBeUsed(key) ? await look(key) : null;
    await before?.catch(() => {});
    // Whoever used it meanwhile knows more.
    if (!newest.get(key)) note(key, found);
  };

  return {
    refill: tryRefill,
    recall(key) {
      // M105: nobody overtakes who still waits.
      if (newest.has(key) || (last === undefined && !mayBeUsed(key))) return undefined;
      if (asking >= ASKING) return Promise.reject(new Error("too many wait for what the log remembers"));
      asking += 1;
      const mine = ask(key, last);
      const over = () => {
        asking -= 1;
        if (last === mine) last = undefined;
      };
      last = mine;
      mine.then(over, over);
      return mine;
    },
    get: (key) => newest.get(key) ?? undefined,
    set(key, known) {
      if (!newest.get(key)) use(known.day, key);
      note(key, known);
    },
    delete: newest.delete,
    forgetBefore(at) {
      const first = dayOf(at) - 1;
      if (swept >= first) return;
      swept = first;
      for (const day of used.keys()) if (day < first) used.delete(day);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
};

const dayAndKey = (commandId: string): [day: number, key: string] => {
  const colon = commandId.indexOf(":");
  return [Number(commandId.slice(0, colon)), commandId.slice(colon + 1)];
};

const knownOf = ({ commandId, commandHash, kind, actorId, seq }: Remembered): Known => ({
  day: dayAndKey(commandId)[0],
  hash: commandHash,
  to: { kind, id: actorId } as ActorRef,
  seq,
  position: 0,
});

const inTime = <T>(clock: Clock, answer: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = clock.after(ASK_MS, () => reject(new Error("the log does not answer")));
    void answer.then(resolve, reject).finally(cancel);
  });
