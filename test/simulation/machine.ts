import type { Clock } from "../../src/domain/time.ts";
import type { Schedule } from "./schedule.ts";

/** When it all begins: Unix milliseconds of a Tuesday afternoon. */
export const BEGINNING = 1_700_000_000_000;

/** One process of the server, from its start to its end. All it does goes through a door, and it may die in any. */
export interface Machine {
  readonly clock: Clock;
  alive(): boolean;
  /** Something comes in from outside, or a timer is due: now, later when the process stands still, never when it is dead. */
  enter(fn: () => void): void;
  /** The process is about to touch the world; false: it is dead, and touches nothing. */
  step(): boolean;
  /** It dies in the so many-th step from now. */
  dieIn(steps: number): void;
  die(): void;
  standStill(forMs: number): void;
}

/** `wallMs`: what the machine's own clock says; it may jump. `died`: the process has ended, however. */
export const openMachine = (schedule: Schedule, wallMs: () => number, died: () => void): Machine => {
  let dead = false;
  let stepsLeft = Infinity;
  let stillUntil = 0;
  let waiting: (() => void)[] = [];

  const enter = (fn: () => void): void => {
    if (dead) return;
    if (schedule.now() < stillUntil || waiting.length > 0) waiting.push(fn);
    else fn();
  };
  /** What waited comes one by one, each with all that follows from it, in the order it came. */
  const wake = (): void => {
    if (dead || schedule.now() < stillUntil) return;
    const fn = waiting.shift();
    fn?.();
    if (waiting.length > 0) schedule.after(0, wake);
  };
  const die = (): void => {
    if (dead) return;
    dead = true;
    waiting = [];
    died();
  };
  const step = (): boolean => {
    if (!dead && --stepsLeft < 0) die();
    return !dead;
  };

  return {
    clock: {
      monotonic: () => schedule.now(),
      wall: wallMs,
      after(delayMs, fn) {
        if (!step()) return () => {};
        let due: (() => void) | null = fn;
        const cancel = schedule.after(delayMs, () => enter(() => due?.()));
        return () => {
          due = null; // it may wait already, where the process stands still
          cancel();
        };
      },
    },
    alive: () => !dead,
    enter,
    step,
    dieIn(steps) {
      stepsLeft = steps;
    },
    die,
    standStill(forMs) {
      stillUntil = Math.max(stillUntil, schedule.now() + forMs);
      schedule.after(stillUntil - schedule.now(), wake);
    },
  };
};
