import { HASH_START, finish, mix } from "../domain/hash.ts";

/**
 * P17: tells a repeated command from a reused key. A signed 32-bit hash of plain data: the order of
 * keys does not matter, the top-level `id` (the key itself) and undefined fields do not count.
 * It is stored: never change it.
 */
export const fingerprint = (value: unknown): number => finish(mixValue(HASH_START, value, "id"));

const mixValue = (hash: number, value: unknown, without: string | null): number => {
  if (Array.isArray(value)) {
    let mixed = mix(hash, ARRAY);
    for (const item of value) mixed = mixValue(mixed, item, null);
    return mix(mixed, END);
  }
  if (typeof value === "object" && value !== null) {
    const fields = value as Record<string, unknown>;
    let mixed = mix(hash, OBJECT);
    for (const key of Object.keys(fields).toSorted()) {
      if (key === without || fields[key] === undefined) continue;
      mixed = mixValue(mixText(mixed, key), fields[key], null);
    }
    return mix(mixed, END);
  }
  if (typeof value === "string") return mixText(mix(hash, TEXT), value);
  return mixText(mix(hash, OTHER), String(value)); // number, boolean, null
};

// No text holds these units in a row with its end, so [1, 2] and [12] differ.
const [ARRAY, OBJECT, TEXT, OTHER, END] = [0xd801, 0xd802, 0xd803, 0xd804, 0xd805] as const;

const mixText = (hash: number, text: string): number => {
  let mixed = hash;
  for (let i = 0; i < text.length; i++) mixed = mix(mixed, text.charCodeAt(i));
  return mix(mixed, END);
};
