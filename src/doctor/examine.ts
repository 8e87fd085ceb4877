import type { Actor, Meaning } from "../market/ports.ts";
import { type Cause, stuckBecause } from "./stuck.ts";
import { actorOf, fold } from "../market/fold.ts";
import type { ActorRef, Claim } from "../domain/row.ts";
import type { Breaks } from "../log/invariants.ts";
import type { History, MarketRow } from "../log/history.ts";
import { QUARANTINED, whyUnsound } from "../market/sound.ts";
import { brokenBonds, brokenClaims } from "./bonds.ts";
import { decidingChart } from "../market/versions.ts";
import { duration } from "../replay/value-text.ts";
import { keyOf } from "../market/turn.ts";

export interface Finding extends ActorRef {
  readonly market: string;
  /** Which gauge of a running server counts it. */
  readonly gauge:
    | "quarantined_actors"
    | "stuck_trips"
    | "stuck_drivers"
    | "broken_bonds"
    | "invariant_breaks";
  readonly cause: string;
  /** The messages that an operator may send for it now; empty: none helps. */
  readonly legal: readonly string[];
}

export interface Diagnosis {
  /** Breaks of the laws I1, I2, I3, I4 and I7 by name; all 0 in a sound log. */
  readonly breaks: Breaks;
  readonly findings: readonly Finding[];
  readonly live: { readonly trips: number; readonly drivers: number };
}

/**
 * What an operator must know of a log, from the log alone (E66): broken laws, trips and drivers that are late, alarmed,
 * in quarantine, or not what the other says. Late is measured by the market's own last sign of life, so a server that is
 * down makes nobody ill. The laws read every row: seconds on a long log.
 */
export const examine = async (history: History, meaning: Meaning): Promise<Diagnosis> => {
  const findings: Finding[] = [];
  const live = { trips: 0, drivers: 0 };
  await history.still(async (now) => {
    for (const market of await now.markets()) {
      const actors = await liveActors(now, market);
      for (const { kind } of actors.values()) live[`${kind}s`]++;
      findings.push(...complaintsOf(meaning, market, actors, await now.claims(market.id)));
    }
  });
  return { breaks: await history.invariants(), findings, live };
};

const complaintsOf = (
  meaning: Meaning,
  market: MarketRow,
  actors: ReadonlyMap<string, Actor>,
  claims: readonly Claim[],
): Finding[] => {
  const found: Finding[] = [];
  const tell = (gauge: Finding["gauge"], { kind, id }: ActorRef, cause: string): void => {
    const actor = sound.get(keyOf({ kind, id }));
    found.push({ market: market.key, kind, id, gauge, cause, legal: actor ? mayDo(meaning, actor) : [] });
  };
  const sound = new Map<string, Actor>();
  for (const [key, actor] of actors) {
    const why =
      actor.state === QUARANTINED ? (actor.context as { why?: string }).why! : whyUnsound(meaning, actor);
    if (why === null) sound.set(key, actor);
    else
      tell(
        "quarantined_actors",
        actor,
        `${actor.state === QUARANTINED ? "in quarantine" : "cannot be read"}: ${why}`,
      );
  }
  for (const actor of sound.values())
    for (const cause of stuckBecause(meaning, actor, market.aliveAt))
      tell(`stuck_${actor.kind}s`, actor, inWords[cause](meaning, actor, market));
  for (const bond of brokenBonds(meaning, sound)) tell("broken_bonds", bond, bond.cause);
  for (const claim of brokenClaims(meaning, sound, claims)) tell("invariant_breaks", claim, claim.cause);
  return found;
};

const mayDo = (meaning: Meaning, actor: Actor): readonly string[] =>
  meaning.describe(actor, decidingChart(meaning, actor, actor).legal(actor), "admin").legal;

const inWords: Readonly<Record<Cause, (meaning: Meaning, actor: Actor, market: MarketRow) => string>> = {
  overdue: (meaning, actor, { aliveAt }) => {
    const { at, event } = meaning.due(actor)!;
    return `${event.type} was due ${duration(aliveAt - at)} ago`;
  },
  driver_lost: () => "its driver is lost",
  pickup_late: () => "the pickup is late",
  ride_stuck: () => "the ride takes much longer than expected",
};

/** As of now: the checkpoint's row, and what came after it. */
const liveActors = async (now: History, market: MarketRow): Promise<ReadonlyMap<string, Actor>> => {
  const listed = await now.live(market.id);
  const stored = new Map((await now.actors(market.id, listed)).map((row) => [keyOf(row), actorOf(row)]));
  const actors = new Map<string, Actor>();
  for (const { kind, id, seq } of listed) {
    let actor = stored.get(keyOf({ kind, id }));
    if (actor?.state !== QUARANTINED && (actor?.seq ?? 0) < seq)
      for (const row of await now.ofActor({ market: market.id, kind, id }, actor?.seq))
        actor = fold(actor, row);
    if (actor) actors.set(keyOf(actor), actor);
  }
  return actors;
};
