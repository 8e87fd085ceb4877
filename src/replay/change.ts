import { isObject, sameJson } from "./difference.ts";

/** One field of an actor's context, by its path: `search.offersMade`. Undefined: there was, or is, none. */
export interface Change {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What is new in `after`, down to the fields inside objects that were there before; lists are one value. */
export const changesIn = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  path = "",
): Change[] =>
  Object.keys(after).flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    if (sameJson(old, now)) return [];
    if (!isObject(old) || !isObject(now)) return [{ field: path + key, before: old, after: now }];
    const gone = Object.keys(old).filter((inner) => !(inner in now));
    return gone
      .map((inner): Change => ({ field: `${path}${key}.${inner}`, before: old[inner], after: undefined }))
      .concat(changesIn(old, now, `${path}${key}.`));
  });
