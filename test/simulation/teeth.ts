import {
  actedEarly,
  changesFare,
  checkpointsAhead,
  endsTwice,
  forgetsKeys,
  forgetsWhereTheyWork,
  hasNoFinal,
  isByHttp,
  keepsExpiredSilent,
  neverWritesCancels,
  projectsIdle,
  quotesNegative,
  recallsNothing,
  remembersItself,
  resumesLate,
  searchesForEver,
  seatsWhoIsAsked,
  takesASecondTrip,
  toldEarly,
  undoesOldestFirst,
} from "./broken.ts";
import type { Meaning } from "../../src/market/ports.ts";
import type { Amid } from "./story.ts";
import type { Guard } from "../fixtures/memory-log.ts";
import type { Tamper } from "./servers.ts";
import type { createAppending } from "../../src/market/appending.ts";
import type { createFifo } from "../../src/market/fifo.ts";
import type { createDirectory } from "../../src/session/directory.ts";
import type { createKeys } from "../../src/market/keys.ts";
import type { createQuarantine } from "../../src/market/quarantine.ts";
import type { createSearch } from "../../src/location/nearest.ts";
import type { createSubscribe } from "../../src/publish/resume-trip.ts";
import type { fingerprint } from "../../src/protocol/fingerprint.ts";
import type { gather } from "../../src/market/batch.ts";
import type { projectDriver } from "../../src/effects/project-driver.ts";
import type { quote } from "../../src/pricing/quote.ts";
import type { recover } from "../../src/market/recover.ts";

/** Functions of the server that a tooth may replace by one without its guard. */
export interface Parts {
  readonly createFifo: typeof createFifo;
  readonly createKeys: typeof createKeys;
  readonly createAppending: typeof createAppending;
  readonly gather: typeof gather;
  readonly createSubscribe: typeof createSubscribe;
  readonly projectDriver: typeof projectDriver;
  readonly quote: typeof quote;
  readonly createSearch: typeof createSearch;
  readonly createDirectory: typeof createDirectory;
  readonly createQuarantine: typeof createQuarantine;
  readonly recover: typeof recover;
  readonly fingerprint: typeof fingerprint;
}

/** One guard taken out, and who has to notice. All of them are told in docs/reliability.md. */
export interface Tooth {
  /** What is wrong then. */
  readonly name: string;
  /** The law whose breaking is found. */
  readonly law: string;
  /** In so many stories at the latest. */
  readonly seeds: number;
  /** What happens in each story beside its own faults, so that it matters soon. */
  readonly amid?: readonly Amid[];
  readonly tamper?: Tamper;
  readonly means?: (real: Meaning) => Partial<Meaning>;
  readonly parts?: { readonly [P in keyof Parts]?: (real: Parts[P]) => Parts[P] };
  readonly without?: readonly Guard[];
  /** The same with one of the guards left in, `by` name: then that law holds. */
  readonly heldBy?: Pick<Tooth, "without" | "means"> & { readonly by: string };
}

const times = (count: number, one: Amid): Amid[] => Array.from({ length: count }, () => one);

export const teeth: readonly Tooth[] = [
  {
    name: "the log takes rows of an owner whose market was taken",
    law: "I2",
    seeds: 10,
    amid: times(4, "theft"),
    without: ["fence", "positions", "seqs"],
    heldBy: { by: "the position check", without: ["fence"] },
  },
  {
    name: "taking a market does not bump its epoch",
    law: "I8",
    seeds: 20,
    amid: [...times(6, "theft"), ...times(2, "database slow")],
    without: ["epochs"],
  },
  {
    name: "the log takes a batch wherever it stands",
    law: "I2",
    seeds: 10,
    amid: times(2, "appends fail"),
    without: ["positions", "seqs"],
  },
  {
    name: "a driver takes a second trip",
    law: "I1",
    seeds: 10,
    means: takesASecondTrip,
    without: ["claims"],
    heldBy: { by: "the claim constraint", means: takesASecondTrip },
  },
  {
    name: "a command that is repeated is done again",
    law: "I4",
    seeds: 10,
    amid: times(4, "says all twice"),
    parts: { createKeys: forgetsKeys },
    without: ["commands"],
    heldBy: { by: "the command constraint" },
  },
  {
    name: "a repeat is new to a server that has just started",
    law: "I4",
    seeds: 20,
    amid: [...times(3, "database slow"), ...times(3, { is: "crash", when: "commit", downMs: 100 })],
    parts: { createKeys: recallsNothing },
    without: ["commands"],
  },
  {
    name: "a trip that has ended ends once more",
    law: "I3",
    seeds: 60,
    amid: [...times(4, "lag"), ...times(4, "database slow")],
    means: (real) => hasNoFinal({ ...real, ...endsTwice(real) }),
    heldBy: { by: "the gate on final states", means: endsTwice },
  },
  {
    name: "a command is answered before it is in the log",
    law: "I8",
    seeds: 5,
    parts: { createFifo: toldEarly(({ asked, outcome }) => asked.is === "command" && outcome.is === "done") },
  },
  {
    name: "a request over HTTP is answered before it is in the log",
    law: "I8",
    seeds: 5,
    parts: { createFifo: toldEarly((entry) => isByHttp(entry) && entry.outcome.is === "done") },
  },
  {
    name: "what follows a commit is done before it",
    law: "E1",
    seeds: 5,
    parts: { createFifo: actedEarly },
  },
  {
    name: "a refusal is told while what it rests on is not in the log",
    law: "E4",
    seeds: 60,
    amid: [...times(3, "database slow"), ...times(3, "database gone")],
    parts: {
      createFifo: toldEarly(({ asked, outcome }) => asked.is === "command" && outcome.is === "refused"),
    },
  },
  {
    name: "a state is told that is not in the log",
    law: "E1",
    seeds: 10,
    amid: [...times(3, "database slow"), ...times(4, "storm")],
    parts: { createFifo: toldEarly(({ asked }) => asked.is === "read") },
  },
  {
    name: "a cancel is acknowledged and never written",
    law: "I8",
    seeds: 30,
    tamper: neverWritesCancels,
  },
  {
    name: "a command refused as data is undone oldest first",
    law: "I2",
    seeds: 20,
    amid: [...times(3, "append refused"), ...times(3, "database slow")],
    parts: { createAppending: undoesOldestFirst },
  },
  {
    name: "a checkpoint says more than the log has",
    law: "I5",
    seeds: 10,
    amid: times(3, "crash"),
    tamper: checkpointsAhead,
    without: ["seqs"],
  },
  {
    name: "a checkpoint is answered before it is on the disk",
    law: "I5",
    seeds: 30,
    amid: [...times(4, "database gone"), ...times(3, "crash")],
    without: ["durable checkpoints"],
  },
  {
    name: "a deadline is in memory only",
    law: "I6",
    seeds: 30,
    amid: times(6, "crash"),
    means: remembersItself,
  },
  {
    name: "a search has no deadline",
    law: "I6",
    seeds: 20,
    means: searchesForEver,
  },
  {
    name: "a driver is not told that an offer has run out",
    law: "I6",
    seeds: 15,
    means: keepsExpiredSilent,
  },
  {
    name: "an offer does not lapse when nobody could answer it",
    law: "M8",
    seeds: 30,
    amid: times(4, { is: "crash", when: "now", downMs: 14_000 }),
    means: () => ({ afterGap: () => [] }),
  },
  {
    name: "who comes back is told from one update too late",
    law: "I11",
    seeds: 10,
    amid: times(4, "storm"),
    parts: { createSubscribe: resumesLate },
  },
  {
    name: "a driver with a trip can be found",
    law: "I10",
    seeds: 5,
    parts: { projectDriver: projectsIdle },
  },
  {
    name: "a passenger is told where a driver is who was only asked",
    law: "S7",
    seeds: 10,
    parts: { projectDriver: seatsWhoIsAsked },
  },
  {
    name: "nobody knows where a driver works already",
    law: "P80",
    seeds: 30,
    amid: times(4, "storm"),
    parts: { createDirectory: forgetsWhereTheyWork },
  },
  {
    name: "a fare is negative",
    law: "I7",
    seeds: 5,
    parts: { quote: quotesNegative },
  },
  { name: "a fare changes its currency", law: "I7", seeds: 5, means: changesFare },
];
