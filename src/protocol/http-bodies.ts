import * as z from "zod";
import {
  coordinates,
  driverIdText,
  driverStatus,
  email,
  id,
  isoTime,
  lat,
  lng,
  located,
  maybe,
  money,
  note,
  phone,
  point,
  position,
  reason,
  text,
  tripStatus,
  vehicleType,
} from "./values.ts";

// What comes in. A missing optional field is null inside.

const person = {
  email,
  phone_number: maybe(phone),
  first_name: maybe(text(100, 1)),
  last_name: maybe(text(100, 1)),
};
/** `POST /passengers/register` */
export const passengerRegistration = z.object(person);
/** `POST /drivers/register` */
export const driverRegistration = z.object({
  ...person,
  vehicle_type: vehicleType,
  license_plate: text(20, 1),
});
/** `POST /trips`, and `request_trip`. */
export const tripRequest = z.object({
  pickup: position,
  dropoff: position,
  vehicle_type: vehicleType.default("standard"),
  quote_id: maybe(id),
  note: maybe(note),
});
/** `POST /trips/{id}/cancel` */
export const tripCancel = z.object({ reason: maybe(reason) });
/** `POST /trips/{id}/assign` */
export const tripAssign = z.object({ driver_id: driverIdText, reason: maybe(reason) });
/** `POST /v1/match`; without a vehicle type: any. */
export const matchRequest = z
  .object({
    ...coordinates,
    vehicle_type: maybe(vehicleType),
    limit: z.int().min(1).max(50).default(10),
  })
  .transform(located);

/** A query parameter is text. */
const numberText = z
  .string()
  .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, { error: "is not a number" })
  .transform(Number);
/** Query of `GET /drivers/nearby`: radius in km (contract), at most 50. */
export const nearbyQuery = z
  .object({
    lat: numberText.pipe(lat),
    lng: numberText.pipe(lng).optional(),
    lon: numberText.pipe(lng).optional(),
    radius: numberText.pipe(z.number().positive().max(50)).default(5),
    vehicle_type: maybe(vehicleType),
    limit: numberText.pipe(z.int().min(1).max(100)).default(20),
  })
  .transform(located);

// What goes out.

export const registeredPassenger = z.object({ passenger_id: z.string(), token: z.string() });
export const registeredDriver = z.object({ driver_id: z.string(), token: z.string() });
export const refreshedToken = z.object({ token: z.string() });

/** The driver of a trip, as its passenger sees them; without a known position lat and lng are null. */
export const tripDriver = z.object({
  driver_id: z.string(),
  first_name: z.string().nullable(),
  vehicle_type: z.string(),
  license_plate: z.string(),
  lat: z.number().nullable(),
  lng: z.number().nullable(),
});
export const trip = z.object({
  trip_id: z.string(),
  passenger_id: z.string(),
  driver: tripDriver.nullable(),
  vehicle_type: z.string(),
  pickup: point,
  dropoff: point,
  status: tripStatus,
  state: z.string(),
  seq: z.int(),
  fare: money.nullable(),
  cancel_fee: money.nullable(),
  eta_s: z.number().nullable(),
  requested_at: isoTime,
  accepted_at: isoTime.nullable(),
  arrived_at: isoTime.nullable(),
  started_at: isoTime.nullable(),
  completed_at: isoTime.nullable(),
  cancelled_at: isoTime.nullable(),
  cancelled_by: z.string().nullable(),
  reason: z.string().nullable(),
});
/** `GET /drivers/nearby` */
export const nearbyDrivers = z.array(
  z.object({
    driver_id: z.string(),
    ...point.shape,
    heading: z.number().nullable(),
    vehicle_type: z.string(),
    distance_m: z.number(),
    eta_s: z.number(),
  }),
);
/** `GET /drivers/{id}` */
export const driver = z.object({
  driver_id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  vehicle_type: z.string(),
  license_plate: z.string(),
  status: driverStatus,
  order_id: z.string().nullable(),
  lat: z.number().nullable(),
  lng: z.number().nullable(),
  seen_at: isoTime.nullable(),
});
/** `POST /v1/match` */
export const matchAnswer = z.object({
  candidates: z.array(
    z.object({
      driver_id: z.string(),
      distance_m: z.number(),
      eta_s: z.number(),
      ...point.shape,
    }),
  ),
  cells_scanned: z.int(),
  considered: z.int(),
});

export type PassengerRegistration = z.output<typeof passengerRegistration>;
export type DriverRegistration = z.output<typeof driverRegistration>;
export type TripRequest = z.output<typeof tripRequest>;
export type TripCancel = z.output<typeof tripCancel>;
export type TripAssign = z.output<typeof tripAssign>;
export type MatchRequest = z.output<typeof matchRequest>;
export type NearbyQuery = z.output<typeof nearbyQuery>;
export type RegisteredPassenger = z.infer<typeof registeredPassenger>;
export type RegisteredDriver = z.infer<typeof registeredDriver>;
export type RefreshedToken = z.infer<typeof refreshedToken>;
export type TripBody = z.infer<typeof trip>;
export type TripDriver = z.infer<typeof tripDriver>;
export type NearbyDrivers = z.infer<typeof nearbyDrivers>;
export type DriverBody = z.infer<typeof driver>;
export type MatchAnswer = z.infer<typeof matchAnswer>;
