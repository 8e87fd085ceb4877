import type { Actor, MarketPorts, Meaning } from "./ports.ts";
import type { Release, Repair } from "./repair.ts";
import { QUARANTINED, type ReadBack, readBack } from "./sound.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import type { ActorRef } from "../domain/row.ts";
import { REPAIRED } from "../domain/row.ts";
import type { MarketLog } from "../log/log.ts";
import type { Ms } from "../domain/time.ts";
import { keyOf } from "./turn.ts";

/** An actor that could not be read, folded or run. */
export interface Quarantined extends ActorRef, ReadBack {
  /** Market time. */
  readonly since: Ms;
  readonly why: string;
}

/** What an operator can do: each gives the event that ends it, to be submitted, or why there is none. */
export interface Repairs {
  list(): readonly Quarantined[];
  /** As its rows say, now that they were mended. Rejects while the log does not answer. */
  retry(of: ActorRef, adminId: string): Promise<Repair | Refusal>;
  /** Ended: a trip cancelled, a driver offline after the trip they are on. Rejects like `retry`. */
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
    find: (found: ReadBack, kept: Actor | undefined) => { from: Actor; release: Release } | Refusal,
  ): Promise<Repair | Refusal> => {
    const found = await readBack(log, meaning, of);
    const key = keyOf(of);
    if (!has(key)) return refusal("not_found", "nothing of that name is in quarantine");
    const kept = held.get(key)!.good;
    if (found.seq < (kept?.seq ?? 0)) return refusal("busy", "its newest rows are still being written");
    const made = find(found, kept);
    if ("code" in made) return made;
    const { state, machine } = made.from;
    return { type: REPAIRED, adminId, reason, seq: found.seq, from: state, machine, ...made.release };
  };

  return {
    has,
    mark,
    list: () => [...held].flatMap(([key, one]) => (has(key) ? [one] : [])),
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
    retry: (of, adminId) =>
      repairOf(of, adminId, "read back", ({ good, why }) => {
        if (good === undefined || why !== null)
          return refusal("illegal_now", `it still does not hold: ${why}`);
        if (!meaning.agrees(good, actors.values()))
          return refusal("illegal_now", "others went on without it: release it");
        const { state, context } = good;
        return { from: good, release: { state, context, held: meaning.claim(good), tells: [] } };
      }),
    release: (of, adminId, reason) =>
      repairOf(of, adminId, reason, (_, kept) =>
        kept === undefined
          ? refusal("illegal_now", "nothing of it can be read: mend its rows, then retry")
          : { from: kept, release: meaning.released(kept, actors.values(), ports.now(), reason) },
      ),
  };
};
