import type { EventRow } from "../domain/row.ts";
import { z } from "zod";

const count = z.int().nonnegative();
const span = z.strictObject({ first: count, last: count });

/**
 * What a volume says of itself, `VOLUME.json` beside `VOLUME.ndjson.gz`: rows of the table `event` as it names its
 * columns, one a line, a trip's rows in order, one trip after the other. It is written last: where it is, the file
 * was read back and run again.
 */
const schema = z.strictObject({
  format: z.literal(1),
  /** Version of the database's schema that the rows are of. */
  schema: z.int().positive(),
  market: z.string(),
  file: z.strictObject({ name: z.string(), bytes: count, sha256: z.string() }),
  rows: count,
  positions: span,
  /** Market time, ISO 8601, of the earliest and of the latest row. */
  times: z.strictObject({ first: z.iso.datetime(), last: z.iso.datetime() }),
  /** The statecharts that decided. */
  machines: z.array(z.string()),
  trips: z.array(
    z.strictObject({ id: z.string(), seq: count, state: z.string(), ended_at: z.iso.datetime() }),
  ),
});
export type Manifest = z.output<typeof schema>;

/** Throws where this is no manifest, with what is wrong in one line. */
export const parseManifest = (text: string): Manifest => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new Error(`${issue.path.join(".")}: ${issue.message}`);
};

/** What a manifest says of rows, gathered trip by trip. */
export const createTally = () => {
  const machines = new Set<string>();
  const trips: Manifest["trips"] = [];
  let rows = 0;
  const positions = { first: Infinity, last: 0 };
  const times = { first: Infinity, last: -Infinity };
  return {
    add(trip: readonly EventRow[]): void {
      const end = trip.at(-1)!;
      trips.push({ id: end.actorId, seq: end.seq, state: end.toState, ended_at: iso(end.at) });
      rows += trip.length;
      for (const { machine, position, at } of trip) {
        machines.add(machine);
        positions.first = Math.min(positions.first, position);
        positions.last = Math.max(positions.last, position);
        times.first = Math.min(times.first, at);
        times.last = Math.max(times.last, at);
      }
    },
    trips: () => trips.length,
    /** Of at least one trip. */
    said: (): Pick<Manifest, "rows" | "positions" | "times" | "machines" | "trips"> => ({
      rows,
      positions: { ...positions },
      times: { first: iso(times.first), last: iso(times.last) },
      machines: [...machines].toSorted(),
      trips,
    }),
  };
};

const iso = (at: number): string => new Date(at).toISOString();
