import { readFileSync } from "node:fs";
import { usualMix, type Mix } from "./people/behaviour.ts";

/** `decline=0.3,patience_s=120`, or a JSON file of the same names; what is not named stays usual (B12). */
export const parseMix = (text: string): Mix => {
  const named = text.includes("=") ? inline(text) : fromFile(text);
  for (const [name, value] of named) {
    if (!Object.hasOwn(usualMix, name))
      throw new Error(`--mix: unknown name ${name}; known: ${Object.keys(usualMix).join(", ")}`);
    if (!isSound(name, value)) throw new Error(`--mix: ${name} is not ${whatIs(name)}: ${String(value)}`);
  }
  return { ...usualMix, ...(Object.fromEntries(named) as Partial<Mix>) };
};

type Named = readonly (readonly [name: string, value: unknown])[];

const inline = (text: string): Named =>
  text.split(",").map((part) => {
    const [name = "", value = ""] = part.split("=", 2);
    return [name.trim(), value.trim() === "" ? Number.NaN : Number(value)];
  });

const fromFile = (file: string): Named => {
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof content !== "object" || content === null) throw new Error(`--mix: ${file} holds no names`);
  return Object.entries(content);
};

const isSound = (name: string, value: unknown): boolean =>
  typeof value === "number" &&
  Number.isFinite(value) &&
  (isTime(name) ? value > 0 : value >= 0 && value <= 1);
const whatIs = (name: string): string => (isTime(name) ? "a number of seconds" : "a chance from 0 to 1");
const isTime = (name: string): boolean => name.endsWith("_s");
