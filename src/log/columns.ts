import { arrayLiteral } from "./connect.ts";
import type { DriverListRow, EventRow, TripListRow } from "../domain/row.ts";

type Value = string | number | boolean | null;
/** A column: its name, the type of the array its values travel in, where its value comes from. */
export type Column<Row> = readonly [name: string, type: string, value: (row: Row) => Value];

/** `market` is missing in all of them: it comes from the fence of the statement. */
export const eventColumns: readonly Column<EventRow>[] = [
  ["position", "bigint", (row) => row.position],
  ["turn", "bigint", (row) => row.turn],
  ["at", "bigint", (row) => row.at],
  ["caused_by", "bigint", (row) => row.causedBy],
  ["command_hash", "bigint", (row) => row.commandHash],
  ["seq", "integer", (row) => row.seq],
  ["epoch", "integer", (row) => row.epoch],
  ["actor_kind", "text", (row) => row.actorKind],
  ["actor_id", "text", (row) => row.actorId],
  ["type", "text", (row) => row.type],
  ["from_state", "text", (row) => row.fromState],
  ["to_state", "text", (row) => row.toState],
  ["machine", "text", (row) => row.machine],
  ["command_id", "text", (row) => row.commandId],
  ["body", "jsonb", (row) => JSON.stringify(row.body)],
  ["changes", "jsonb", (row) => JSON.stringify(row.changes)],
  ["effects", "jsonb", (row) => JSON.stringify(row.effects)],
];

export const tripColumns: readonly Column<TripListRow>[] = [
  ["requested_at", "bigint", (row) => row.requestedAt],
  ["accepted_at", "bigint", (row) => row.acceptedAt],
  ["arrived_at", "bigint", (row) => row.arrivedAt],
  ["started_at", "bigint", (row) => row.startedAt],
  ["completed_at", "bigint", (row) => row.completedAt],
  ["cancelled_at", "bigint", (row) => row.cancelledAt],
  ["pickup_lat", "float8", (row) => row.pickupLat],
  ["pickup_lng", "float8", (row) => row.pickupLng],
  ["dropoff_lat", "float8", (row) => row.dropoffLat],
  ["dropoff_lng", "float8", (row) => row.dropoffLng],
  ["fare_amount", "bigint", (row) => row.fareAmount],
  ["cancel_fee", "bigint", (row) => row.cancelFee],
  ["seq", "integer", (row) => row.seq],
  ["id", "text", (row) => row.id],
  ["passenger_id", "text", (row) => row.passengerId],
  ["driver_id", "text", (row) => row.driverId],
  ["vehicle_type", "text", (row) => row.vehicleType],
  ["status", "text", (row) => row.status],
  ["state", "text", (row) => row.state],
  ["cancelled_by", "text", (row) => row.cancelledBy],
  ["reason", "text", (row) => row.reason],
  ["fare_currency", "text", (row) => row.fareCurrency],
];

export const driverColumns: readonly Column<DriverListRow>[] = [
  ["since", "bigint", (row) => row.since],
  ["seq", "integer", (row) => row.seq],
  ["misses", "integer", (row) => row.misses],
  ["id", "text", (row) => row.id],
  ["vehicle_type", "text", (row) => row.vehicleType],
  ["status", "text", (row) => row.status],
  ["state", "text", (row) => row.state],
  ["trip_id", "text", (row) => row.tripId],
];

/** The values of rows, one array a column. */
export const arraysOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] =>
  columns.map(([, , value]) => arrayLiteral(rows.map(value)));

/** The SQL of rows that arrive as one array a column, from parameter number `first` on. */
export const rowsFrom = <Row>(first: number, columns: readonly Column<Row>[]) => {
  const names = columns.map(([name]) => name).join(", ");
  const literals = columns.map(([, type], i) => `$${first + i}::${type === "jsonb" ? "text" : type}[]`);
  return {
    names,
    values: columns.map(([name, type]) => `row.${name}${type === "jsonb" ? "::jsonb" : ""}`).join(", "),
    rows: `unnest(${literals.join(", ")}) as row(${names})`,
    updates: columns
      .filter(([name]) => name !== "id")
      .map(([name]) => `${name} = excluded.${name}`)
      .join(", "),
    next: first + columns.length,
  };
};
