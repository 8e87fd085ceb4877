import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { runInNewContext } from "node:vm";
import { setTimeout as sleep } from "node:timers/promises";
import { watchLiveHeap } from "../../src/live-heap.ts";

test("M109: given garbage, when it is collected, then the heap in use is told without it", async () => {
  let garbage: unknown = Array.from({ length: 500_000 }, (_, i) => ({ i }));
  const told: number[] = [];
  watchLiveHeap((bytes) => told.push(bytes));
  expect([told.length, garbage]).toMatchObject([1, { length: 500_000 }]);
  garbage = null;
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  while (told.at(-1)! > told[0]! - 10_000_000) await sleep(5);
});
