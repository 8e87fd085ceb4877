import { assign, emit } from "xstate";
import type { EventObject, MachineContext } from "xstate";
import type { Emitted } from "./events.ts";

/**
 * Makes the named guards and actions of a chart from pure functions, each written for the events it answers
 * (`never` lets it name them). That a name is used for no other event, the table tests walk through cell by cell.
 */
export const wordsOf = <Context extends MachineContext, Event extends EventObject>() => ({
  /** A guard: `when((trip, event: Of<"offer">) => …)`. */
  when:
    (test: (context: Context, event: never) => boolean) =>
    ({ context, event }: { context: Context; event: Event }) =>
      test(context, event as never),

  /** The one assign of a transition; keys that are left out keep their value and their reference. */
  changes: (next: (context: Context, event: never) => Partial<Context>) =>
    assign<Context, Event, undefined, Event, never>(({ context, event }) => next(context, event as never)),

  /** What the chart says; name it before the `changes` of the same transition to see the old context. */
  says: (say: (context: Context, event: never) => Emitted) =>
    emit<Context, Event, undefined, Event, Emitted>(({ context, event }) => say(context, event as never)),
});
