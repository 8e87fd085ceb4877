import type { Row } from "../console-model.ts";

/** Empty text: any. */
export interface LogFilter {
  readonly actor: "" | Row["actor"];
  /** Occurs in it: consoles show ids by their ends. */
  readonly id: string;
  /** Occurs in the event's name, or in the operators' word for it. */
  readonly type: string;
  readonly market: string;
}

export const anyRow: LogFilter = { actor: "", id: "", type: "", market: "" };

export const fits = ({ actor, id, type, market }: LogFilter, row: Row): boolean =>
  (actor === "" || row.actor === actor) &&
  row.actor_id.includes(id.trim().replace(/^…/, "")) &&
  `${row.type} ${row.event ?? ""}`.includes(type.trim()) &&
  (market === "" || row.market === market);
