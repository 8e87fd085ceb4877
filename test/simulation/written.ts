import type { Actor } from "../../src/market/ports.ts";
import type { EventRow } from "../../src/domain/row.ts";
import type { MemoryDatabase } from "../fixtures/memory-log/open-memory-log.ts";
import { type TripState, tripStatusOf } from "../../machines/context.ts";
import { fold } from "../../src/market/fold.ts";

/** The log as it stands at this moment, by what the checks ask of it. */
export interface Written {
  rowsOf(kind: "trip" | "driver", id: string): readonly EventRow[];
  /** The row of a command, by `role:user:key`. */
  byKey(key: string): EventRow | undefined;
  /** Every row of every market in the order of the commits. */
  all(): readonly EventRow[];
  at(market: string, position: number): EventRow | undefined;
  passengerOf(tripId: string): string | undefined;
  /** Whoever had or has this trip, or was asked to take it. */
  driversOf(tripId: string): ReadonlySet<string>;
  statusOf(row: EventRow): string;
  /** Of every actor of every market: `market:kind:id`. */
  folded(): ReadonlyMap<string, Actor>;
}

export const readWritten = (database: MemoryDatabase): Written => {
  const actors = new Map<string, EventRow[]>();
  const keys = new Map<string, EventRow>();
  const drivers = new Map<string, Set<string>>();
  const all: EventRow[] = [];
  const read = new Map<string, number>();

  /** Takes in what was committed since the last look. */
  const upToDate = (): void => {
    for (const [key, { tables }] of database.markets) {
      const { rows } = tables;
      for (let i = read.get(key) ?? 0; i < rows.length; i++) take(rows[i]!);
      read.set(key, rows.length);
    }
  };
  const take = (row: EventRow): void => {
    all.push(row);
    const key = `${row.actorKind}:${row.actorId}`;
    const before = actors.get(key);
    if (before) before.push(row);
    else actors.set(key, [row]);
    if (row.commandId !== null) keys.set(row.commandId.slice(row.commandId.indexOf(":") + 1), row);
    if (row.actorKind !== "trip") return;
    const driverId = row.body["driverId"];
    if (typeof driverId !== "string") return;
    const known = drivers.get(row.actorId) ?? new Set();
    drivers.set(row.actorId, known.add(driverId));
  };
  const none: ReadonlySet<string> = new Set();

  return {
    rowsOf(kind, id) {
      upToDate();
      return actors.get(`${kind}:${id}`) ?? [];
    },
    byKey(key) {
      upToDate();
      return keys.get(key);
    },
    all() {
      upToDate();
      return all;
    },
    at: (market, position) => database.markets.get(market)?.tables.rows[position - 1],
    passengerOf(tripId) {
      upToDate();
      return actors.get(`trip:${tripId}`)?.[0]?.body["passengerId"] as string | undefined;
    },
    driversOf(tripId) {
      upToDate();
      return drivers.get(tripId) ?? none;
    },
    statusOf: ({ toState }) => tripStatusOf[toState as TripState],
    folded() {
      const folded = new Map<string, Actor>();
      for (const { tables } of database.markets.values())
        for (const row of tables.rows) {
          const key = `${row.market}:${row.actorKind}:${row.actorId}`;
          folded.set(key, fold(folded.get(key), row));
        }
      return folded;
    },
  };
};
