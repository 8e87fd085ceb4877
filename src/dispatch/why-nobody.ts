import type { Considered, GateName } from "../domain/decision.ts";

/** Counts which gate each driver around failed first. */
export const whyNobody = (candidates: readonly Considered[]): Partial<Record<GateName, number>> => {
  const failed: Partial<Record<GateName, number>> = {};
  for (const { verdict } of candidates) {
    if (verdict !== "asked" && verdict !== "enough") failed[verdict] = (failed[verdict] ?? 0) + 1;
  }
  return failed;
};
