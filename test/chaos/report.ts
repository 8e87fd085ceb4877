import type { FaultReport, Report } from "./run.ts";

/** A run in which less was done shows nothing; one of few kinds only has to have done something. */
const LEAST_A_MINUTE = { acknowledged: 2_000, faults: 3 };
/** In so many minutes each kind comes several times; one that never hit anything was none. */
const FELT_MINUTES = 10;
const LINES = 20;

const counted = ["lost", "doubled", "gaps", "diverged", "stuck", "broken"] as const;

/** Why the run is a failure; empty: it is none. `strict`: this machine ought to be able to have every fault. */
export const failures = (report: Report, strict: boolean): readonly string[] => {
  const { minutes, only, acknowledged, faults, skipped } = report;
  const least = (aMinute: number) => (only === "" ? Math.ceil(minutes * aMinute) : 1);
  const tooFew = (what: string, count: number, aMinute: number): string[] =>
    count < least(aMinute)
      ? [`too little was done to show anything: ${count} ${what}, not ${least(aMinute)}`]
      : [];
  const most = (lines: readonly string[]) =>
    lines.length > LINES ? [...lines.slice(0, LINES), `and ${lines.length - LINES} more`] : lines;
  return [
    ...counted.flatMap((kind) => most(report[kind]).map((line) => `${kind}: ${line}`)),
    ...tooFew("commands were acknowledged", acknowledged, LEAST_A_MINUTE.acknowledged),
    ...tooFew("faults", faults.length, LEAST_A_MINUTE.faults),
    ...(minutes >= FELT_MINUTES ? neverFelt(faults).map((kind) => `never felt: ${kind}`) : []),
    ...(strict ? Object.entries(skipped).map(([kind, why]) => `skipped: ${kind}: ${why}`) : []),
  ];
};

/** Kinds that came more than once, and hit nothing. */
const neverFelt = (faults: readonly FaultReport[]): string[] =>
  kindsOf(faults).flatMap(([kind, all]) => (all.length > 1 && !all.some(({ felt }) => felt) ? [kind] : []));

/** The report for people. */
export const reportLines = (report: Report): readonly string[] => [
  "",
  `${report.faults.length} faults`.padEnd(40) + "recovery: min, median, max ms",
  ...kindLines(report.faults),
  ...Object.entries(report.skipped).map(([kind, why]) => `  SKIPPED ${kind}: ${why}`),
  "",
  `acknowledged ${report.acknowledged.toLocaleString("en")}   refused ${report.refused}   unknown ${report.unknown}   trips ${report.trips.toLocaleString("en")}   largest server ${report.server_rss_mb} MB`,
  counted.map((kind) => `${kind} ${report[kind].length}`).join("   "),
  `seed ${report.seed}`,
];

const kindLines = (faults: readonly FaultReport[]): string[] =>
  kindsOf(faults).map(([kind, all]) => {
    const recovered = all.flatMap(({ recovery_ms }) => recovery_ms ?? []).sort((a, b) => a - b);
    const some = [recovered[0], recovered[Math.floor(recovered.length / 2)], recovered.at(-1)];
    const times = some.map((ms) => String(ms ?? "never").padStart(7)).join("");
    const missed = all.filter(({ felt }) => !felt).length;
    const note = missed === 0 ? "" : `   ${missed} not felt`;
    return `  ${String(all.length).padStart(3)} ${kind.padEnd(33)}${times}${note}`;
  });

const kindsOf = (faults: readonly FaultReport[]): (readonly [string, readonly FaultReport[]])[] =>
  [...new Set(faults.map(({ kind }) => kind))]
    .sort()
    .map((kind) => [kind, faults.filter((fault) => fault.kind === kind)]);
