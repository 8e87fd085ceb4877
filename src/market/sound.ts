import type { Actor, Meaning } from "./ports.ts";
import type { ActorKind, ActorRef, ActorRow, EventRow, JsonObject } from "../domain/row.ts";
import { REPAIRED } from "../domain/row.ts";
import type { MarketLog } from "../log/log.ts";
import { actorOf, fold } from "./fold.ts";
import { chartNamed } from "./versions.ts";

/** The state in the stored row of an actor in quarantine: no chart knows it, so it stays there over a restart. */
export const QUARANTINED = "quarantined";

/** Why the market could not live with this actor; null when all that the runtime derives from it can be derived. */
export const whyUnsound = (meaning: Meaning, actor: Actor): string | null => {
  const why = whyUnknown(meaning, actor.kind, actor.machine, actor.state);
  if (why !== null) return why;
  try {
    const due = meaning.due(actor);
    if (due !== null && !Number.isFinite(due.at)) return "its deadline is no time";
    meaning.claim(actor);
    const row: { readonly [column: string]: unknown } = { ...meaning.listRow(actor) };
    for (const column in row)
      if (row[column] === undefined || Number.isNaN(row[column]))
        return `its context says nothing for ${column}`;
    return null;
  } catch (error) {
    return `its context cannot be read: ${String(error)}`;
  }
};

/** The same of a stored row, before it is trusted. */
export const whyBadRow = (meaning: Meaning, { kind, value, machine, context }: ActorRow): string | null => {
  if (value === QUARANTINED) {
    const why = (context as JsonObject | null)?.["why"];
    return typeof why === "string" ? why : "it was in quarantine";
  }
  return whyUnknown(meaning, kind, machine, value);
};

/** Why this row does not follow; null when it does. */
export const whyMisfit = (meaning: Meaning, before: Actor | undefined, row: EventRow): string | null => {
  const why = whyUnknown(meaning, row.actorKind, row.machine, row.toState);
  if (why !== null) return `row ${row.seq}: ${why}`;
  if (row.type === REPAIRED || row.seq === (before?.seq ?? 0) + 1) return null;
  return `row ${row.seq} comes after row ${before?.seq ?? 0}`;
};

const whyUnknown = (meaning: Meaning, kind: ActorKind, machine: string, state: string): string | null => {
  const chart = chartNamed(meaning, kind, machine);
  if (chart === undefined) return `no statechart is called ${machine}`;
  return chart.knows(state) ? null : `${machine} does not know the state ${state}`;
};

/** An actor as its own rows tell it, from the first. */
export interface ReadBack {
  /** As of the last row that can be read; undefined: none. */
  readonly good: Actor | undefined;
  /** Of its newest row, readable or not. */
  readonly seq: number;
  /** Why `good` is not the whole of it; null when it is. */
  readonly why: string | null;
}

/** An actor as the checkpoint and its later rows say; where those do not hold, as all its rows do. */
export const readStored = async (log: MarketLog, meaning: Meaning, of: ActorRef): Promise<ReadBack> => {
  const { stored, since } = await log.actor(of.kind, of.id);
  let good = stored === null ? undefined : actorOf(stored);
  let why = stored === null ? null : whyBadRow(meaning, stored);
  for (const row of since) {
    why = (row.type === REPAIRED ? null : why) ?? whyMisfit(meaning, good, row);
    if (why !== null) break;
    good = fold(good, row);
  }
  if (good === undefined && since.length === 0) return { good, seq: 0, why: null };
  why ??= whyUnsound(meaning, good!);
  if (why === null) return { good, seq: good!.seq, why };
  const found = await readBack(log, meaning, of);
  return stored?.value === QUARANTINED ? { ...found, why: found.why ?? why } : found;
};

/** Reads every row of an actor. A repair is a new beginning, whatever was before it. */
export const readBack = async (
  log: MarketLog,
  meaning: Meaning,
  { kind, id }: ActorRef,
): Promise<ReadBack> => {
  const { since } = await log.actor(kind, id, "birth");
  const last = [...judged(meaning, since)].at(-1);
  if (last === undefined) return { good: undefined, why: "it has no rows", seq: 0 };
  return { good: last.good, why: last.why, seq: last.row.seq };
};

/** A row of an actor, judged by those before it. */
export interface Judged {
  readonly row: EventRow;
  /** Why it cannot be read, itself or one before it; null when it can. */
  readonly why: string | null;
  /** The actor as of the last row that can be read. */
  readonly good: Actor | undefined;
}

export function* judged(meaning: Meaning, rows: readonly EventRow[]): Generator<Judged> {
  let good: Actor | undefined;
  let why: string | null = null;
  for (const row of rows) {
    if (row.type === REPAIRED) why = null;
    why ??= whyMisfit(meaning, good, row);
    const after: Actor | undefined = why === null ? fold(good, row) : undefined;
    if (after !== undefined) why = whyUnsound(meaning, after);
    if (why === null) good = after;
    yield { row, why, good };
  }
}
