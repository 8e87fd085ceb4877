import type { ActorRef } from "../domain/row.ts";
import type { Ms } from "../domain/time.ts";
import type { Remembered } from "../log/log.ts";

const DAY_MS = 86_400_000;

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

/** The keys of today and yesterday: every key is remembered for at least 24 hours. */
export interface Keys {
  get(key: string): Known | undefined;
  set(key: string, known: Known): void;
  delete(key: string): void;
  /** Forgets the days before yesterday. */
  forgetBefore(at: Ms): void;
  refill(rows: readonly Remembered[]): void;
}

export const createKeys = (): Keys => {
  const byKey = new Map<string, Known>();
  let swept = 0;
  return {
    get: (key) => byKey.get(key),
    set: (key, known) => void byKey.set(key, known),
    delete: (key) => void byKey.delete(key),
    forgetBefore(at) {
      const yesterday = dayOf(at) - 1;
      if (swept >= yesterday) return;
      swept = yesterday;
      for (const [key, known] of byKey) if (known.day < yesterday) byKey.delete(key);
    },
    refill(rows) {
      for (const row of rows) {
        const colon = row.commandId.indexOf(":");
        const to = { kind: row.kind, id: row.actorId } as ActorRef;
        const day = Number(row.commandId.slice(0, colon));
        byKey.set(row.commandId.slice(colon + 1), { day, hash: row.commandHash, to, seq: row.seq });
      }
    },
  };
};
