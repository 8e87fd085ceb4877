import type { Parts, Tooth } from "./teeth.ts";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Meaning } from "../../src/market/ports.ts";
import { meaning } from "../../src/meaning.ts";
import { simulate } from "./simulate.ts";
import { propertyTeeth } from "./property-teeth.ts";
import { teeth } from "./teeth.ts";
import { tellStory } from "./story.ts";

// Each of these functions is the real one, unless a tooth replaces it for the length of a story.
const { part, broken } = vi.hoisted(() => {
  type Any = (...given: unknown[]) => unknown;
  const broken = new Map<string, (real: Any) => Any>();
  const part = (name: string) => async (original: () => Promise<unknown>) => {
    const module = (await original()) as Record<string, Any>;
    const real = module[name]!;
    return { ...module, [name]: (...given: unknown[]) => (broken.get(name)?.(real) ?? real)(...given) };
  };
  return { part, broken };
});
vi.mock("../../src/market/fifo.ts", part("createFifo" satisfies keyof Parts));
vi.mock("../../src/market/keys.ts", part("createKeys" satisfies keyof Parts));
vi.mock("../../src/market/appending.ts", part("createAppending" satisfies keyof Parts));
vi.mock("../../src/market/batch.ts", part("gather" satisfies keyof Parts));
vi.mock("../../src/publish/resume-trip.ts", part("createSubscribe" satisfies keyof Parts));
vi.mock("../../src/effects/project-driver.ts", part("projectDriver" satisfies keyof Parts));
vi.mock("../../src/location/nearest.ts", part("createSearch" satisfies keyof Parts));
vi.mock("../../src/pricing/quote.ts", part("quote" satisfies keyof Parts));
vi.mock("../../src/session/directory.ts", part("createDirectory" satisfies keyof Parts));
vi.mock("../../src/market/quarantine.ts", part("createQuarantine" satisfies keyof Parts));
vi.mock("../../src/market/recover.ts", part("recover" satisfies keyof Parts));
vi.mock("../../src/protocol/fingerprint.ts", part("fingerprint" satisfies keyof Parts));

const real: Meaning = { ...meaning };

const replace = (parts: Tooth["parts"] = {}): void => {
  for (const [name, change] of Object.entries(parts)) broken.set(name, change as never);
};

/** The laws that a story breaks on a server without these guards. */
const brokenLaws = async (seed: number, tooth: Partial<Tooth>): Promise<readonly string[]> => {
  const { amid, means, parts, tamper, without } = tooth;
  replace(parts);
  Object.assign(meaning, means?.(real));
  try {
    const options = { ...(tamper && { tamper }), ...(without && { without }) };
    const { findings } = await simulate(tellStory(seed, amid), options);
    return findings.map(({ law }) => law);
  } finally {
    broken.clear();
    Object.assign(meaning, real);
  }
};

describe("teeth", () => {
  test.each(teeth.map((tooth) => [tooth.name, tooth.law, tooth.seeds, tooth] as const))(
    "E110: given a server where %s, when stories are played, then %s is found broken within %i, and in none of them otherwise",
    async (_, law, seeds, tooth) => {
      const { heldBy, amid = [], parts } = tooth;
      for (let seed = 1; seed <= seeds; seed++) {
        const laws = await brokenLaws(seed, tooth);
        expect(await brokenLaws(seed, { amid })).toEqual([]);
        if (!laws.includes(law)) continue;
        if (heldBy !== undefined)
          expect(await brokenLaws(seed, { amid, ...(parts && { parts }), ...heldBy })).not.toContain(law);
        return;
      }
      expect.fail(`nobody notices within ${seeds} stories`);
    },
    60_000,
  );

  test.each(propertyTeeth.map((tooth) => [tooth.name, tooth.law, tooth] as const))(
    "E110: given a server where %s, when its property is tried, then %s is found broken, and with the same input not otherwise",
    async (_name, _law, { property, parts }) => {
      const tried = { numRuns: 120, seed: 1, endOnFailure: true };
      replace(parts);
      const without = await fc.check(property, tried);
      broken.clear();
      expect(without.failed, "nobody notices").toBe(true);
      // The same draws, the one that was found included.
      await fc.assert(property, { ...tried, numRuns: without.numRuns });
    },
  );
});
