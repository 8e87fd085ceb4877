/** What the server says of itself. */
export interface Burden {
  /** The most at any look. */
  readonly rss_mb: number | null;
  /** How memory grew, after the first third of the looks: a straight line through them. Null: too few looks. */
  readonly rss_mb_per_min: number | null;
  /** Of what full collections leave: garbage that waits for one is no growth. */
  readonly heap_mb_per_min: number | null;
  /** The worst of all looks. */
  readonly loop_lag_ms_p99: number | null;
}

export const unknownBurden: Burden = {
  rss_mb: null,
  rss_mb_per_min: null,
  heap_mb_per_min: null,
  loop_lag_ms_p99: null,
};

interface Look {
  readonly atMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly lagMs: number;
}

const EVERY_MS = 5_000;
/** A line through fewer says nothing. */
const LINE_LOOKS = 12;
const MB = 1_048_576;

/** Reads `GET /metrics` now and then. The server's lag histogram starts anew with each reading. */
export const watchMetrics = (url: string): { stop(): Promise<Burden> } => {
  const looks: Look[] = [];
  const look = async () => {
    try {
      const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
      const read = {
        atMs: performance.now(),
        rssMb: valueOf(text, "process_resident_memory_bytes") / MB,
        heapMb: valueOf(text, "live_heap_bytes") / MB,
        lagMs: valueOf(text, "nodejs_eventloop_lag_p99_seconds") * 1_000,
      };
      if (!Object.values(read).some(Number.isNaN)) looks.push(read);
    } catch {
      // It is being killed, or busy: the next look will tell.
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return burdenOf(looks);
    },
  };
};

const burdenOf = (looks: readonly Look[]): Burden => {
  if (looks.length === 0) return unknownBurden;
  const settled = looks.slice(Math.floor(looks.length / 3));
  const enough = settled.length >= LINE_LOOKS;
  return {
    rss_mb: largest(looks.map(({ rssMb }) => rssMb)),
    rss_mb_per_min: enough ? slopeOf(settled.map(({ atMs, rssMb }) => [atMs / 60_000, rssMb])) : null,
    heap_mb_per_min: enough ? slopeOf(settled.map(({ atMs, heapMb }) => [atMs / 60_000, heapMb])) : null,
    loop_lag_ms_p99: largest(looks.map(({ lagMs }) => lagMs)),
  };
};

/** Least squares. */
export const slopeOf = (points: readonly (readonly [x: number, y: number])[]): number => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point[0])), mean(points.map((point) => point[1]))];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
};

const valueOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m").exec(text)?.[1] ?? Number.NaN);

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
