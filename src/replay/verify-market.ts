import type { Actor, Meaning } from "../market/ports.ts";
import type { ActorKind, Claim } from "../domain/row.ts";
import { differ, type Difference } from "./difference.ts";
import { differKept, differLate, differListed } from "./kept.ts";
import type { History, MarketRow } from "../log/history.ts";
import type { MarketId } from "../domain/ids.ts";
import { keyOf } from "../market/turn.ts";
import { walkMarket, type Walk } from "./walk-market.ts";

/** Ended trips are compared with what is kept of them, and forgotten, so many at a time. */
const SETTLE = 1_000;
/** The first differences tell the story; a broken log would have millions. */
const TOLD = 20;

export interface Verdict {
  /** Rows run again. */
  readonly rows: number;
  /** Rows that are archived, and were not: see `npm run log -- verify`. */
  readonly archived: number;
  /** Rows that do not hold, and need not: an operator repaired their actor later. */
  readonly replaced: number;
  /** Differences found; `first` holds the first of them. */
  readonly found: number;
  readonly first: readonly Difference[];
}

/**
 * A whole market from its log alone: every turn is decided again and compared, then all that is kept
 * beside the log is (E44 to E46). Of archived trips it reads nothing (E62), and what a repaired actor's rows said before is not
 * judged (M98). Streams: memory holds the actors that may still change, and no more.
 */
export const verifyMarket = async (
  history: History,
  meaning: Meaning,
  market: MarketId,
  progress: (rows: number) => void = () => {},
): Promise<Verdict> => {
  const first: Difference[] = [];
  let found = 0;
  const tell = (differences: readonly Difference[]): void => {
    found += differences.length;
    if (first.length < TOLD) first.push(...differences.slice(0, TOLD - first.length));
  };
  const repairs = await history.repairs(market);
  const walk = walkMarket(meaning, tell, new Map(repairs.map((one) => [keyOf(one), one.position])));
  // What is kept of ended trips is fetched while the next pages run; one fetch at a time bounds the memory.
  let settling = Promise.resolve();
  const read = async (log: History): Promise<void> => {
    for await (const page of log.ofMarket(market, walk.position())) {
      walk.take(page, await log.archived(market, walk.position(), page.at(-1)!.position));
      progress(walk.position());
      if (walk.ended.size < SETTLE) continue;
      await settling;
      settling = settle(history, meaning, market, walk, tell);
      settling.catch(() => undefined); // told when it is awaited
    }
    await settling;
  };

  // Nearly everything was written long ago and never changes: only the newest needs one moment for all.
  await read(history);
  await history.still(async (now) => {
    await read(now);
    const row = (await now.markets()).find(({ id }) => id === market);
    const last = walk.end(await now.archived(market, walk.position(), row?.position ?? walk.position()));
    tell(differ(`market ${market}`, "position", row?.position, last));
    await forgetArchived(now, market, walk);
    const rest = [...walk.actors].filter(([key]) => !walk.doubted.has(key)).map(([, actor]) => actor);
    tell(await differRest(now, meaning, row!, rest));
    tell(differClaims(meaning, walk.actors.values(), await now.claims(market)));
    for (const ref of await now.strangers(market))
      tell(differ(`actor ${keyOf(ref)}`, "events", "none", "some"));
  });
  return { rows: walk.rows(), archived: walk.archived(), replaced: walk.replaced(), found, first };
};

/** Trips that were archived while their rows were walked: the rest of them was not there. */
const forgetArchived = async (now: History, market: MarketId, { actors }: Walk): Promise<void> => {
  const trips = [...actors.values()].filter(({ kind }) => kind === "trip").map(({ id }) => id);
  for (let i = 0; i < trips.length; i += SETTLE)
    for (const id of (await now.volumesOf(market, trips.slice(i, i + SETTLE))).keys())
      actors.delete(keyOf({ kind: "trip", id }));
};

/** Compares ended actors with what is kept of them, and forgets them. One whose checkpoint is yet to come stays. */
const settle = async (
  history: History,
  meaning: Meaning,
  market: MarketId,
  { actors, ended }: Walk,
  tell: (differences: readonly Difference[]) => void,
): Promise<void> => {
  const over = [...ended].map((key) => actors.get(key)!);
  ended.clear();
  const { kept, listed } = await keptOf(history, market, over);
  for (const actor of over) {
    const key = keyOf(actor);
    const row = kept.get(key);
    if (row?.seq !== actor.seq) continue;
    tell([...differKept(meaning, actor, row), ...differListed(meaning, actor, listed.get(key))]);
    actors.delete(key);
  }
};

/** Everything still in memory, against one moment of the log. */
const differRest = async (
  now: History,
  meaning: Meaning,
  market: MarketRow,
  actors: readonly Actor[],
): Promise<Difference[]> => {
  const found: Difference[] = [];
  for (let i = 0; i < actors.length; i += SETTLE) {
    const some = actors.slice(i, i + SETTLE);
    const { kept, listed } = await keptOf(now, market.id, some);
    for (const actor of some) {
      const row = kept.get(keyOf(actor));
      found.push(...differListed(meaning, actor, listed.get(keyOf(actor))));
      if (row !== undefined && row.seq >= actor.seq) found.push(...differKept(meaning, actor, row));
      else {
        const rows = await now.ofActor({ ...actor, market: market.id }, 0, (row?.seq ?? 0) + 1);
        found.push(...differLate(meaning, row, rows, market.checkpoint));
      }
    }
  }
  return found;
};

const keptOf = async (history: History, market: MarketId, actors: readonly Actor[]) => {
  const idsOf = (kind: ActorKind) => actors.filter((actor) => actor.kind === kind).map(({ id }) => id);
  const [kept, trips, drivers] = await Promise.all([
    history.actors(market, actors),
    history.listed(market, "trip", idsOf("trip")),
    history.listed(market, "driver", idsOf("driver")),
  ]);
  return {
    kept: new Map(kept.map((row) => [keyOf(row), row])),
    listed: new Map([
      ...trips.map((row) => [keyOf({ kind: "trip", id: row.id }), row] as const),
      ...drivers.map((row) => [keyOf({ kind: "driver", id: row.id }), row] as const),
    ]),
  };
};

const differClaims = (meaning: Meaning, actors: Iterable<Actor>, claims: readonly Claim[]): Difference[] => {
  const held = new Map<string, string>();
  for (const actor of actors) {
    const claim = meaning.claim(actor);
    if (claim !== null) held.set(claim.driverId, claim.tripId);
  }
  const logged = new Map(claims.map(({ driverId, tripId }) => [driverId, tripId]));
  return [...new Set([...held.keys(), ...logged.keys()])].flatMap((driverId) =>
    differ(`claim ${driverId}`, "trip_id", logged.get(driverId) ?? null, held.get(driverId) ?? null),
  );
};
