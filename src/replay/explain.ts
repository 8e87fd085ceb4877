import type { Cause } from "./cause.ts";
import type { Difference } from "./difference.ts";
import type { Life, Step } from "./replay.ts";
import { duration, valueText } from "./value-text.ts";
import type { JsonObject } from "../domain/row.ts";

const INDENT = " ".repeat(8);

/** A life for people: one line a step (position, time, event, from where to where, by whom), and below it what changed. */
export const explain = ({ market, steps }: Life): string => {
  const { kind, id } = steps[0]!.after;
  const start = steps[0]!.row.at;
  const heads = steps.map((step) => headOf(step, start));
  const widths = heads[0]!.map((_, column) => Math.max(...heads.map((head) => head[column]!.length)));
  const count = `${steps.length} row${steps.length === 1 ? "" : "s"}`;
  return [
    `${kind} ${id}   market ${market.key} (${market.id})   ${count} from ${timeText(start)}`,
    "",
    ...steps.flatMap((step, i) => [aligned(heads[i]!, widths), ...detailsOf(step)]),
  ].join("\n");
};

/** Everything the actor is after its last step. */
export const explainState = ({ steps }: Life): string => {
  const { row, after } = steps.at(-1)!;
  return [
    `as of #${row.position}: ${after.state}, seq ${after.seq}`,
    ...fieldLines(after.context, row.at),
  ].join("\n");
};

/** One line: what differs, where. */
export const explainDifference = ({ row, field, logged, replayed }: Difference): string =>
  `DIFFERS  ${row}  ${field}: the log says ${valueText(logged, 0)}, running it again ${valueText(replayed, 0)}`;

const headOf = ({ row, cause }: Step, start: number): string[] => [
  `#${row.position}`,
  new Date(row.at).toISOString().slice(11, 23),
  `+${duration(row.at - start)}`,
  row.type,
  row.fromState === row.toState ? row.toState : `${row.fromState ?? "(new)"} -> ${row.toState}`,
  `by ${causeText(cause)}`,
];

/** The relative time is a number: it ends where the others end. */
const aligned = (head: readonly string[], widths: readonly number[]): string =>
  head
    .map((text, i) => (i === 2 ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
    .join("  ")
    .trimEnd();

const causeText = (cause: Cause): string => {
  switch (cause.is) {
    case "command":
      return `${cause.role} ${cause.user}${cause.key === null ? "" : `, key ${cause.key}`}`;
    case "row":
      return `#${cause.position} ${cause.actor} ${cause.type}`;
    case "server":
      return "the server";
    default:
      return cause satisfies never;
  }
};

const detailsOf = ({ row, changed }: Step): string[] => {
  const width = Math.max(0, ...changed.map(({ field }) => field.length));
  const value = (from: unknown): string => (from === undefined ? "none" : valueText(from, row.at));
  return [
    ...(row.fromState === null ? [] : heard(row.body, row.at)),
    ...changed.map(({ field, before, after }) =>
      row.fromState === null
        ? `${INDENT}${field.padEnd(width)}  ${value(after)}`
        : `${INDENT}${field.padEnd(width)}  ${value(before)} -> ${value(after)}`,
    ),
    ...row.effects.map((effect) =>
      typeof effect === "string" ? `${INDENT}${effect}` : `${INDENT}do ${valueText(effect, row.at)}`,
    ),
  ];
};

const heard = (body: JsonObject, at: number): string[] =>
  Object.keys(body).length === 0 ? [] : [`${INDENT}heard ${valueText(body, at)}`];

const fieldLines = (context: JsonObject, at: number): string[] => {
  const width = Math.max(...Object.keys(context).map((field) => field.length));
  return Object.entries(context).map(
    ([field, value]) => `${INDENT}${field.padEnd(width)}  ${valueText(value, at)}`,
  );
};

const timeText = (at: number): string => new Date(at).toISOString().replace("T", " ").replace("Z", " UTC");
