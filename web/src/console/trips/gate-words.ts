import type { Language, Words } from "../../words/words.ts";
import type { Why } from "../../../../src/protocol/story-bodies.ts";
import { distanceText } from "../../app/told.ts";

type Gate = Why["attempts"][number]["candidates"][number]["gates"][number];

/** Why a driver was not or would not be asked: the gate that decided, with what was measured and what was asked. */
export const gateWords = (
  { trips }: Words["console"],
  language: Language,
  reason: string,
  gates: readonly Gate[],
): string => {
  const gate = gates.find(({ gate }) => gate === reason);
  const told = (value: Gate["value"] | undefined): string => {
    if (typeof value !== "number") return String(value);
    if (reason === "within_radius") return distanceText(language, value);
    if (reason !== "fresh") return String(value);
    const seconds = {
      style: "unit",
      unit: "second",
      unitDisplay: "short",
      maximumFractionDigits: 0,
    } as const;
    return new Intl.NumberFormat(language, seconds).format(value / 1_000);
  };
  return trips.gates[reason]?.({ value: told(gate?.value), threshold: told(gate?.threshold) }) ?? reason;
};
