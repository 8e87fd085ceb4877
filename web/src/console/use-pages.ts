import { type Failure, failureOf } from "../app/failure.ts";
import { useCallback, useEffect, useState } from "react";
import type { Result } from "../../../src/client/http.ts";
import { useTurn } from "./use-turn.ts";

interface Page<T> {
  readonly items: T[];
  readonly next_cursor: string | null;
}
export type Pages<T> = ReturnType<typeof usePages<T>>;

/** The same each time, so that nothing is made of it anew. */
const none: never[] = [];

/**
 * A list that the server pages: `key` names its filter, and another key begins again. The page that is shown is read
 * again when `pushed` is another.
 */
export const usePages = <T>(
  key: string,
  load: (cursor?: string) => Promise<Result<Page<T>>>,
  pushed: unknown,
) => {
  /** Of each page up to the one that is shown, how it was asked for. */
  const [place, setPlace] = useState<{ readonly key: string; readonly cursors: readonly string[] }>();
  const [page, setPage] = useState<Page<T> | null>(null);
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState(0);
  const turn = useTurn(pushed);
  const cursors = place?.key === key ? place.cursors : [];
  const cursor = cursors.at(-1);

  useEffect(() => {
    let left = false;
    void load(cursor).then((result) => {
      if (left) return;
      setFailure(failureOf(result));
      if (result.is === "ok") setPage(result.body);
    });
    return () => {
      left = true;
    };
    // `load` is the filter's, which `key` names.
  }, [key, cursor, asked, turn]);

  const next = page?.next_cursor ?? null;
  const go = (cursors: readonly string[]) => setPlace({ key, cursors });
  return {
    items: page?.items ?? none,
    /** Nothing has come yet. */
    loading: page === null && failure === undefined,
    failure,
    number: cursors.length + 1,
    refresh: useCallback(() => setAsked((count) => count + 1), []),
    forward: next === null ? null : () => go([...cursors, next]),
    back: cursor === undefined ? null : () => go(cursors.slice(0, -1)),
  };
};
