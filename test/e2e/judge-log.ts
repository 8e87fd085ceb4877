import type { ActorRow, EventRow } from "../../src/domain/row.ts";
import type { Actor } from "../../src/market/ports.ts";
import { actorOf, fold } from "../../src/market/fold.ts";
import { asTrip, charts } from "../../src/meaning.ts";
import { connect } from "../../src/log/connect.ts";
import { isDeepStrictEqual } from "node:util";
import { openHistory } from "../../src/log/history.ts";
import { reexecute } from "../../src/replay/reexecute.ts";

/** What a log says of itself once its server has ended cleanly. All lists are empty in a sound one. */
export interface Verdict {
  /** Breaks by law. */
  readonly invariants: Readonly<Record<string, number>>;
  /** Rows whose input, run again, gives something else than they recorded. */
  readonly differences: readonly unknown[];
  /** Actors whose stored row is not what their rows fold to. */
  readonly unlike: readonly string[];
  readonly unendedTrips: readonly string[];
  /** Passengers with more than one trip. */
  readonly doubled: readonly string[];
  readonly epoch: number;
  /** The row of each command, by `role:user:key`. */
  readonly commands: ReadonlyMap<string, EventRow>;
}

/** Folds and re-executes every row. */
export const judgeLog = async (url: string): Promise<Verdict> => {
  const client = connect(url, { max: 1 });
  const history = openHistory(client);
  try {
    const actors = new Map<string, Actor>();
    const commands = new Map<string, EventRow>();
    const differences: unknown[] = [];
    let epoch = 0;
    for (const market of await history.markets()) {
      epoch = Math.max(epoch, market.epoch);
      for await (const page of history.ofMarket(market.id))
        for (const row of page) {
          const key = `${row.market}:${row.actorKind}:${row.actorId}`;
          const before = actors.get(key);
          differences.push(...reexecute(charts, before, row).differences);
          actors.set(key, fold(before, row));
          // A stored id begins with its day: `20780:driver:ID:KEY`.
          if (row.commandId !== null) commands.set(row.commandId.slice(row.commandId.indexOf(":") + 1), row);
        }
    }
    const stored = await client.run((sql) => sql<ActorRow[]>`select * from actor`);
    const kept = new Map(stored.map((row) => [`${row.market}:${row.kind}:${row.id}`, row]));
    const trips = [...actors.values()].filter(({ kind }) => kind === "trip");
    const passengers = trips.map((trip) => asTrip(trip).context.passengerId);
    return {
      invariants: await history.invariants(),
      differences,
      unlike: [...new Set([...actors.keys(), ...kept.keys()])].filter(
        (key) => !isDeepStrictEqual(actors.get(key), kept.get(key) && actorOf(kept.get(key)!)),
      ),
      unendedTrips: trips.filter(({ state }) => !charts.trip.final(state)).map(({ id }) => id),
      doubled: passengers.filter((id, i) => passengers.indexOf(id) < i),
      epoch,
      commands,
    };
  } finally {
    await client.close();
  }
};
