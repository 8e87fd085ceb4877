import * as fc from "fast-check";
import { reusedKeys } from "./reused-keys.ts";
import { test } from "vitest";

test("P44: given any messages under few keys, then each key stands for what it did first, and other content is key_reused", () =>
  fc.assert(reusedKeys, { numRuns: 100 }));
