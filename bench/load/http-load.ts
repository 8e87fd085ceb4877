import { type Pipe, openPipe } from "./http-pipe.ts";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";

/** Whole requests to a port of this machine, sent one after another and then from the start again. */
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

/** Closed loop: each connection always has `depth` requests on their way. */
export const asFastAsItGoes = (requests: Requests, depth: number, forMs: number): Promise<Answered> =>
  load(requests, forMs, true, async ({ pipes, send }) => {
    for (const pipe of pipes) for (let i = 0; i < depth; i++) send(pipe, performance.now());
  });

/**
 * Open loop: requests start at random moments, `perS` of them a second, whether or not earlier ones are
 * answered; the time to the answer counts from the moment meant. Spins, as a timer would be a millisecond late.
 */
export const atRate = (requests: Requests, perS: number, forMs: number): Promise<Answered> =>
  load(requests, forMs, false, async ({ pipes, send, until }) => {
    let due = performance.now();
    for (let i = 0; due < until; await nextTurn()) {
      for (const now = performance.now(); due <= now; i++) {
        send(pipes[i % pipes.length]!, due);
        due -= (Math.log(1 - Math.random()) * 1_000) / perS;
      }
    }
  });

interface Run {
  readonly pipes: readonly Pipe[];
  /** The next request. */
  readonly send: (pipe: Pipe, startedAt: number) => void;
  readonly until: number;
}

/** `again`: an answer sends the next request. Rejects when one is not answered with 200. */
const load = async (
  { port, all, connections }: Requests,
  forMs: number,
  again: boolean,
  drive: (run: Run) => Promise<void>,
): Promise<Answered> => {
  const tookUs = build({ highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
  let next = 0;
  let lastAt = 0;
  let until = 0;
  const send = (pipe: Pipe, startedAt: number): void => pipe.send(all[next++ % all.length]!, startedAt);
  const answered = (pipe: Pipe, startedAt: number): void => {
    lastAt = performance.now();
    tookUs.recordValue(Math.round((lastAt - startedAt) * 1_000));
    if (again && lastAt < until) send(pipe, lastAt);
  };
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const pipes = await Promise.all(
    Array.from({ length: connections }, () => openPipe(port, answered, (error) => fail(error))),
  );
  const begun = performance.now();
  until = begun + forMs;
  const done = async (): Promise<void> => {
    await drive({ pipes, send, until });
    while (pipes.some(({ waiting }) => waiting > 0)) await sleep(5);
  };
  await Promise.race([done(), failed]);
  for (const pipe of pipes) pipe.close();
  return {
    perS: (tookUs.totalCount * 1_000) / (lastAt - begun),
    p50_ms: tookUs.getValueAtPercentile(50) / 1_000,
    p99_ms: tookUs.getValueAtPercentile(99) / 1_000,
  };
};
