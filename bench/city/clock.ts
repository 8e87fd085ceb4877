/** The time of day in the city. It stands still until it is started. */
export interface Clock {
  /** Unix milliseconds as recorded. */
  nowMs(): number;
  start(): void;
}

/** A clock that begins at `fromMs` and runs `speed` times as fast. */
export const openClock = (fromMs: number, speed: number): Clock => {
  let startedMs: number | null = null;
  return {
    nowMs: () => (startedMs === null ? fromMs : fromMs + (performance.now() - startedMs) * speed),
    start: () => {
      startedMs = performance.now();
    },
  };
};
