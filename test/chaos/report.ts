import type { FaultReport, Report } from "./run.ts";

/** A run in which less was done shows nothing. */
const LEAST_ACKNOWLEDGED_PER_MINUTE = 500;
const LEAST_FAULTS_PER_MINUTE = 2;
const LINES = 20;

const counted = ["lost", "doubled", "gaps", "diverged", "stuck", "broken"] as const;

/** Why the run is a failure; empty: it is none. */
export const failures = (report: Report): readonly string[] => {
  const { minutes, acknowledged, faults } = report;
  const most = (lines: readonly string[]) =>
    lines.length > LINES ? [...lines.slice(0, LINES), `and ${lines.length - LINES} more`] : lines;
  return [
    ...counted.flatMap((kind) => most(report[kind]).map((line) => `${kind}: ${line}`)),
    ...(acknowledged < minutes * LEAST_ACKNOWLEDGED_PER_MINUTE
      ? [`empty: only ${acknowledged} commands were acknowledged`]
      : []),
    ...(faults.length < minutes * LEAST_FAULTS_PER_MINUTE
      ? [`empty: there were only ${faults.length} faults`]
      : []),
  ];
};

/** The report for people. */
export const reportLines = (report: Report): readonly string[] => [
  "",
  `${report.faults.length} faults`.padEnd(40) + "recovery: min, median, max ms",
  ...kindLines(report.faults),
  ...Object.entries(report.skipped).map(([kind, why]) => `  skipped ${kind}: ${why}`),
  "",
  `acknowledged ${report.acknowledged.toLocaleString("en")}   refused ${report.refused}   trips ${report.trips.toLocaleString("en")}   largest server ${report.server_rss_mb} MB`,
  counted.map((kind) => `${kind} ${report[kind].length}`).join("   "),
  `seed ${report.seed}`,
];

const kindLines = (faults: readonly FaultReport[]): string[] =>
  [...new Set(faults.map(({ kind }) => kind))].sort().map((kind) => {
    const all = faults.filter((fault) => fault.kind === kind);
    const recovered = all.flatMap(({ recovery_ms }) => recovery_ms ?? []).sort((a, b) => a - b);
    const some = [recovered[0], recovered[Math.floor(recovered.length / 2)], recovered.at(-1)];
    const times = some.map((ms) => String(ms ?? "never").padStart(7)).join("");
    return `  ${String(all.length).padStart(3)} ${kind.padEnd(33)}${times}`;
  });
