import type { Log } from "../../src/log/open-log.ts";
import type { Batch, MarketLog } from "../../src/log/log.ts";
import { type MemoryDatabase, openMemoryLog } from "../fixtures/memory-log/open-memory-log.ts";
import type { Machine } from "./machine.ts";
import type { Schedule } from "./schedule.ts";
import { type Unreadable, openUnreadable } from "./unreadable.ts";
import type { Statement, Wire } from "../fixtures/memory-log/wire.ts";

/** A database that can be slow, gone, and wrong about what it did. */
export interface SimulatedDatabase {
  /** A server's connections to it. */
  connect(machine: Machine): Log;
  /** `crashed`: what waited for no disk may be lost. */
  goAway(forMs: number, crashed: boolean): void;
  beSlow(forMs: number, ms: number): void;
  failAppends(forMs: number, share: number): void;
  /** The next command that is written is refused as data, for ever. */
  refuseOne(): void;
  /** The machine dies between the next commit and its answer. */
  killAtCommit(machine: Machine): void;
  readonly unreadable: Unreadable;
  heal(): void;
  isAway(): boolean;
}

/** SQLSTATE of what is refused because the story says so. */
export const ON_PURPOSE = "23000";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

export const openDatabase = (
  schedule: Schedule,
  random: () => number,
  memory: MemoryDatabase,
  committed: () => void,
): SimulatedDatabase => {
  let awayUntil = 0;
  let slow = { until: 0, ms: 0 };
  let failing = { until: 0, share: 0 };
  let refusing: "nothing" | "the next" | { readonly commandId: string } = "nothing";
  let condemned: Machine | null = null;
  /** Takes back what no disk has yet, the newest last. */
  let volatile: (() => void)[] = [];

  const unreadable = openUnreadable(schedule, memory);
  const isAway = (): boolean => schedule.now() < awayUntil;
  const latencyMs = (): number => (schedule.now() < slow.until ? slow.ms : 0) + 0.2 + random() * 2;
  const gone = new Error("the database is gone");

  /** Of a checkpoint only its position waits for no disk (E101). */
  const rememberCheckpoints = (): void => {
    for (const { tables } of memory.markets.values()) {
      const { checkpoint, aliveAt } = tables;
      volatile.push(() => void Object.assign(tables, { checkpoint, aliveAt }));
      if (!memory.without.has("durable checkpoints")) continue;
      const actors = [...tables.actors];
      volatile.push(() => {
        tables.actors.clear();
        for (const [key, actor] of actors) tables.actors.set(key, actor);
      });
    }
  };

  const wireOf = (machine: Machine): Wire => {
    let failures = 0;
    const run = <T>(statement: Statement, work: () => T): Promise<T> => {
      if (!machine.step()) return new Promise<T>(() => undefined);
      return new Promise((resolve, reject) => {
        const answer = (settle: () => void, afterMs = latencyMs()): void =>
          void schedule.after(afterMs, () => machine.enter(settle));
        const fail = (): void => {
          if (statement === "append") failures += 1;
          // Refused at once, or never heard of again until somebody stops waiting.
          answer(() => reject(gone), random() < 0.7 ? 5 : 1_500);
        };
        // Once it is sent, the server's death does not take it back.
        schedule.after(latencyMs(), () => {
          if (isAway()) return fail();
          const fails = statement === "append" && schedule.now() < failing.until && random() < failing.share;
          if (fails && random() < 0.5) return fail();
          if (statement === "checkpoint") rememberCheckpoints();
          const result = work();
          if (statement === "append") {
            committed();
            volatile = []; // its commit takes all earlier ones to the disk
            if (condemned === machine) machine.die();
          }
          if (fails) return fail(); // done, and its answer is lost
          if (statement === "append") failures = 0;
          answer(() => resolve(result));
        });
      });
    };
    return {
      run,
      again: () =>
        new Promise((resolve) => {
          const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
          schedule.after(waitMs, () => machine.enter(resolve));
        }),
    };
  };

  const refused = (batch: Batch): string | null => {
    if (refusing === "nothing") return null;
    if (refusing === "the next") {
      const row = batch.rows.find(({ commandId }) => commandId !== null);
      if (row === undefined) return null;
      refusing = { commandId: row.commandId! };
    }
    const { commandId } = refusing;
    return batch.rows.some((row) => row.commandId === commandId) ? commandId : null;
  };
  const withRefusals = (log: MarketLog): MarketLog => ({
    ...log,
    append: (batch) => {
      const detail = refused(batch);
      return detail === null
        ? log.append(batch)
        : Promise.resolve({ is: "refused", sqlstate: ON_PURPOSE, detail });
    },
  });

  return {
    connect(machine) {
      const log = openMemoryLog(memory, wireOf(machine));
      return {
        ...log,
        take: async (markets) => (await log.take(markets)).map(withRefusals).map(unreadable.seen),
      };
    },
    goAway(forMs, crashed) {
      awayUntil = Math.max(awayUntil, schedule.now() + forMs);
      if (!crashed) return;
      const lost = Math.floor(random() * (volatile.length + 1));
      for (const undo of volatile.splice(volatile.length - lost).toReversed()) undo();
    },
    beSlow(forMs, ms) {
      slow = { until: schedule.now() + forMs, ms };
    },
    failAppends(forMs, share) {
      failing = { until: schedule.now() + forMs, share };
    },
    refuseOne() {
      refusing = "the next";
    },
    killAtCommit(machine) {
      condemned = machine;
    },
    unreadable,
    heal() {
      unreadable.mend();
      awayUntil = 0;
      slow = { until: 0, ms: 0 };
      failing = { until: 0, share: 0 };
      refusing = "nothing";
      condemned = null;
    },
    isAway,
  };
};
