import type { Actor, Command, MarketPorts, Outcome } from "./ports.ts";
import { type Keys, commandIdOf, dayOf } from "./keys.ts";
import { decide, keyOf } from "./turn.ts";
import type { Entry } from "./fifo.ts";
import type { Quarantine } from "./quarantine.ts";
import { isRepair } from "./repair.ts";
import { refusal } from "../domain/errors.ts";
import { unknown } from "./fifo.ts";

/** Stands for a command that was given before: only its key is looked at. */
export const REPEAT = "repeat";

interface Ports extends Pick<MarketPorts, "log" | "meaning" | "alarm"> {
  /** Every actor in memory by its key, as decided so far. */
  readonly actors: Map<string, Actor>;
  readonly keys: Keys;
  readonly quarantine: Pick<Quarantine, "has" | "hold">;
  /** An actor is in a new state. */
  readonly moved: (actor: Actor) => void;
  /** An actor is back in its state of before. */
  readonly restored: (actor: Actor) => void;
}

/** Decides entries on the newest state, and takes that back. */
export interface Judge {
  /** Leaves in the entry what its answer and an undo need. */
  judge(entry: Entry): void;
  /** Puts the snapshots back as if this entry, the newest, had never been decided (E4). */
  undo(entry: Entry): void;
}

export const createJudge = ({
  log,
  meaning,
  alarm,
  actors,
  keys,
  quarantine,
  moved,
  restored,
}: Ports): Judge => {
  let position = log.taken.position;

  const repeated = ({ key, hash, event }: Command): Outcome | undefined => {
    const known = key === null ? undefined : keys.get(key);
    if (known === undefined) return event.type === REPEAT ? unknown : undefined; // its first use was undone
    keys.set(key!, { ...known, position }); // judged again after an undo, it must still be known
    if (known.hash !== hash)
      return { is: "refused", refusal: refusal("key_reused", "this key was used for something else") };
    return { is: "done", to: known.to, seq: known.seq, repeated: true, turn: null };
  };

  const decided = (entry: Entry, command: Command): Outcome => {
    const { key } = command;
    const commandId = key === null ? null : commandIdOf(entry.at, key);
    const moment = { market: log.market, epoch: log.taken.epoch, at: entry.at, position, commandId };
    const addressed = keyOf(command.to);
    const repairs = isRepair(command.event);
    if (quarantine.has(addressed) !== repairs) return repairs ? repaired : shut(command);
    // M61: an actor in quarantine is asked nothing and told nothing, as one that is not there.
    const view = (of: string) => (of !== addressed && quarantine.has(of) ? undefined : actors.get(of));
    const decision = decide(meaning, view, command, moment);
    if (decision.is === "refused") return decision;
    if (decision.is === "failed") {
      const { actor, why } = decision;
      const good = actors.get(keyOf(actor));
      // M62: one that could not even be born is nobody.
      if (good !== undefined) quarantine.hold(actor, { good, seq: good.seq, why }, position);
      else alarm("deciding failed", { error: why, event: command.event.type, actor: addressed });
      return good !== undefined && keyOf(actor) === addressed ? shut(command) : undecided;
    }
    if (decision.is === "ignored") return { is: "ignored", to: command.to, seq: decision.seq };

    const { steps, effects } = decision;
    entry.steps = steps;
    entry.effects = effects;
    position += steps.length;
    for (const { after } of steps) actors.set(keyOf(after), after);
    for (const { after } of steps) if (actors.get(keyOf(after)) === after) moved(after);
    const { seq } = steps.findLast(({ row }) => row.causedBy === null)!.row; // not its birth's
    if (key !== null) {
      entry.key = key;
      keys.set(key, { day: dayOf(entry.at), hash: command.hash, to: command.to, seq, position });
    }
    return { is: "done", to: command.to, seq, repeated: false, turn: null };
  };

  return {
    judge(entry) {
      const { asked } = entry;
      if (asked.is === "read") {
        entry.seen = actors.get(keyOf(asked.of));
        return;
      }
      const { command } = asked;
      try {
        entry.outcome = repeated(command) ?? decided(entry, command);
      } catch (error) {
        // Deciding is pure: nothing was applied, so one impossible command harms nobody else.
        alarm("deciding failed", {
          error: String(error),
          event: command.event.type,
          actor: keyOf(command.to),
        });
        entry.outcome = undecided;
      }
    },
    undo(entry) {
      for (const { before, after } of entry.steps.toReversed()) {
        if (before === undefined) actors.delete(keyOf(after));
        else {
          actors.set(keyOf(before), before);
          restored(before); // its deadline may have been passed over meanwhile
        }
      }
      if (entry.key !== null) keys.delete(entry.key);
      position -= entry.steps.length;
      entry.steps = [];
      entry.effects = [];
      entry.key = null;
    },
  };
};

/** M60 */
const shut = ({ to }: Command): Outcome => ({
  is: "refused",
  refusal: refusal("illegal_now", `the ${to.kind} is in quarantine: an operator must repair it`),
});
const repaired: Outcome = { is: "refused", refusal: refusal("illegal_now", "it is in quarantine no longer") };
const undecided: Outcome = {
  is: "refused",
  refusal: refusal("internal", "this command cannot be decided"),
};
