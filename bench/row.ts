/** One line of a benchmark. `control` runs the bare library underneath in the same process and run. */
export interface Row {
  readonly label: string;
  readonly kind: "ours" | "control" | "peer";
  readonly value: number;
  readonly unit: string;
  readonly p50_ms?: number;
  readonly p99_ms?: number;
  /** It is not what is promised: why. */
  readonly failed?: string | undefined;
}

export interface Bench {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

/** Calls `fn` for at least `forMs` after a warm-up; calls per second. */
export const rate = (forMs: number, fn: () => void): number => {
  const spin = (untilMs: number): number => {
    const begun = performance.now();
    let calls = 0;
    while (performance.now() - begun < untilMs) {
      for (let i = 0; i < 100; i++) fn();
      calls += 100;
    }
    return (calls * 1_000) / (performance.now() - begun);
  };
  spin(forMs / 4);
  return spin(forMs);
};

/** The value below which a share `q` (0 to 1) of the samples lies; sorts them in place. */
export const quantile = (samples: number[], q: number): number =>
  samples.sort((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * q))] ?? Number.NaN;
