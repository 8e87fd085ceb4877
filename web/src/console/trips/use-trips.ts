import { type Failure, failureOf } from "../../app/failure.ts";
import { type TripRow, tripRows } from "./trip-rows.ts";
import { useConsole, useOperator } from "../operator.tsx";
import { useEffect, useMemo, useRef, useState } from "react";
import type { TripFilter } from "../../../../src/client/http.ts";
import type { TripsBody } from "../../../../src/protocol/http-bodies.ts";

/** While trips are pushed, the page is read again so often: for those that are new or have ended. */
const READ_EVERY_MS = 2_000;

/** A page of trips as the server lists them, kept up to date by its pushes (B93). */
export const useTrips = (filter: TripFilter) => {
  const { http } = useOperator();
  const orders = useConsole(({ orders }) => orders);
  const [page, setPage] = useState<TripsBody | null>(null);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [turn, setTurn] = useState(0);

  const key = JSON.stringify(filter);
  useEffect(() => {
    let wanted = true;
    void http.trips(filter).then((result) => {
      if (!wanted) return;
      setFailure(failureOf(result));
      if (result.is === "ok") setPage(result.body);
    });
    return () => {
      wanted = false;
    };
  }, [http, key, turn]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setTurn((before) => before + 1);
    }, READ_EVERY_MS);
  }, [orders]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const rows = useMemo((): readonly TripRow[] => tripRows(page?.items ?? [], orders), [page, orders]);
  const readAgain = () => setTurn((before) => before + 1);
  return { rows, next: page?.next_cursor ?? null, loading: page === null, failure, readAgain };
};
