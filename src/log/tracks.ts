import { arrayLiteral, type Client } from "./connect.ts";
import type { Ms } from "../domain/time.ts";
import type { TripId } from "../domain/ids.ts";
import { writeBehind } from "./write-behind.ts";

/** Where the driver of a trip was. Degrees. */
export interface TrackPoint {
  readonly at: Ms;
  readonly lat: number;
  readonly lng: number;
  readonly heading: number | null;
  readonly leg: "pickup" | "dropoff";
}

/** The ways drivers took with their trips, beside the log: never waited for, and dropped where they would be (E121). */
export interface Tracks {
  /** Takes a point of each trip at most every 5 s (E120). NaN: heading unknown. */
  note(tripId: TripId, at: Ms, lat: number, lng: number, heading: number, leg: TrackPoint["leg"]): void;
  /** Oldest first, at most 5,000; what is noted is written first. */
  ofTrip(id: TripId): Promise<readonly TrackPoint[]>;
  readonly counts: { readonly kept: number; readonly dropped: number };
  close(): Promise<void>;
}

const EVERY_MS = 5_000;
/** Waiting to be written, 150 bytes each; more are dropped. */
const WAITING = 50_000;
const ROWS_A_STATEMENT = 1_000;
const ROWS_READ = 5_000;
const KEPT_MS = 7 * 86_400_000;
const CLEANED_AT_ONCE = 50_000;

interface Row extends TrackPoint {
  readonly tripId: TripId;
}

export const openTracks = (client: Client): Tracks => {
  let waiting: Row[] = [];
  const notedAt = new Map<TripId, number>();
  const behind = writeBehind<Row>({
    take() {
      const rows = waiting;
      waiting = [];
      // Whoever is not heard for so long is taken anyway: ended trips leave by this door too.
      const newest = rows.at(-1)?.at ?? 0;
      for (const [id, at] of notedAt) if (newest - at >= EVERY_MS) notedAt.delete(id);
      return rows;
    },
    write: (rows) => insert(client, rows),
    rowsAStatement: ROWS_A_STATEMENT,
    forget: (before) => forget(client, before),
    keptMs: KEPT_MS,
  });
  return {
    note(tripId, at, lat, lng, heading, leg) {
      if (at - (notedAt.get(tripId) ?? -Infinity) < EVERY_MS) return;
      notedAt.set(tripId, at);
      if (waiting.length >= WAITING) {
        behind.counts.dropped += 1;
        return;
      }
      waiting.push({ tripId, at, lat, lng, heading: Number.isNaN(heading) ? null : heading, leg });
      behind.soon();
    },
    async ofTrip(id) {
      await behind.flush();
      return client.run(
        (sql) => sql<TrackPoint[]>`
          select at, lat, lng, heading, leg from track where trip_id = ${id} order by at limit ${ROWS_READ}`,
      );
    },
    counts: behind.counts,
    close: behind.flush,
  };
};

/** A point twice is one: a driver's clock cannot tell them apart either. */
const insert = (client: Client, rows: readonly Row[]) => {
  const array = (value: (row: Row) => string | number | null): string => arrayLiteral(rows.map(value));
  return client.run(
    (sql) => sql`
      insert into track (at, lat, lng, heading, trip_id, leg)
      select * from unnest(
        ${array((row) => Math.floor(row.at))}::bigint[],
        ${array((row) => row.lat)}::double precision[], ${array((row) => row.lng)}::double precision[],
        ${array((row) => row.heading)}::real[], ${array((row) => row.tripId)}::text[],
        ${array((row) => row.leg)}::text[]
      )
      on conflict do nothing`,
  );
};

const forget = (client: Client, before: number) =>
  client.run(
    (sql) => sql`
      delete from track where ctid = any(array(
        select ctid from track where at < ${before} limit ${CLEANED_AT_ONCE}
      ))`,
  );
