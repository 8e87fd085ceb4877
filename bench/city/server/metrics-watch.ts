/** What the server says of itself: the worst of its scrapes. */
export interface Burden {
  rss_mb: number | null;
  loop_lag_ms_p99: number | null;
}

const EVERY_MS = 5_000;

/** Reads `GET /metrics` now and then. The server's lag histogram starts anew with each reading. */
export const watchMetrics = (url: string): { readonly worst: Burden; stop(): Promise<void> } => {
  const worst: Burden = { rss_mb: null, loop_lag_ms_p99: null };
  const look = async () => {
    try {
      const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
      worst.rss_mb = larger(worst.rss_mb, valueOf(text, "process_resident_memory_bytes"), 1 / 1_048_576);
      worst.loop_lag_ms_p99 = larger(
        worst.loop_lag_ms_p99,
        valueOf(text, "nodejs_eventloop_lag_p99_seconds"),
        1_000,
      );
    } catch {
      // It is being killed, or busy: the next look will tell.
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    worst,
    stop: async () => {
      clearInterval(timer);
      await look();
    },
  };
};

const valueOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m").exec(text)?.[1] ?? Number.NaN);

const larger = (known: number | null, value: number, factor: number): number | null =>
  Number.isNaN(value) ? known : Math.max(known ?? 0, value * factor);
