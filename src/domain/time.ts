import type { Brand } from "./ids.ts";

/** Milliseconds: a moment of the market's clock (Unix epoch) or a duration, as the name says. */
export type Ms = Brand<number, "Ms">;
/** Seconds of a duration. */
export type S = Brand<number, "S">;

export const ms = (value: number): Ms => value as Ms;
export const s = (value: number): S => value as S;

/** Time comes in by this door. Real in production; the simulation hands in its own. */
export interface Clock {
  /** Milliseconds since some fixed moment, never going back. Only differences mean anything. */
  monotonic(): number;
  /** The wall clock, Unix milliseconds; may jump. */
  wall(): number;
  /** Calls `fn` once, after at least `delayMs`; the returned function cancels. */
  after(delayMs: number, fn: () => void): () => void;
}

export const realClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  after: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs);
    return () => clearTimeout(timer);
  },
};
