import type { Options } from "./options.ts";
import { failures, type Report } from "./report.ts";

/** One step of the search. */
export interface Step {
  readonly speed: number;
  readonly requests_per_s: number;
  readonly first_offer_ms_p95: number | null;
  readonly server_lag_ms_p99: number | null;
  readonly city_lag_ms_p99: number;
  /** Why this is too much; empty: it is not. */
  readonly wrong: readonly string[];
}

const FIRST_OFFER_P95_MS = 250;
const FASTER = 1.5;
const STEPS_AT_MOST = 10;
const LONGEST_MS = 10 * 60_000;
const USUAL_STEP_MINUTES = 0.25;

/**
 * Runs the city faster and faster, each step on a new server, until first offers come too late or something
 * fails (B15). Ends by itself: ten steps, ten minutes, or when the recording is too short to fill a step.
 */
export async function* findLimit(
  options: Options,
  run: (options: Options) => Promise<Report>,
): AsyncGenerator<Step> {
  const minutes = options.minutes ?? USUAL_STEP_MINUTES;
  const startedMs = performance.now();
  for (let steps = 0; steps < STEPS_AT_MOST && performance.now() - startedMs < LONGEST_MS; steps++) {
    const speed = options.speed * FASTER ** steps;
    const report = await run({ ...options, speed, minutes });
    if (report.arrivals_s < minutes * 60 * ENOUGH) return;
    const step = stepOf(speed, report);
    yield step;
    if (step.wrong.length > 0) return;
  }
}
/** The part of a step that the recording must fill. */
const ENOUGH = 0.9;

/** The last good rate, in words. */
export const limitLine = (steps: readonly Step[]): string => {
  const isLimit = steps.at(-1)?.wrong.length !== 0;
  const good = steps.at(isLimit ? -2 : -1);
  if (good === undefined)
    return "no good rate: begin with a lower --speed, more --drivers or a longer recording";
  return `last good rate: ${stepLine(good)}${isLimit ? "" : "; the limit lies above it"}`;
};

const stepOf = (speed: number, report: Report): Step => {
  const p95 = report.time_to_first_offer_ms.p95;
  return {
    speed: Math.round(speed * 10) / 10,
    requests_per_s: Math.round((report.requests / report.arrivals_s) * 10) / 10,
    first_offer_ms_p95: p95,
    server_lag_ms_p99: report.server.loop_lag_ms_p99,
    city_lag_ms_p99: report.city.loop_lag_ms_p99,
    wrong: [
      ...(p95 === null ? ["no offers"] : []),
      ...(p95 !== null && p95 > FIRST_OFFER_P95_MS
        ? [`first offers take more than ${FIRST_OFFER_P95_MS} ms`]
        : []),
      ...failures(report),
    ],
  };
};

export const stepLine = (step: Step): string =>
  [
    `speed ${step.speed}`,
    `${step.requests_per_s} requests/s`,
    `first offer p95 ${step.first_offer_ms_p95} ms`,
    `lag p99 of server ${step.server_lag_ms_p99} ms, of city ${step.city_lag_ms_p99} ms`,
    step.wrong.join(", "),
  ]
    .filter(Boolean)
    .join("   ");
