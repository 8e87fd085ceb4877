import { isDeepStrictEqual } from "node:util";
import type { Json } from "./domain/row.ts";
import type { z } from "zod";

// How policies stand in a file: in snake case, any part of them, the rest being the default.

/** `offerShownMs` is `offer_shown_ms` in the file: a number that its schema forgets does not compile. */
export type Shape<T> = { readonly [K in keyof T & string as Snake<K>]: z.ZodType };
type Snake<T extends string> = T extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Rest>}`
  : T;

/** What is written over `defaults`; lists are taken whole. What is written was checked. */
export const filledIn = <T>(defaults: T, written: object): T => merged(defaults, camel(written)) as T;

/** Each number that differs, by its path in the file; lists are one value. */
export const differences = (
  from: unknown,
  to: unknown,
  path = "",
): [string, { readonly from: Json; readonly to: Json }][] => {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isNamed(from) || !isNamed(to)) return [[path, { from: from as Json, to: to as Json }]];
  const below = path && `${path}.`;
  return Object.keys(to).flatMap((key) => differences(from[key], to[key], below + snake(key)));
};

export const snake = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const camel = (value: unknown): unknown =>
  isNamed(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
          camel(inner),
        ]),
      )
    : Array.isArray(value)
      ? value.map(camel)
      : value;

const merged = (defaults: unknown, given: unknown): unknown =>
  isNamed(defaults) && isNamed(given)
    ? Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, merged(value, given[key])]))
    : (given ?? defaults);

const isNamed = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
