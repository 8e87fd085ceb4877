// A limit on everything that comes from outside. Rates are off for loopback: a proxy speaks for many.

export const limits = {
  /** P40 */
  connectionsPerAddress: { perS: 20, burst: 200 },
  messagesPerUser: { perS: 20, burst: 100 },
  /** S25 */
  registrationsPerAddress: { perS: 0.1, burst: 20 },
  /** P20 to P29 */
  transport: {
    maxBodyBytes: 64 * 1_024,
    maxFrameBytes: 16 * 1_024,
    maxBufferedBytes: 256 * 1_024,
    idleTimeoutS: 60,
  },
} as const;
