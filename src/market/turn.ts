import type { Actor, Command, Emission, Input, Meaning, Next, Step } from "./ports.ts";
import type { ActorRef, EventRow, Json, JsonObject } from "../domain/row.ts";
import type { MarketId } from "../domain/ids.ts";
import type { Ms } from "../domain/time.ts";
import type { Refusal } from "../domain/errors.ts";
import { decidingChart } from "./versions.ts";
import { isRepair, repair } from "./repair.ts";
import { recorded } from "./said.ts";
import { whyUnsound } from "./sound.ts";

/** One row, with the actor on both sides of it. */
export interface Decided extends Step {
  readonly before: Actor | undefined;
}

export type Decision =
  | { readonly is: "turn"; readonly steps: readonly Decided[]; readonly effects: readonly Json[] }
  | { readonly is: "ignored"; readonly seq: number }
  | { readonly is: "refused"; readonly refusal: Refusal }
  /** The statechart of this actor threw, or left it in a state that nobody could live with. */
  | { readonly is: "failed"; readonly actor: ActorRef; readonly why: string };

/** Where and when a turn is decided: all that its rows say beyond what the charts decide. */
export interface Moment {
  readonly market: MarketId;
  readonly epoch: number;
  readonly at: Ms;
  /** The newest position given so far. */
  readonly position: number;
  readonly commandId: string | null;
  /** Of a turn that is decided again: the statecharts that its rows name, by actor (E133). */
  readonly machines?: ReadonlyMap<string, string>;
}

interface Message {
  readonly to: ActorRef;
  readonly event: Input;
  readonly as: "command" | "ask" | "tell";
  readonly causedBy: number | null;
}

/** E7: one command may cause so many messages; charts that talk in circles are a bug. */
const MESSAGES_PER_TURN = 200;

export const keyOf = (ref: ActorRef): string => `${ref.kind}:${ref.id}`;

/**
 * One command and all it causes, decided in memory: charts run one after another, messages between them
 * included, until nothing is left. Pure: `view` is read, nothing is written. A refused ask refuses it all (E1).
 */
export const decide = (
  meaning: Meaning,
  view: (key: string) => Actor | undefined,
  command: Command,
  moment: Moment,
): Decision => {
  const overlay = new Map<string, Actor>();
  const steps: Decided[] = [];
  const effects: Json[] = [];
  const actor = (ref: ActorRef) => overlay.get(keyOf(ref)) ?? view(keyOf(ref));
  const addressed = actor(command.to);
  const no = (refusal: Refusal): Decision => ({
    is: "refused",
    refusal: { ...refusal, ...describe(meaning, addressed, command) },
  });

  const queue: Message[] = [{ to: command.to, event: command.event, as: "command", causedBy: null }];
  if (addressed === undefined && command.birth)
    queue.unshift({ to: command.to, event: command.birth, as: "command", causedBy: null });

  for (let i = 0; i < queue.length; i++) {
    if (i >= MESSAGES_PER_TURN)
      return { is: "failed", actor: command.to, why: "E7: a turn causes a bounded number of messages" };
    const { to, event, as, causedBy } = queue[i]!;
    const before = actor(to);
    if (before === undefined && event.type !== "create" && !isRepair(event)) {
      if (as === "tell") continue;
      if (as === "ask") return no({ code: "driver_unavailable", message: `${to.kind} ${to.id} is not here` });
      return { is: "refused", refusal: { code: "not_found", message: `no such ${to.kind}` } };
    }
    const chart = decidingChart(meaning, to, before, moment.machines?.get(keyOf(to)));
    const heard = chart.hears(event);
    const position = moment.position + steps.length + 1;
    const run = (): Next =>
      isRepair(event)
        ? repair(to.kind, to.id, event)
        : chart.next(before ?? null, to.id, { ...heard, at: moment.at, position });
    const next = attempt(meaning, run);
    if (typeof next === "string") return { is: "failed", actor: to, why: next };
    if (next.is === "ignored" && as === "command") return { is: "ignored", seq: before?.seq ?? 0 };
    // A final snapshot would still react, and nobody is born twice, so the gate refuses (I3).
    const over =
      before !== undefined && !isRepair(event) && (event.type === "create" || chart.final(before.state));
    if (next.is === "ignored" || next.is === "unhandled" || (next.is === "moved" && over)) {
      if (as === "tell") continue;
      return no({
        code: as === "ask" ? "driver_unavailable" : "illegal_now",
        message: `${event.type} is not possible: the ${to.kind} is ${before?.state ?? "unknown"}`,
      });
    }
    if (next.is === "refused") {
      if (as === "tell") continue;
      return no({ code: next.code, message: next.message });
    }
    steps.push({
      before,
      after: next.to,
      row: {
        market: moment.market,
        position,
        turn: moment.position + 1,
        actorKind: to.kind,
        actorId: to.id,
        seq: next.to.seq,
        type: heard.type,
        body: bodyOf(heard),
        fromState: isRepair(event) ? event.from : (before?.state ?? null),
        toState: next.to.state,
        changes: next.changes,
        effects: next.emitted.map(recorded),
        at: moment.at,
        causedBy,
        // On the command's own row, not on a birth before it: its seq is what the answer tells (I4).
        commandId: event === command.event ? moment.commandId : null,
        commandHash: event === command.event && moment.commandId !== null ? command.hash : null,
        machine: next.to.machine,
        epoch: moment.epoch,
      } satisfies EventRow,
    });
    overlay.set(keyOf(to), next.to);
    for (const said of next.emitted) deliver(chart.says(said), position, queue, effects);
  }
  return { is: "turn", steps, effects };
};

/** What a statechart makes of it, or why that came to nothing (M62). */
const attempt = (meaning: Meaning, run: () => Next): Next | string => {
  try {
    const next = run();
    return (next.is === "moved" ? whyUnsound(meaning, next.to) : null) ?? next;
  } catch (error) {
    return `its statechart failed: ${String(error)}`;
  }
};

const deliver = (said: Emission, causedBy: number, queue: Message[], effects: Json[]): void => {
  switch (said.type) {
    case "ask":
      queue.push({ to: said.to, event: said.event, as: "ask", causedBy });
      return;
    case "tell":
      for (const to of said.to) queue.push({ to, event: said.event, as: "tell", causedBy });
      return;
    case "effect":
      effects.push(said.effect);
      return;
    default:
      said satisfies never;
  }
};

const bodyOf = (event: Input): JsonObject => {
  const { type: _, ...body } = event;
  return body as JsonObject;
};

const describe = (meaning: Meaning, addressed: Actor | undefined, command: Command): Partial<Refusal> => {
  if (addressed === undefined) return {};
  const chart = decidingChart(meaning, addressed, addressed);
  const legal = chart.final(addressed.state) ? [] : chart.legal(addressed);
  return meaning.describe(addressed, legal, command.by);
};
