/** A law that was broken, and how it showed. */
export interface Finding {
  readonly law: string;
  readonly what: string;
  /** Simulated milliseconds. */
  readonly at: number;
}

/** What became of a story. Plain data: it travels between processes. */
export interface Ending {
  readonly findings: readonly Finding[];
  /** Of the whole log and of every word that was said. */
  readonly digest: string;
  /** What it cost: milliseconds of processors. */
  readonly cpuMs: number;
  readonly counts: Counts;
}

export interface Counts {
  readonly simulatedMs: number;
  readonly events: number;
  readonly rows: number;
  readonly trips: number;
  readonly servers: number;
  readonly people: number;
  readonly said: number;
  readonly acknowledged: number;
  readonly refused: number;
}

/** Of a story whose process was lost over it: nobody can say more. */
export const unknownEnding = (what: string): Ending => ({
  findings: [{ law: LOST, what, at: 0 }],
  digest: "",
  cpuMs: 0,
  counts: {
    simulatedMs: 0,
    events: 0,
    rows: 0,
    trips: 0,
    servers: 0,
    people: 0,
    said: 0,
    acknowledged: 0,
    refused: 0,
  },
});

/** The law that is broken then. */
export const LOST = "E151";
