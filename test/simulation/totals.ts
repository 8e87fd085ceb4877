import type { Ending, Finding } from "./ending.ts";
import { type Fault, MINUTE_MS, type Story } from "./story.ts";

/** What many stories were together. */
export interface Totals {
  seeds: number;
  simulatedMs: number;
  cpuMs: number;
  events: number;
  rows: number;
  trips: number;
  servers: number;
  people: number;
  said: number;
  acknowledged: number;
  refused: number;
  readonly faults: Record<string, number>;
  /** Seeds whose stories broke a law, with the first one. */
  readonly failed: { readonly seed: number; readonly first: Finding }[];
}

export const noTotals = (): Totals => ({
  seeds: 0,
  simulatedMs: 0,
  cpuMs: 0,
  events: 0,
  rows: 0,
  trips: 0,
  servers: 0,
  people: 0,
  said: 0,
  acknowledged: 0,
  refused: 0,
  faults: {},
  failed: [],
});

export const totalOf = ({ seed, faults }: Story, { counts, cpuMs, findings }: Ending): Totals => {
  const total: Totals = { ...noTotals(), ...counts, cpuMs, seeds: 1 };
  for (const fault of faults) {
    const name = isMinute(fault) ? "database gone a minute" : fault.is;
    total.faults[name] = (total.faults[name] ?? 0) + 1;
  }
  const [first] = findings;
  if (first !== undefined) total.failed.push({ seed, first });
  return total;
};

const isMinute = (fault: Fault): boolean => fault.is === "database gone" && fault.forMs >= MINUTE_MS;

export const add = (to: Totals, more: Totals): void => {
  for (const key of Object.keys(to) as (keyof Totals)[])
    if (key !== "faults" && key !== "failed") to[key] += more[key];
  for (const [is, count] of Object.entries(more.faults)) to.faults[is] = (to.faults[is] ?? 0) + count;
  to.failed.push(...more.failed);
};

/**
 * How many times faster than real, on one core: by the time that processors worked for it, which others who work on
 * the same machine lengthen far less than the time on the wall.
 */
const speedOf = ({ simulatedMs, cpuMs }: Totals): number => Math.round(simulatedMs / cpuMs);

const PROMISED_SPEED = 500;
/** Of fewer the start of the processes is too large a part. */
const SEEDS_TO_JUDGE_BY = 1_000;

/** Why that was too slow (E154); null: it was not, or nobody can say. */
export const whyTooSlow = (total: Totals): string | null =>
  total.seeds < SEEDS_TO_JUDGE_BY || speedOf(total) >= PROMISED_SPEED
    ? null
    : `TOO SLOW: simulated time was ${speedOf(total)} times faster than real on one core, not ${PROMISED_SPEED}`;

/** One line: counts, and whether all laws held. */
export const inOneLine = (total: Totals, tookMs: number): string => {
  const faults = Object.entries(total.faults)
    .toSorted(([, a], [, b]) => b - a)
    .map(([is, count]) => `${is} ${count}`)
    .join(", ");
  return [
    `${total.seeds} seeds`,
    `${(total.simulatedMs / 3_600_000).toFixed(1)} h simulated in ${Math.round(tookMs / 1_000)} s, ${speedOf(total)} times faster than real on one core`,
    `${total.servers} servers, ${total.people} people, ${total.trips} trips, ${total.rows} rows, ${total.events} events`,
    `${total.acknowledged} acknowledged, ${total.refused} refused`,
    `faults: ${faults || "none"}`,
    `findings: ${total.failed.length}`,
  ].join(" · ");
};
