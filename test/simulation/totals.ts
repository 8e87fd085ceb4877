import type { Ending } from "./simulate.ts";
import type { Story } from "./story.ts";

/** What many stories were together. Plain data: it travels between processes. */
export interface Totals {
  seeds: number;
  simulatedMs: number;
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
  readonly failed: { readonly seed: number; readonly law: string }[];
}

export const noTotals = (): Totals => ({
  seeds: 0,
  simulatedMs: 0,
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

export const totalOf = ({ seed, faults }: Story, { counts, findings }: Ending): Totals => {
  const total: Totals = { ...noTotals(), ...counts, seeds: 1 };
  for (const { is } of faults) total.faults[is] = (total.faults[is] ?? 0) + 1;
  const [first] = findings;
  if (first !== undefined) total.failed.push({ seed, law: first.law });
  return total;
};

export const add = (to: Totals, more: Totals): void => {
  for (const key of Object.keys(to) as (keyof Totals)[])
    if (key !== "faults" && key !== "failed") to[key] += more[key];
  for (const [is, count] of Object.entries(more.faults)) to.faults[is] = (to.faults[is] ?? 0) + count;
  to.failed.push(...more.failed);
};

/** One line: counts, and whether all laws held. */
export const inOneLine = (total: Totals, tookMs: number): string => {
  const faults = Object.entries(total.faults)
    .toSorted(([, a], [, b]) => b - a)
    .map(([is, count]) => `${is} ${count}`)
    .join(", ");
  return [
    `${total.seeds} seeds`,
    `${(total.simulatedMs / 3_600_000).toFixed(1)} h simulated, ${Math.round(total.simulatedMs / tookMs)} times faster than real`,
    `${total.servers} servers, ${total.people} people, ${total.trips} trips, ${total.rows} rows, ${total.events} events`,
    `${total.acknowledged} acknowledged, ${total.refused} refused`,
    `faults: ${faults || "none"}`,
    `findings: ${total.failed.length}`,
  ].join(" · ");
};
