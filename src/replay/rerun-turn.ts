import type { Actor, Command, Input, Meaning } from "../market/ports.ts";
import { decide, keyOf, type Decided, type Decision } from "../market/turn.ts";
import { differ, differIn, type Difference } from "./difference.ts";
import type { EventRow } from "../domain/row.ts";
import { fold } from "../market/fold.ts";
import { upcast } from "../market/versions.ts";

/** Everything a row says but its market. */
const fields: readonly (keyof EventRow)[] = [
  "position",
  "turn",
  "seq",
  "actorKind",
  "actorId",
  "type",
  "fromState",
  "toState",
  "body",
  "changes",
  "effects",
  "at",
  "causedBy",
  "machine",
  "epoch",
  "commandId",
  "commandHash",
];

/**
 * Decides a turn again from its first input, as the market did: every row must come out as it is in the log,
 * those that asks and tells caused included, and none may be missing (E44). Gives the actors as the log has them.
 */
export const rerunTurn = (
  meaning: Meaning,
  view: (key: string) => Actor | undefined,
  rows: readonly EventRow[],
): { readonly after: readonly Actor[]; readonly differences: readonly Difference[] } => {
  const { command, moment } = inputOf(meaning, rows);
  const steps = outcomeOf(() => decide(meaning, view, command, moment));
  if (typeof steps === "string") {
    const differences = differ(`event ${rows[0]!.position}`, "outcome", "moved", steps);
    return { after: foldAll(view, rows), differences };
  }
  const differences: Difference[] = [];
  for (let i = 0; i < Math.max(rows.length, steps.length); i++) {
    const row = rows[i];
    const step = steps[i];
    const name = `event ${(row ?? step!.row).position}`;
    differences.push(...differIn(name, fields, row, step?.row));
    const logged = row?.seq === 1 ? fold(undefined, row).context : null;
    // What a birth's body says and its chart does not hear would be folded all the same.
    if (differences.length === 0 && logged !== null)
      differences.push(...differ(name, "body", logged, step!.after.context));
  }
  // As recorded where that differs: what comes later is judged by what the log says.
  const after = differences.length === 0 ? steps.map((step) => step.after) : foldAll(view, rows);
  return { after, differences };
};

/** The steps, or why there are none. A row that was tampered with may be more than a chart can bear. */
const outcomeOf = (run: () => Decision): readonly Decided[] | string => {
  try {
    const decision = run();
    if (decision.is === "turn") return decision.steps;
    if (decision.is === "failed") return `failed: ${decision.why}`;
    return decision.is === "refused" ? `refused: ${decision.refusal.message}` : "ignored";
  } catch (error) {
    return `failed: ${String(error)}`;
  }
};

/** A birth comes before its command, in the same turn and to the same actor. */
const inputOf = (meaning: Meaning, rows: readonly EventRow[]) => {
  const [first, second] = rows as [EventRow, EventRow | undefined];
  const born =
    second !== undefined &&
    second.causedBy === null &&
    first.type === "create" &&
    first.actorKind === second.actorKind &&
    first.actorId === second.actorId;
  const own = born ? second : first;
  const command: Command = {
    to: { kind: own.actorKind, id: own.actorId },
    event: eventOf(meaning, own),
    ...(born && { birth: eventOf(meaning, first) }),
    by: "system",
    key: null,
    hash: own.commandHash ?? 0,
  };
  const { market, epoch, at, position } = first;
  const { commandId } = own;
  const machines = new Map(
    rows.map(({ actorKind, actorId, machine }) => [keyOf({ kind: actorKind, id: actorId }), machine]),
  );
  return { command, moment: { market, epoch, at, position: position - 1, commandId, machines } };
};

/** As who commands it would say it today. */
const eventOf = (meaning: Meaning, row: EventRow): Input => {
  const { type, body } = upcast(meaning, row);
  return { ...body, type };
};

const foldAll = (view: (key: string) => Actor | undefined, rows: readonly EventRow[]): Actor[] => {
  const after = new Map<string, Actor>();
  return rows.map((row) => {
    const key = keyOf({ kind: row.actorKind, id: row.actorId });
    const actor = fold(after.get(key) ?? view(key), row);
    after.set(key, actor);
    return actor;
  });
};
