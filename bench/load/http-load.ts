import { type Pipe, openPipe } from "./http-pipe.ts";
import { type Histogram, build } from "hdr-histogram-js";
import { setImmediate as nextTurn } from "node:timers/promises";

/** To one port of this machine, in turn and from the start again. */
export interface Requests {
  readonly port: number;
  readonly all: readonly Uint8Array[];
  readonly connections: number;
}

export interface Answered {
  readonly perS: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** Closed loop: each connection always has `depth` requests on the way. */
export const asFastAsItGoes = (requests: Requests, depth: number, forMs: number): Promise<Answered> =>
  load(requests, forMs, async (pipes, send, until) => {
    for (const pipe of pipes) for (let i = 0; i < depth; i++) send(pipe, performance.now());
    return (pipe, now) => now < until && send(pipe, now);
  });

/**
 * Open loop: requests start at random moments, `perS` of them a second, whether or not earlier ones are
 * answered; the time to the answer counts from the moment meant. Spins, as a timer would be a millisecond late.
 */
export const atRate = (requests: Requests, perS: number, forMs: number): Promise<Answered> =>
  load(requests, forMs, async (pipes, send, until) => {
    let due = performance.now();
    for (let i = 0; due < until; ) {
      for (const now = performance.now(); due <= now; i++) {
        send(pipes[i % pipes.length]!, due);
        due -= (Math.log(1 - Math.random()) * 1_000) / perS;
      }
      await nextTurn();
    }
  });
