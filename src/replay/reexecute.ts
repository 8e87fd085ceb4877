import type { Actor, Chart, Input } from "../market/ports.ts";
import type { ActorKind, EventRow, Json } from "../domain/row.ts";
import type { Ms } from "../domain/time.ts";
import { isDeepStrictEqual } from "node:util";
import { recorded } from "../market/said.ts";

/** Where what the chart says now differs from what the log recorded. */
export interface Difference {
  readonly position: number;
  readonly field: string;
  readonly logged: unknown;
  readonly replayed: unknown;
}

/** One row run again: its input fed to its chart on the state before it. */
export interface Replayed {
  /** Undefined when the chart does not take the row's input at all. */
  readonly after: Actor | undefined;
  readonly differences: readonly Difference[];
}

/**
 * Runs one row's input again and compares everything the row recorded (I5). Reads nothing but its arguments:
 * whatever was looked up is on the event, so a replay needs no clock, no network and no policy.
 */
export const reexecute = (
  charts: Readonly<Record<ActorKind, Chart>>,
  before: Actor | undefined,
  row: EventRow,
): Replayed => {
  const chart = charts[row.actorKind];
  const event = { ...row.body, type: row.type, at: row.at, position: row.position } as Input & {
    at: Ms;
    position: number;
  };
  const next = chart.next(before ?? null, row.actorId, event);
  const differ = (field: string, logged: unknown, replayed: unknown): Difference[] =>
    isDeepStrictEqual(logged, plain(replayed)) ? [] : [{ position: row.position, field, logged, replayed }];
  if (next.is !== "moved") return { after: undefined, differences: differ("outcome", "moved", next.is) };
  return {
    after: next.to,
    differences: [
      ...differ("seq", row.seq, next.to.seq),
      ...differ("machine", row.machine, chart.name),
      ...differ("from_state", row.fromState, before?.state ?? null),
      ...differ("to_state", row.toState, next.to.state),
      ...differ("changes", row.changes, next.changes),
      ...differ("effects", row.effects, next.emitted.map(recorded)),
    ],
  };
};

/** As the log would give it back. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
