import type { Actor, Meaning } from "./ports.ts";
import type { ActorRow } from "../domain/row.ts";
import type { Clock, Ms } from "../domain/time.ts";
import type { MarketLog } from "../log/log.ts";
import { keyOf } from "./turn.ts";

const EVERY_MS = 1_000;

interface Ports {
  readonly log: MarketLog;
  readonly clock: Clock;
  readonly meaning: Meaning;
  /** Until then this process could commit what it decided; null while it owes somebody time. */
  readonly aliveAt: () => Ms | null;
  /** Position up to which everything is committed. */
  readonly committed: () => number;
  /** This state of the actor is stored: it may leave memory if it is over. */
  readonly stored: (actor: Actor) => void;
  readonly fenced: () => void;
}

/** Once a second the actors changed since the last time are stored, so that recovery folds a short tail (E8). */
export interface Checkpoints {
  /** Only committed states: the stored actor is never ahead of the log. */
  changed(actor: Actor): void;
  /** Writes what is changed; false when the log did not take it (it stays for the next time). */
  write(): Promise<boolean>;
  stop(): Promise<void>;
}

export const createCheckpoints = (ports: Ports): Checkpoints => {
  let changed = new Map<string, Actor>();
  let running: Promise<boolean> = Promise.resolve(true);
  let stopped = false;
  let cancel = () => {};

  const write = async (): Promise<boolean> => {
    const aliveAt = ports.aliveAt();
    // M90: the rows that give time back stay after the checkpoint, so that whoever recovers finds who has it.
    if (aliveAt === null) return false;
    const writing = changed;
    changed = new Map();
    try {
      const actors = [...writing.values()].map((actor) => rowOf(actor, ports));
      const ours = await ports.log.checkpoint({
        position: ports.committed(),
        aliveAt,
        actors,
      });
      if (!ours) {
        ports.fenced();
        return false;
      }
      for (const actor of writing.values()) ports.stored(actor);
      return true;
    } catch {
      // The database is gone: the append path says so; here only keep what is newer.
      for (const [key, actor] of changed) writing.set(key, actor);
      changed = writing;
      return false;
    }
  };
  const tick = () => {
    if (stopped) return;
    running = write();
    void running.then(() => (cancel = stopped ? cancel : ports.clock.after(EVERY_MS, tick)));
  };
  cancel = ports.clock.after(EVERY_MS, tick);

  return {
    changed: (actor) => void changed.set(keyOf(actor), actor),
    write,
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
};

const rowOf = (actor: Actor, { log, meaning }: Ports): ActorRow => ({
  market: log.market,
  kind: actor.kind,
  id: actor.id,
  live: meaning.live(actor),
  seq: actor.seq,
  machine: actor.machine,
  value: actor.state,
  context: actor.context,
});
