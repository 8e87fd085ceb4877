import type { Ms } from "../domain/time.ts";
import type { TripBody, TripDriver } from "../protocol/http-bodies.ts";
import type { Desk, DriverRecord, Place } from "../session/desk.ts";
import type { Role, TripStatus } from "../domain/status.ts";
import { driverId, passengerId, tripId } from "../domain/ids.ts";
import type { DriverId } from "../domain/ids.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import type { TripListRow } from "../domain/row.ts";

/** The contract's Trip, for whoever may see this trip at all. `etaS`: to the pickup, null where nobody is on the way. */
export const viewTrip = async (
  desk: Desk,
  row: TripListRow,
  etaS: number | null,
  viewer: Role,
  nowMs: number,
): Promise<TripBody> => {
  const [driver, passenger_name] = await Promise.all([
    driverOf(desk, row, viewer, nowMs),
    viewer === "admin" ? passengerName(desk, row) : undefined,
  ]);
  return {
    trip_id: row.id,
    passenger_id: row.passengerId,
    ...(passenger_name !== undefined && { passenger_name }),
    driver,
    vehicle_type: row.vehicleType,
    pickup: { lat: row.pickupLat, lng: row.pickupLng },
    dropoff: { lat: row.dropoffLat, lng: row.dropoffLng },
    status: row.status as TripStatus,
    state: row.state,
    seq: row.seq,
    fare: fareOf(row),
    cancel_fee: cancelFeeOf(row),
    eta_s: etaS,
    requested_at: iso(row.requestedAt),
    accepted_at: isoOrNull(row.acceptedAt),
    arrived_at: isoOrNull(row.arrivedAt),
    started_at: isoOrNull(row.startedAt),
    completed_at: isoOrNull(row.completedAt),
    cancelled_at: isoOrNull(row.cancelledAt),
    cancelled_by: row.cancelledBy,
    reason: row.reason,
  };
};

/** S60: operators know whom they help. */
const passengerName = async (desk: Desk, row: TripListRow): Promise<string | null> =>
  (await desk.passengerRecord(passengerId(row.passengerId)).catch(() => undefined))?.firstName ?? null;

/** The driver of a trip, with where they are while it lasts. Null where the viewer may not know (S7). */
export const driverOf = async (
  desk: Desk,
  row: TripListRow,
  viewer: Role,
  nowMs: number,
): Promise<TripDriver | null> => {
  if (row.driverId === null || !mayKnowDriver(row, viewer, nowMs)) return null;
  const id = driverId(row.driverId);
  // A record that cannot be read is a driver without a name, not a trip without an answer.
  const record = await desk.driverRecord(id).catch(() => undefined);
  return driverView(id, record, endedAt(row) === null ? desk.placeOfTrip(tripId(row.id)) : undefined);
};

/** `place`: where to look for their position; without one lat and lng are null. */
export const driverView = (id: DriverId, record: DriverRecord | undefined, place?: Place): TripDriver => {
  const fix = place?.locations.where(id);
  return {
    driver_id: id,
    first_name: record?.firstName ?? null,
    vehicle_type: record?.vehicleType ?? "",
    license_plate: record?.licensePlate ?? "",
    lat: fix?.lat ?? null,
    lng: fix?.lng ?? null,
  };
};

/** The estimate of the assignment, while the driver is on the way. */
export const etaToPickup = (state: TripState, { assignment }: TripContext): number | null =>
  state === "accepted" || state === "en_route" ? (assignment?.etaS ?? null) : null;

/** S7: a passenger knows their driver from acceptance to so long after the end. */
const KNOWN_AFTER_END_MS = 15 * 60_000;

export const mayKnowDriver = (row: TripListRow, viewer: Role, nowMs: number): boolean =>
  viewer !== "passenger" || nowMs - (endedAt(row) ?? nowMs) <= KNOWN_AFTER_END_MS;

const endedAt = (row: TripListRow): Ms | null => row.completedAt ?? row.cancelledAt;

export const fareOf = (row: TripListRow) =>
  row.fareAmount === null || row.fareCurrency === null
    ? null
    : { amount: row.fareAmount, currency: row.fareCurrency };

/** What a cancelled trip costs its passenger, 0 included; null while it is not cancelled. */
const cancelFeeOf = (row: TripListRow) =>
  row.cancelFee === null || row.fareCurrency === null
    ? null
    : { amount: row.cancelFee, currency: row.fareCurrency };

const iso = (at: Ms): string => new Date(at).toISOString();
const isoOrNull = (at: Ms | null): string | null => (at === null ? null : iso(at));
