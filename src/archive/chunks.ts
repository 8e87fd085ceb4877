import type { EventRow } from "../domain/row.ts";

/** Trips of one transaction, about 1,300 rows: nobody waits long for it. */
const CHUNK = 100;

/** Trips, so many at a time as one transaction takes. */
export async function* inChunks(
  trips: AsyncIterable<readonly EventRow[]>,
): AsyncGenerator<readonly (readonly EventRow[])[]> {
  let chunk: (readonly EventRow[])[] = [];
  for await (const rows of trips) {
    chunk.push(rows);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
