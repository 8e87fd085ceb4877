import type { EventRow } from "../domain/row.ts";
import type { History } from "../log/history.ts";
import type { MarketId } from "../domain/ids.ts";
import { senderOf } from "../../machines/sender.ts";

/**
 * Why a row is there: somebody's command (`key`: null when it was sent without one), another row's word, or the
 * server's own (a deadline, an offer).
 */
export type Cause =
  | { readonly is: "command"; readonly role: string; readonly user: string; readonly key: string | null }
  | { readonly is: "row"; readonly position: number; readonly actor: string; readonly type: string }
  | { readonly is: "server" };

const PAGE = 2_000;

/** The cause of each of these rows, all there are of one actor up to the last of them. */
export const causesOf = async (
  history: History,
  market: MarketId,
  rows: readonly EventRow[],
): Promise<(row: EventRow) => Cause> => {
  const positions = [...new Set(rows.flatMap(({ causedBy }) => causedBy ?? []))];
  const causing = new Map<number, EventRow>();
  for (let i = 0; i < positions.length; i += PAGE)
    for (const row of await history.at(market, positions.slice(i, i + PAGE))) causing.set(row.position, row);
  // A birth is part of the command after it, in its turn.
  const commands = new Map(rows.flatMap((row) => (row.causedBy === null ? [[row.turn, row]] : [])));

  return (row) => {
    if (row.causedBy !== null) {
      const by = causing.get(row.causedBy);
      const actor = by ? `${by.actorKind}:${by.actorId}` : "unknown";
      return { is: "row", position: row.causedBy, actor, type: by?.type ?? "unknown" };
    }
    const command = commands.get(row.turn) ?? row;
    return command.commandId === null ? withoutKey(command, rows[0]!) : withKey(command.commandId);
  };
};

/** `20780:driver:ID:KEY`; the day is the log's own. */
const withKey = (commandId: string): Cause => {
  const [, role = "", user = "", ...key] = commandId.split(":");
  return { is: "command", role, user, key: key.join(":") };
};

/** E140: who it was, the event says; a passenger is the one whose trip it is. */
const withoutKey = (row: EventRow, birth: EventRow): Cause => {
  const role = senderOf(row);
  if (role === "system") return { is: "server" };
  const told = role === "passenger" ? birth.body["passengerId"] : row.body[`${role}Id`];
  // A driver's own rows do not repeat whose they are.
  return { is: "command", role, user: typeof told === "string" ? told : row.actorId, key: null };
};
