import type { Actor, Chart, Meaning, Outcome } from "../../src/market/ports.ts";
import type { Entry, createFifo } from "../../src/market/fifo.ts";
import type { DriverContext } from "../../machines/context.ts";
import type { MarketLog } from "../../src/log/log.ts";
import type { Tamper } from "./servers.ts";
import { IDLE } from "../../src/location/port.ts";
import type { createAppending } from "../../src/market/appending.ts";
import type { createDirectory } from "../../src/session/directory.ts";
import type { createKeys } from "../../src/market/keys.ts";
import type { createQuarantine } from "../../src/market/quarantine.ts";
import type { createSearch } from "../../src/location/nearest.ts";
import type { createSubscribe } from "../../src/publish/resume-trip.ts";
import { driverId } from "../../src/domain/ids.ts";
import type { gather } from "../../src/market/batch.ts";
import type { projectDriver } from "../../src/effects/project-driver.ts";
import type { quote } from "../../src/pricing/quote.ts";
import type { recover } from "../../src/market/recover.ts";

// Parts of the server with their guard taken out, and nothing else changed.

/** The log of each market, otherwise. */
const logs =
  (change: (log: MarketLog) => Partial<MarketLog>): Tamper =>
  (world) => ({
    ...world,
    log: {
      ...world.log,
      take: async (markets) =>
        (await world.log.take(markets)).map((log): MarketLog => Object.assign({}, log, change(log))),
    },
  });

/** Acknowledges what passengers cancel, and never writes it. */
export const neverWritesCancels = logs(({ append }) => ({
  append: (batch) =>
    batch.rows.some(({ type }) => type === "passenger.cancel")
      ? Promise.resolve({ is: "committed" })
      : append(batch),
}));

export const checkpointsAhead = logs(({ checkpoint }) => ({
  checkpoint: ({ position, ...rest }) => checkpoint({ position: position + 1, ...rest }),
}));

/** A statechart that otherwise takes an event. */
const charts = (
  { charts: real }: Meaning,
  kind: "trip" | "driver",
  change: (chart: Chart) => Partial<Chart>,
): Pick<Meaning, "charts"> => ({ charts: { ...real, [kind]: { ...real[kind], ...change(real[kind]) } } });

/** Tells those entries before they are in the log. */
export const toldEarly =
  (which: (entry: Entry) => boolean) =>
  (real: typeof createFifo): typeof createFifo =>
  (ports) => {
    const fifo = real(ports);
    return {
      ...fifo,
      settle(committed) {
        for (const entry of fifo.open()) if (!entry.answered && which(entry)) tell(entry);
        fifo.settle(committed);
      },
    };
  };
/** A request of HTTP: a socket's ids do not begin with a name, but the keys of those who hold a phone here do. */
export const isByHttp = ({ asked }: Entry): boolean =>
  asked.is === "command" && /^passenger:(\w+):\1-/.test(asked.command.key ?? "");

const tell = (entry: Entry): void => {
  entry.answered = true;
  const { asked, outcome, seen } = entry;
  if (asked.is === "read") asked.done(seen ? { is: "actor", actor: seen } : { is: "gone" });
  else asked.done(withTurn(entry, outcome));
};
const withTurn = ({ steps, effects }: Entry, outcome: Outcome): Outcome =>
  outcome.is === "done" && steps.length > 0
    ? { ...outcome, turn: { market: steps[0]!.row.market, steps, effects } }
    : outcome;

export const actedEarly =
  (real: typeof createFifo): typeof createFifo =>
  (ports) => {
    const acted = new WeakSet<object>();
    const fifo = real({
      ...ports,
      committed: (turn) => acted.has(turn.steps) || ports.committed(turn),
    });
    return {
      ...fifo,
      settle(committed) {
        for (const { steps, effects } of fifo.open()) {
          if (steps.length === 0 || acted.has(steps)) continue;
          acted.add(steps);
          ports.committed({ market: steps[0]!.row.market, steps, effects });
        }
        fifo.settle(committed);
      },
    };
  };

/** As if whoever has a trip were free. */
export const takesASecondTrip = (real: Meaning): Partial<Meaning> =>
  charts(real, "driver", (chart) => ({
    next(from, id, event) {
      const isBusy = from !== null && from.state !== "idle" && from.state !== "offline";
      return isBusy && event.type === "assign"
        ? chart.next({ ...from, state: "idle", context: { ...from.context, offer: null } }, id, event)
        : chart.next(from, id, event);
    },
  }));

/** Whatever comes late ends what had ended. */
export const endsTwice = (real: Meaning): Partial<Meaning> =>
  charts(real, "trip", (chart) => ({
    next: (from, id, event) =>
      from !== null && real.charts.trip.final(from.state)
        ? chart.next({ ...from, state: "requested.searching" }, id, { ...event, ...endsIt })
        : chart.next(from, id, event),
  }));
const endsIt = { type: "admin.cancel", reason: null };

export const hasNoFinal = (real: Meaning): Partial<Meaning> =>
  charts(real, "trip", () => ({ final: () => false }));

/** Deadlines of what happened in this process only: who was recovered has none. */
export const remembersItself = (real: Meaning): Partial<Meaning> => {
  const made = new WeakSet<Actor>();
  const noticing = (chart: Chart): Partial<Chart> => ({
    next(from, id, event) {
      const next = chart.next(from, id, event);
      if (next.is === "moved") made.add(next.to);
      return next;
    },
  });
  const { driver } = charts(real, "driver", noticing).charts;
  const { trip } = charts(real, "trip", noticing).charts;
  return { charts: { driver, trip }, due: (actor) => (made.has(actor) ? real.due(actor) : null) };
};

export const changesFare = (real: Meaning): Partial<Meaning> =>
  charts(real, "trip", (chart) => ({
    next(from, id, event) {
      const next = chart.next(from, id, event);
      if (next.is !== "moved" || event.type !== "offer.accepted") return next;
      const fare = { amount: 1_000, currency: "USD" };
      const to = { ...next.to, context: { ...next.to.context, fare } };
      return { ...next, to, changes: { ...next.changes, fare } };
    },
  }));

export const searchesForEver = ({ due }: Meaning): Partial<Meaning> => ({
  due(actor) {
    const found = due(actor);
    return found?.event.type === "search.due" ? null : found;
  },
});

export const keepsExpiredSilent = (real: Meaning): Partial<Meaning> =>
  charts(real, "trip", ({ says }) => ({
    says: (said) =>
      said.type === "tell" && said.event.type === "expired" ? { ...said, to: [] } : says(said),
  }));

export const forgetsKeys =
  (real: typeof createKeys): typeof createKeys =>
  (ports) => ({ ...real(ports), get: () => undefined });

/** Whatever the last server remembered is new until the refill is through. */
export const recallsNothing =
  (real: typeof createKeys): typeof createKeys =>
  (ports) => ({ ...real(ports), recall: () => undefined });

/** One content is as good as another. */
export const seesNoContent = () => (): number => 1;

export const undoesOldestFirst =
  (real: typeof createAppending): typeof createAppending =>
  (ports) =>
    real({
      ...ports,
      refused: (open, culprit, why) =>
        ports.refused(Object.assign([...open], { toReversed: () => [...open] }), culprit, why),
    });

export const resumesLate =
  (real: typeof createSubscribe): typeof createSubscribe =>
  (ports) => {
    const subscribe = real(ports);
    return (peer, who, id, sinceSeq, done) =>
      subscribe(peer, who, id, sinceSeq === null ? null : sinceSeq + 1, done);
  };

export const projectsIdle =
  (real: typeof projectDriver): typeof projectDriver =>
  (place, driver, seat) => {
    real(place, driver, seat);
    if (driver.state !== "offline") place.locations.setStatus(driverId(driver.id), IDLE);
  };

/** Nobody knows where a driver works already. */
export const forgetsWhereTheyWork =
  (real: typeof createDirectory): typeof createDirectory =>
  (...given) => ({ ...real(...given), placeOfDriver: () => undefined });

/** As if whoever was asked to take a trip had it. */
export const seatsWhoIsAsked =
  (real: typeof projectDriver): typeof projectDriver =>
  (place, driver, seat) =>
    real(place, driver, (id, at, slot, tripId) => {
      const { offer } = driver.context as unknown as DriverContext;
      seat(id, at, slot, tripId ?? offer?.tripId ?? null);
    });

/** Whoever is in quarantine goes on as they were last good. */
export const shutsNobodyOut =
  (real: typeof createQuarantine): typeof createQuarantine =>
  (ports) => ({ ...real(ports), has: () => false });

/** Every row is taken as it stands, whatever it says. */
export const believesRows =
  (real: typeof recover): typeof recover =>
  (log, meaning) =>
    real(log, {
      ...meaning,
      charts: {
        trip: { ...meaning.charts.trip, knows: () => true },
        driver: { ...meaning.charts.driver, knows: () => true },
      },
      due: () => null,
      claim: () => null,
      listRow: () => ({}) as never,
    });

export const quotesNegative =
  (real: typeof quote): typeof quote =>
  (...asked) => {
    const { fare, ...rest } = real(...asked);
    return { ...rest, fare: { ...fare, amount: -fare.amount } };
  };

/** Batches without the cut that keeps a release and a claim apart. */
export const gathersAll =
  (real: typeof gather): typeof gather =>
  (turns, from, meaning) => {
    const all = [...turns];
    let { batch, turns: taken } = real(all, from, meaning);
    while (taken > 0 && taken < all.length) {
      const more = real(all.slice(taken), batch.to, meaning);
      const lists = batch.lists.filter(({ id }) => !more.batch.lists.some((row) => row.id === id));
      batch = {
        from,
        to: more.batch.to,
        rows: [...batch.rows, ...more.batch.rows],
        released: [...batch.released, ...more.batch.released],
        moved: [...batch.moved, ...more.batch.moved],
        claimed: [...batch.claimed, ...more.batch.claimed],
        lists: [...lists, ...more.batch.lists],
      };
      taken += more.turns;
    }
    return { batch, turns: taken };
  };

/** Looks ring by ring of cells and stops behind the first that fills the list, as if a ring were a circle. */
export const countsRings =
  (real: typeof createSearch): typeof createSearch =>
  (cells, drivers, types) => {
    const search = real(cells, drivers, types);
    return (lat, lng, limit, ...rest) => {
      const nearest = search(lat, lng, drivers.listed, ...rest);
      const ringOf = new Map([[cells.at(lat, lng), 0]]);
      const homes = new Set(nearest.found.map((near) => cells.at(near.lat, near.lng)));
      for (const [cell, ring] of ringOf) {
        homes.delete(cell);
        if (homes.size === 0) break;
        const around = cells.around(cell);
        for (const next of cells.neighbours.slice(around, around + 6))
          if (next !== -1 && !ringOf.has(next)) ringOf.set(next, ring + 1);
      }
      const rings = nearest.found.map((near) => ringOf.get(cells.at(near.lat, near.lng))!);
      const last = rings.toSorted((a, b) => a - b)[limit - 1] ?? Infinity;
      return { ...nearest, found: nearest.found.filter((_, i) => rings[i]! <= last).slice(0, limit) };
    };
  };
