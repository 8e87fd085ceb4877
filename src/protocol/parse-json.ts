import { limits } from "./inspect-msgpack.ts";

export type Read =
  | { readonly is: "value"; readonly value: unknown }
  | { readonly is: "malformed"; readonly message: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** P12: reads JSON under the same limits as MessagePack. Never throws. */
export const parseJson = (bytes: Uint8Array): Read => {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    return { is: "malformed", message: "not JSON in UTF-8" };
  }
  const tally = { items: 0 };
  const trouble = exceeds(value, 0, tally);
  return trouble === null ? { is: "value", value } : { is: "malformed", message: trouble };
};

const exceeds = (value: unknown, depth: number, tally: { items: number }): string | null => {
  if (++tally.items > limits.items) return "too many values";
  if (typeof value === "string") return value.length > limits.textLength ? "a text is too long" : null;
  if (typeof value !== "object" || value === null) return null;
  if (depth === limits.depth) return "nested too deep";
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return "a key is not allowed";
    if (key.length > limits.textLength) return "a text is too long";
    const trouble = exceeds((value as Record<string, unknown>)[key], depth + 1, tally);
    if (trouble !== null) return trouble;
  }
  return null;
};
