import type { EventRow } from "../domain/row.ts";
import type { History } from "../log/history.ts";
import type { MarketId } from "../domain/ids.ts";

/** Why a row is there: somebody's command, another row's word, or the server's own (a deadline, an offer). */
export type Cause =
  | { readonly is: "command"; readonly role: string; readonly user: string; readonly key: string }
  | { readonly is: "row"; readonly position: number; readonly actor: string; readonly type: string }
  | { readonly is: "server" };

const PAGE = 2_000;

/** The cause of each of these rows, of one actor. */
export const causesOf = async (
  history: History,
  market: MarketId,
  rows: readonly EventRow[],
): Promise<(row: EventRow) => Cause> => {
  const positions = [...new Set(rows.flatMap(({ causedBy }) => causedBy ?? []))];
  const causing = new Map<number, EventRow>();
  for (let i = 0; i < positions.length; i += PAGE)
    for (const row of await history.at(market, positions.slice(i, i + PAGE))) causing.set(row.position, row);
  // A birth has no id of its own: it is part of the command after it, in its turn.
  const commands = new Map(rows.flatMap((row) => (row.commandId ? [[row.turn, row.commandId]] : [])));

  return (row) => {
    if (row.causedBy !== null) {
      const by = causing.get(row.causedBy);
      const actor = by ? `${by.actorKind}:${by.actorId}` : "unknown";
      return { is: "row", position: row.causedBy, actor, type: by?.type ?? "unknown" };
    }
    const id = row.commandId ?? commands.get(row.turn);
    if (id === undefined) return { is: "server" };
    // `20780:driver:ID:KEY`; the day is the log's own.
    const [, role = "", user = "", ...key] = id.split(":");
    return { is: "command", role, user, key: key.join(":") };
  };
};
