import { expect, test } from "vitest";
import { createRecent } from "../../src/domain/recent.ts";

test("M108: given what is set before two turns, when it was not set again between them, then it is forgotten, and the rest is as set last", () => {
  const recent = createRecent<string, number | null>();
  recent.set("a", 1);
  recent.set("b", 1);
  recent.turn();
  recent.set("b", 2);
  recent.set("c", null);
  expect(["a", "b", "c", "d"].map(recent.get)).toEqual([1, 2, null, undefined]);
  expect(recent.fresh).toBe(2);
  recent.turn();
  expect(["a", "b", "c"].map(recent.get)).toEqual([undefined, 2, null]);
  expect(["a", "b", "c"].map(recent.has)).toEqual([false, true, true]);
  recent.set("b", 3);
  recent.delete("b");
  expect([recent.get("b"), recent.fresh]).toEqual([undefined, 0]);
});
