import type { Actor, Chart, Meaning, Turn } from "./ports.ts";
import type { ActorKind, ActorRef, EventRow, JsonObject } from "../domain/row.ts";

// A statechart that behaves differently is another version, beside the old one. Today's words are the newest's.

/** The statechart of this name; undefined: it is not registered. */
export const chartNamed = (meaning: Meaning, kind: ActorKind, name: string): Chart | undefined => {
  const newest = meaning.charts[kind];
  if (newest.name === name) return newest;
  return meaning.older.find((chart) => chart.kind === kind && chart.name === name);
};

/** The statechart that an actor lives by. One of no known version is taken for new: it is in quarantine (M60). */
export const chartOfActor = (meaning: Meaning, { kind, machine }: Actor): Chart =>
  chartNamed(meaning, kind, machine) ?? meaning.charts[kind];

/**
 * Which version decides what comes next: an actor's own while it is live, the newest for who is born or wakes
 * (E130). `then`: what was the newest when this was decided for the first time (E133).
 */
export const decidingChart = (
  meaning: Meaning,
  { kind }: ActorRef,
  actor: Actor | undefined,
  then?: string,
): Chart => {
  const newest = (then && chartNamed(meaning, kind, then)) || meaning.charts[kind];
  if (actor === undefined || actor.machine === newest.name) return newest;
  const own = chartOfActor(meaning, actor);
  return meaning.live(actor) || own.final(actor.state) ? own : newest;
};

/** A row in today's words, for who tells people of it (E132); never for a fold or a replay. */
export const upcast = (meaning: Meaning, row: EventRow): EventRow => {
  const chart = chartNamed(meaning, row.actorKind, row.machine);
  if (chart === undefined || chart === meaning.charts[row.actorKind]) return row;
  const { type, ...body } = chart.heard({ ...row.body, type: row.type });
  return { ...row, type, body: body as JsonObject };
};

/** The same of a whole turn. */
export const upcastTurn = (meaning: Meaning, turn: Turn): Turn =>
  meaning.older.length === 0
    ? turn
    : { ...turn, steps: turn.steps.map((step) => ({ ...step, row: upcast(meaning, step.row) })) };
