import type { Client } from "./connect.ts";
import type { MarketId, TripId } from "../domain/ids.ts";
import type { TripListRow } from "../domain/row.ts";

export type TripFound = Omit<TripListRow, "table"> & { readonly market: MarketId };

/** A trip's list row, whatever its market. */
export const tripRow = async (client: Client, id: TripId): Promise<TripFound | undefined> => {
  const [row] = await client.run((sql) => sql<TripFound[]>`select * from trip where id = ${id}`);
  return row;
};
