import type { Rate } from "./session/limits.ts";

// A limit on everything that comes from outside. Rates are off for loopback: who is there speaks for many.

/** What an operator may set, as `limits` of the markets file (M80). */
export interface Limits {
  /** P40 */
  readonly connectionsPerAddress: Rate;
  /** P40, S46: socket messages and HTTP requests together. */
  readonly messagesPerUser: Rate;
  /** S25 */
  readonly registrationsPerAddress: Rate;
  /** S43: addresses and subnets whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

export const defaultLimits: Limits = {
  connectionsPerAddress: { perS: 20, burst: 200 },
  messagesPerUser: { perS: 20, burst: 100 },
  registrationsPerAddress: { perS: 0.1, burst: 20 },
  trustedProxies: [],
};

/** P20 to P29: what the contract promises. */
export const transportLimits = {
  maxBodyBytes: 64 * 1_024,
  maxFrameBytes: 16 * 1_024,
  maxBufferedBytes: 256 * 1_024,
  idleTimeoutS: 60,
} as const;
