import { type TripRow, tripRows } from "./trip-rows.ts";
import { useConsole, useOperator } from "../operator.tsx";
import type { TripBody } from "../../../../src/protocol/http-bodies.ts";
import type { TripFilter } from "../../../../src/client/http.ts";
import { useMemo } from "react";
import { usePages } from "../use-pages.ts";

/** A page of trips as the server lists them, kept up to date by its pushes (B93). */
export const useTrips = (filter: TripFilter) => {
  const { http } = useOperator();
  const orders = useConsole(({ orders }) => orders);
  const pages = usePages<TripBody>(
    JSON.stringify(filter),
    (cursor) => http.trips({ ...filter, ...(cursor && { cursor }) }),
    // A search is work for the database: what it found is told by the pushes alone.
    filter.q === undefined ? orders : null,
  );
  const { items } = pages;
  const rows = useMemo((): readonly TripRow[] => tripRows(items, orders), [items, orders]);
  return { rows, pages };
};
