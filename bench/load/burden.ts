import type { Row } from "../row.ts";
import { readFileSync } from "node:fs";

/** Who is busy tells what limits. Percent of one core. */
export interface Burden {
  readonly serverPercent: number;
  /** This process. */
  readonly generatorPercent: number;
  readonly serverRssMb: number;
}

/** What `work` costs the server with this process id, and us. */
export const during = async <T>(pid: number, work: () => Promise<T>): Promise<readonly [T, Burden]> => {
  const begun = performance.now();
  const serverMs = cpuMs(pid);
  const generator = process.cpuUsage();
  const result = await work();
  const percent = 100 / (performance.now() - begun);
  const { user, system } = process.cpuUsage(generator);
  return [
    result,
    {
      serverPercent: (cpuMs(pid) - serverMs) * percent,
      generatorPercent: ((user + system) / 1_000) * percent,
      serverRssMb:
        Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) / 1_024,
    },
  ];
};

export const burdenRows = (kind: Row["kind"], burden: Burden): readonly Row[] => [
  { label: "  server's CPU", kind, value: burden.serverPercent, unit: "% of a core" },
  { label: "  load generator's CPU", kind, value: burden.generatorPercent, unit: "% of a core" },
];

/** All threads, user and system. Linux counts in hundredths of a second: proc(5), fields 14 and 15. */
const cpuMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
