import type { Archivist, Ended } from "../log/archivist.ts";
import { type Difference, differ } from "../replay/difference.ts";
import { differKept, differListed } from "../replay/kept.ts";
import type { EventRow } from "../domain/row.ts";
import type { MarketRow } from "../log/history.ts";
import type { Meaning } from "../market/ports.ts";
import type { Ms } from "../domain/time.ts";
import { checkTrip } from "./check-trip.ts";

/** Trips read at a time. */
const PAGE = 200;

/** The old trips that hold, each with all its rows. Others are told, and left. */
export async function* oldTrips(
  archivist: Archivist,
  meaning: Meaning,
  market: MarketRow,
  before: Ms,
  tell: (differences: readonly Difference[]) => void,
): AsyncGenerator<readonly EventRow[]> {
  let last: Ended | null = null;
  for (;;) {
    const page: readonly Ended[] = await archivist.ended(market.id, before, last, PAGE);
    if (page.length === 0) return;
    last = page.at(-1)!;
    const refs = page.map(({ id }) => ({ kind: "trip" as const, id }));
    const ids = page.map(({ id }) => id);
    const actors = byId(await archivist.history.actors(market.id, refs));
    const listed = byId(await archivist.history.listed(market.id, "trip", ids));
    const events = new Map<string, EventRow[]>(ids.map((id) => [id, []]));
    for (const row of await archivist.rowsOf(market.id, ids)) events.get(row.actorId)!.push(row);
    for (const id of ids) {
      const rows = events.get(id)!;
      const end = rows.at(-1);
      // Recovery reads what comes after the checkpoint; it waits for another time.
      if (end && (end.at >= before || end.position > market.checkpoint)) continue;
      const actor = actors.get(id);
      if (end === undefined || actor === undefined) {
        tell(differ(`trip ${id}`, end ? "actor row" : "events", "none", "some"));
        continue;
      }
      const { trip, differences } = checkTrip(meaning, rows);
      const kept = (): Difference[] => [
        ...differKept(meaning, trip, actor),
        ...differListed(meaning, trip, listed.get(id)),
      ];
      // What follows from rows that do not hold would not hold either.
      const found = differences.length > 0 ? differences : kept();
      if (found.length > 0) tell(found);
      else yield rows;
    }
  }
}

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));
