import type { ActorRow, EventRow } from "../../src/domain/row.ts";
import type { MarketLog } from "../../src/log/log.ts";
import type { MemoryDatabase } from "../fixtures/memory-log/open-memory-log.ts";
import type { Schedule } from "./schedule.ts";
import type { TripState } from "../../machines/context.ts";
import { tripLive } from "../../machines/trip-facts.ts";

/** Rows of one actor that nobody can read for a while, and that then are as they were. */
export interface Unreadable {
  /** Of the so many-th of the actors that live now, from that row on. */
  damage(which: number, fromSeq: number, forMs: number): void;
  mend(): void;
  /** It is this one's, or was: `driver:driver1`. */
  hit(actor: string): boolean;
  /** That market's log, with what cannot be read in it. */
  seen(log: MarketLog): MarketLog;
}

/** A state that no statechart knows. */
const GARBLED = "lunch";

export const openUnreadable = (schedule: Schedule, memory: MemoryDatabase): Unreadable => {
  let damaged: string | null = null;
  /** The first of the bad rows, and the last. */
  let [from, to] = [1, 0];
  let until = 0;
  const unreadable = (actor: string, seq: number): boolean =>
    actor === damaged && seq <= to && schedule.now() < until;
  const row = (one: EventRow): EventRow =>
    one.seq >= from && unreadable(keyOf(one), one.seq) ? { ...one, toState: GARBLED } : one;
  const stored = (one: ActorRow): ActorRow =>
    unreadable(`${one.kind}:${one.id}`, one.seq) ? { ...one, value: GARBLED } : one;

  return {
    damage(which, fromSeq, forMs) {
      const newest = new Map<string, EventRow>();
      for (const { tables } of memory.markets.values())
        for (const one of tables.rows) newest.set(keyOf(one), one);
      const live = [...newest].filter(([, one]) => isLive(one));
      const [key, last] = live[which % live.length] ?? [null, null];
      damaged = key;
      to = last?.seq ?? 0;
      from = fromSeq;
      until = schedule.now() + forMs;
    },
    mend() {
      until = 0;
    },
    hit: (actor) => actor === damaged,
    seen: (log) => ({
      ...log,
      async recover() {
        const found = await log.recover();
        return { ...found, actors: found.actors.map(stored), tail: found.tail.map(row) };
      },
      async actor(...which) {
        const found = await log.actor(...which);
        return { stored: found.stored && stored(found.stored), since: found.since.map(row) };
      },
    }),
  };
};

const keyOf = ({ actorKind, actorId }: EventRow): string => `${actorKind}:${actorId}`;
const isLive = ({ actorKind, toState }: EventRow): boolean =>
  actorKind === "trip" ? tripLive(toState as TripState) : toState !== "offline";
