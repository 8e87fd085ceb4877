import type { Actor, MarketPorts, Meaning } from "./ports.ts";
import type { Release, Repair } from "./repair.ts";
import { type Judged, QUARANTINED, type ReadBack, judged, readBack } from "./sound.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import type { ActorRef } from "../domain/row.ts";
import { REPAIRED } from "../domain/row.ts";
import type { KeptActor, MarketLog } from "../log/log.ts";
import type { Ms } from "../domain/time.ts";
import { keyOf } from "./turn.ts";

/** An actor that could not be read, folded or run. */
export interface Quarantined extends ActorRef, ReadBack {
  /** Market time. */
  readonly since: Ms;
  readonly why: string;
}

/** What the log has of one: rows that cannot be read, with the reason, and what is kept beside them. */
export interface Look extends Pick<KeptActor, "listed" | "claim"> {
  readonly unread: readonly Judged[];
}

/** What an operator can do: a repair gives the event that ends it, to be submitted, or why there is none. */
export interface Repairs {
  list(): readonly Quarantined[];
  /** Undefined: it is not in quarantine. */
  find(of: ActorRef): Quarantined | undefined;
  /** Rejects while the log does not answer. */
  look(of: ActorRef): Promise<Look>;
  /** As its rows say, now that they were mended. Rejects while the log does not answer. */
  retry(of: ActorRef, adminId: string, reason: string): Promise<Repair | Refusal>;
  /**
   * Ended: a trip cancelled, a driver offline after the trip they are on; where nothing of it can be read, from what
   * the lists know (M97). Rejects like `retry`.
   */
  release(of: ActorRef, adminId: string, reason: string): Promise<Repair | Refusal>;
}

interface Ports extends Pick<MarketPorts, "meaning" | "alarm"> {
  readonly log: MarketLog;
  readonly actors: Map<string, Actor>;
  readonly now: () => Ms;
  /** Position up to which everything is committed. */
  readonly committed: () => number;
  /** To be stored with the next checkpoint. */
  readonly changed: (actor: Actor) => void;
  /** The server's own word. */
  readonly say: (to: ActorRef, event: ReturnType<Meaning["afterGap"]>[number]) => void;
}

/**
 * Actors the market cannot live with. One stays in memory as it was last good, for all who only read; it takes no
 * command, no ask and no deadline, and what is told to it is not heard (M60, M61).
 */
export interface Quarantine extends Repairs {
  /** Whatever a repair or an undo made of it is no longer what was put here. */
  has(key: string): boolean;
  /** `position`: of the newest row that its state may rest on. */
  hold(of: ActorRef, found: ReadBack, position: number): void;
  /** What is stored of an actor that is here, so that it is over a restart too; undefined: it is not here. */
  mark(of: ActorRef): Actor | undefined;
  /** What rests on durable rows is stored, and who waits for it is set free. */
  settle(): void;
  /** Its repair is durable: it is given back the time it was here. */
  left(actor: Actor): void;
}

const ROWS_A_LOOK = 100;

interface Held extends Quarantined {
  readonly position: number;
  settled: boolean;
}

export const createQuarantine = (ports: Ports): Quarantine => {
  const { log, meaning, actors } = ports;
  const held = new Map<string, Held>();

  const has = (key: string): boolean => {
    const one = held.get(key);
    return one !== undefined && actors.get(key) === one.good;
  };
  const mark = (of: ActorRef): Actor | undefined => {
    const key = keyOf(of);
    if (!has(key)) return undefined;
    const { kind, id, seq, since, why, good } = held.get(key)!;
    const context = { since, why, seq: good?.seq ?? null, state: good?.state ?? null };
    const machine = good?.machine ?? meaning.charts[kind].name;
    return { kind, id, seq: Math.max(1, seq), machine, state: QUARANTINED, context };
  };
  /** `find`: what it is to be, judged on what the log has of it. */
  const repairOf = async (
    of: ActorRef,
    adminId: string,
    reason: string,
    find: (found: ReadBack, good: Actor | undefined, kept: KeptActor) => Made | Refusal,
  ): Promise<Repair | Refusal> => {
    const found = await readBack(log, meaning, of);
    const kept = await log.kept(of.kind, of.id);
    const key = keyOf(of);
    if (!has(key)) return refusal("not_found", "nothing of that name is in quarantine");
    const { good } = held.get(key)!;
    if (found.seq < (good?.seq ?? 0)) return refusal("busy", "its newest rows are still being written");
    const made = find(found, good, kept);
    if ("code" in made) return made;
    const { from, unknown, release } = made;
    // Rows may be gone: nothing that is kept is newer than the repair.
    const seq = Math.max(found.seq, kept.stored?.seq ?? 0, kept.listed?.seq ?? 0);
    return {
      type: REPAIRED,
      adminId,
      reason,
      seq,
      from: unknown.length === 0 ? from.state : QUARANTINED,
      machine: from.machine,
      held: kept.claim,
      unknown,
      ...release,
    };
  };

  return {
    has,
    mark,
    list: () => [...held].flatMap(([key, one]) => (has(key) ? [one] : [])),
    find(of) {
      const key = keyOf(of);
      return has(key) ? held.get(key) : undefined;
    },
    async look({ kind, id }) {
      const { since } = await log.actor(kind, id, "birth");
      const unread = [...judged(meaning, since)].filter(({ why }) => why !== null).slice(0, ROWS_A_LOOK);
      const { listed, claim } = await log.kept(kind, id);
      return { unread, listed, claim };
    },
    hold({ kind, id }, { good, seq, why }, position) {
      const key = keyOf({ kind, id });
      if (good === undefined) actors.delete(key);
      else actors.set(key, good);
      const reason = why ?? "its statechart failed";
      held.set(key, { kind, id, good, seq, why: reason, since: ports.now(), position, settled: false });
      ports.alarm("an actor is in quarantine", { actor: key, why: reason, state: good?.state ?? null, seq });
    },
    settle() {
      for (const [key, one] of held) {
        if (one.settled || one.position > ports.committed() || !has(key)) continue;
        one.settled = true;
        ports.changed(mark(one)!);
        for (const { to, event } of meaning.orphaned(one, actors.values())) ports.say(to, event);
      }
    },
    left(actor) {
      const key = keyOf(actor);
      const one = held.get(key);
      if (one === undefined || has(key)) return;
      held.delete(key);
      for (const event of meaning.afterGap(actor, ports.now() - one.since)) ports.say(actor, event);
    },
    retry: (of, adminId, reason) =>
      repairOf(of, adminId, reason, ({ good, why }) => {
        if (good === undefined || why !== null)
          return refusal("illegal_now", `it still does not hold: ${why}`);
        if (!meaning.agrees(good, actors.values()))
          return refusal("illegal_now", "others went on without it: release it");
        const { state, context } = good;
        return { from: good, unknown: [], release: { state, context, tells: [] } };
      }),
    release: (of, adminId, reason) =>
      repairOf(of, adminId, reason, (_, good, { listed }) => {
        if (good === undefined && listed === null)
          return refusal("illegal_now", "neither its rows nor the lists tell anything of it: restore them");
        const { actor, unknown } = good ? { actor: good, unknown: [] } : meaning.recalled(listed!);
        return {
          from: actor,
          unknown,
          release: meaning.released(actor, actors.values(), ports.now(), reason),
        };
      }),
  };
};

interface Made {
  readonly from: Actor;
  readonly unknown: readonly string[];
  readonly release: Release;
}
