import { type EventRow, REPAIRED } from "../domain/row.ts";

/** An actor's rows from its last repair on; all of them where it had none. What was before is believed no more (M98). */
export const sinceRepair = (rows: readonly EventRow[]): readonly EventRow[] =>
  rows.slice(
    Math.max(
      0,
      rows.findLastIndex(({ type }) => type === REPAIRED),
    ),
  );
