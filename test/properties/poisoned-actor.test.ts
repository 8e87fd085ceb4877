import * as fc from "fast-check";
import { poisonedActor } from "./poisoned-actor.ts";
import { test } from "vitest";

test("M60: given any market and an actor of it whose rows were spoilt, when it comes back, then that one takes nothing and all others go on", () =>
  fc.assert(poisonedActor, { numRuns: 100 }));
