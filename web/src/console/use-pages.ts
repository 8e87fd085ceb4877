import { type Failure, failureOf } from "../app/failure.ts";
import { useCallback, useEffect, useState } from "react";
import type { Result } from "../../../src/client/http.ts";

interface Page<T> {
  readonly items: T[];
  readonly next_cursor: string | null;
}

/** A list that the server pages: `key` names its filter, and another key begins again. */
export const usePages = <T>(key: string, load: (cursor?: string) => Promise<Result<Page<T>>>) => {
  /** Of each page up to the one that is shown, how it was asked for. */
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const [page, setPage] = useState<Page<T> | null>(null);
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState(0);

  useEffect(() => setCursors([undefined]), [key]);
  useEffect(() => {
    let left = false;
    void load(cursors.at(-1)).then((result) => {
      if (left) return;
      setFailure(failureOf(result));
      if (result.is === "ok") setPage(result.body);
    });
    return () => {
      left = true;
    };
    // `load` is the filter's, which `key` names.
  }, [key, cursors, asked]);

  const next = page?.next_cursor ?? null;
  return {
    items: page?.items ?? [],
    /** Nothing has come yet. */
    loading: page === null && failure === undefined,
    failure,
    number: cursors.length,
    refresh: useCallback(() => setAsked((count) => count + 1), []),
    forward: next === null ? null : () => setCursors([...cursors, next]),
    back: cursors.length === 1 ? null : () => setCursors(cursors.slice(0, -1)),
  };
};
