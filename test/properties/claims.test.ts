import * as fc from "fast-check";
import { claimsInBatches } from "./claims-in-batches.ts";
import { test } from "vitest";

test("E6, T29: given turns that wait for the log together, then no batch is refused and the claims are those of the trips", () =>
  fc.assert(claimsInBatches, { numRuns: 300 }));
