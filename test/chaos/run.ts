import { type Fault, type Struck, faults } from "./faults.ts";
import { type Findings, judge } from "./judge.ts";
import { type Random, between, seeded } from "../../bench/city/random.ts";
import { type Town, openTown } from "./town.ts";
import { type World, openWorld } from "./world.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { watchMetrics } from "../../bench/city/server/metrics-watch.ts";

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Faults whose kind contains this. */
  readonly only: string;
  readonly tell: (line: string) => void;
}

/** What `--json` writes. */
export interface Report extends Findings {
  readonly minutes: number;
  readonly seed: number;
  readonly faults: readonly FaultReport[];
  /** Faults whose kind contains this were wanted. */
  readonly only: string;
  /** Kinds that this machine cannot have, or not whole, and why. */
  readonly skipped: Readonly<Record<string, string>>;
  readonly acknowledged: number;
  readonly refused: number;
  /** Commands of which nobody ever learned whether they were done. */
  readonly unknown: number;
  readonly trips: number;
  /** The largest that was seen. */
  readonly server_rss_mb: number | null;
}
export interface FaultReport {
  readonly kind: string;
  readonly at_s: number;
  readonly detail: string;
  /** False: it broke nothing that was in use just then. */
  readonly felt: boolean;
  /** Milliseconds from the heal to the first acknowledged command. */
  readonly recovery_ms: number | null;
}

const SIZE = { drivers: 40, passengers: 40 };
const RECOVERY_MS = 60_000;
const NEVER = "never over";
const QUIET_MS = 10_000;

/** Breaks one thing after the other for so long, lets all come to rest, and judges. */
export const runChaos = async ({ minutes, seed, only, tell }: ChaosOptions): Promise<Report> => {
  const world = await openWorld();
  const interrupted = () => void world.remove().finally(() => process.exit(130));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    await world.start();
    const town = await openTown(world.server, seed, SIZE);
    const metrics = watchMetrics(world.server.url);
    const wanted = faults.filter(({ kind }) => kind.includes(only));
    const skipped: Record<string, string> = {};
    for (const { kind, impossible, lesser } of wanted) {
      const why = impossible?.(world) ?? lesser?.();
      if (why) tell(`SKIPPED: ${kind}: ${(skipped[kind] = why)}`);
    }
    const possible = wanted.filter(({ impossible }) => !impossible?.(world));
    if (possible.length === 0) throw new Error("this machine can have none of these faults");

    const trouble: string[] = [];
    const done: FaultReport[] = [];
    const begunMs = performance.now();
    const random = seeded(seed, "faults");
    for (const fault of endless(possible, random)) {
      await sleep(between(random, 300, 2_500));
      const atMs = performance.now() - begunMs;
      if (atMs > minutes * 60_000) break;
      const report = await suffer(fault, world, town, random, trouble);
      done.push({ kind: fault.kind, at_s: Math.round(atMs / 1_000), ...report });
      tell(faultLine(done.at(-1)!, town));
    }

    tell("no more faults: waiting for every trip to end");
    const atRest = await Promise.race([town.rest().then(() => true), sleep(RECOVERY_MS, false)]);
    await sleep(QUIET_MS);
    const beliefs = town.fleet.beliefs();
    const burden = await metrics.stop();
    town.fleet.close();
    if (!atRest) trouble.push("passengers still wait for the end of their trips");
    const code = await world.stop();
    if (code !== 0) trouble.push(`the server ended with ${code} on SIGTERM`);
    tell("reading the log, and deciding all of it again");
    const findings = await judge(world.postgres.url, town.tally, beliefs);
    return {
      minutes,
      seed,
      only,
      faults: done,
      skipped,
      acknowledged: town.tally.history.acknowledged.size,
      refused: town.tally.history.refused.size,
      unknown: town.tally.history.unknown.size,
      trips: town.tally.history.shown.size,
      server_rss_mb: burden.rss_mb === null ? null : Math.round(burden.rss_mb),
      ...findings,
      broken: [...findings.broken, ...world.crashes, ...world.alarms, ...trouble],
    };
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await world.remove();
  }
};

/** One fault, until the first command is acknowledged after it. */
const suffer = async (
  fault: Fault,
  world: World,
  town: Town,
  random: Random,
  trouble: string[],
): Promise<Omit<FaultReport, "kind" | "at_s">> => {
  const { detail, felt, settled }: Struck = await fault.strike(world, random);
  const healedMs = performance.now();
  const ackedMs = await Promise.race([town.nextAck(), sleep(RECOVERY_MS, null)]);
  if (ackedMs === null) trouble.push(`nothing was acknowledged within a minute after: ${fault.kind}`);
  const outcome = await Promise.race([settled, sleep(RECOVERY_MS, NEVER)]);
  if (outcome === NEVER)
    trouble.push(`a minute later this was not over: ${fault.kind}; ${world.lastWords()}`);
  return {
    detail: outcome ? `${detail}, ${outcome}` : detail,
    felt,
    recovery_ms: ackedMs === null ? null : Math.round(ackedMs - healedMs),
  };
};

/** Every kind once in an order of chance, then again in another. */
function* endless(kinds: readonly Fault[], random: Random): Generator<Fault> {
  for (;;)
    yield* kinds
      .map((fault) => ({ fault, rank: random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ fault }) => fault);
}

const faultLine = ({ at_s, kind, detail, felt, recovery_ms }: FaultReport, { tally }: Town): string =>
  `${String(at_s).padStart(5)} s  ${kind.padEnd(31)} ${(felt ? detail : `NOT FELT: ${detail}`).padEnd(48)} back after ${String(recovery_ms ?? "never").padStart(5)} ms   ${tally.history.acknowledged.size.toLocaleString("en")} acknowledged`;
