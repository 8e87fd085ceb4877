import { expect, test } from "vitest";
import { assign, emit, setup } from "xstate";

// M2: what the runtime relies on in XState 5.33.3 beyond its documentation. An upgrade that breaks one of
// these must not pass.

const said: { type: string; params: unknown }[] = [];
const scope = {
  self: {},
  system: { _sendInspectionEvent: () => {} },
  actionExecutor: (action: { type: string; params: unknown }) =>
    said.push({ type: action.type, params: action.params }),
} as never;

type Event = { type: "add" } | { type: "mark" } | { type: "nothing" } | { type: "end" } | { type: "unheard" };
const machine = setup({
  types: {
    context: {} as { count: number; kept: object },
    events: {} as Event,
    emitted: {} as { type: "counted"; count: number },
    input: {} as { count: number },
  },
  actions: {
    count: assign({ count: ({ context }) => context.count + 1 }),
    tell: emit(({ context }) => ({ type: "counted", count: context.count })),
    refuse: (_args: unknown, _params: { why: string }) => {
      throw new Error("a marker is read, never run");
    },
  },
}).createMachine({
  context: ({ input }) => ({ count: input.count, kept: {} }),
  initial: "on",
  states: {
    on: {
      initial: "low",
      on: {
        add: { actions: ["tell", "count", "tell"] },
        mark: { actions: { type: "refuse", params: { why: "test" } } },
        nothing: {},
        end: "done",
      },
      states: { low: {} },
    },
    done: { type: "final" },
  },
  on: { add: { actions: "tell" } },
});
const born = () => machine.getInitialSnapshot(scope, { count: 7 });
const when = (snapshot: ReturnType<typeof born>, type: Event["type"]) => {
  said.length = 0;
  return machine.transition(snapshot, { type }, scope);
};

test("M2: an unhandled event gives the very same snapshot and runs nothing", () => {
  const before = born();
  expect(when(before, "unheard")).toBe(before);
  expect(said).toEqual([]);
});

test("M2: so does a transition without target and actions, hence the marker for what is ignored", () => {
  const before = born();
  expect(when(before, "nothing")).toBe(before);
});

test("M2: emits come in their order, each with the context as it was then", () => {
  const after = when(born(), "add");
  expect(said).toEqual([
    { type: "xstate.emit", params: { event: { type: "counted", count: 7 } } },
    { type: "xstate.emit", params: { event: { type: "counted", count: 8 } } },
  ]);
  expect(after.context.count).toBe(8);
});

test("M2: an assign keeps what it does not name by reference", () => {
  const before = born();
  expect(when(before, "add").context.kept).toBe(before.context.kept);
});

test("M2: a plain action is handed over with its params and is not run", () => {
  when(born(), "mark");
  expect(said).toEqual([{ type: "refuse", params: { why: "test" } }]);
});

test("M2: a final snapshot still reacts, so the gate must refuse (I3)", () => {
  const ended = when(born(), "end");
  expect(ended.status).toBe("done");
  when(ended, "add");
  expect(said).toHaveLength(1);
});

test("M2: a snapshot resolved from value and context behaves as the one it came from", () => {
  const lived = when(born(), "add");
  const read = machine.resolveState({ value: { on: "low" }, context: structuredClone(lived.context) });
  expect(read.value).toEqual(lived.value);
  const [a, b] = [when(lived, "add"), when(read, "add")];
  expect({ value: b.value, context: b.context, status: b.status }).toEqual({
    value: a.value,
    context: a.context,
    status: a.status,
  });
});
