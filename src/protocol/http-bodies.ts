import * as z from "zod";
import { cursor } from "./cursor.ts";
import {
  coordinates,
  driverIdText,
  drivenM,
  driverStatus,
  email,
  id,
  isoTime,
  lat,
  listedStatus,
  lng,
  located,
  maybe,
  maybePhone,
  maybeReason,
  maybeText,
  money,
  note,
  numberIn,
  numberOr,
  passengerIdText,
  point,
  position,
  reason,
  straightM,
  text,
  tripStatus,
  vehicleType,
} from "./values.ts";

// What comes in. A missing optional field is null inside.

const person = {
  email,
  phone_number: maybePhone,
  first_name: maybeText(text(100)),
  last_name: maybeText(text(100)),
};
/** `POST /passengers/register` */
export const passengerRegistration = z.object(person);
/** `POST /drivers/register` */
export const driverRegistration = z.object({
  ...person,
  vehicle_type: vehicleType,
  license_plate: text(20, 1),
});
/** `POST /quotes` */
export const quoteRequest = z.object({
  pickup: position,
  dropoff: position,
  vehicle_type: vehicleType.default("standard"),
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
export const tripCancel = z.object({ reason: maybeReason });
/** `POST /trips/{id}/assign` */
export const tripAssign = z.object({ driver_id: driverIdText, reason: maybeReason });
/** `POST /trips/{id}/complete`: what the driver's phone would have said, and why it is said for it. */
export const tripComplete = z.object({ distance_m: drivenM, reason });
/** `POST /v1/match`; without a vehicle type: any. */
export const matchRequest = z
  .object({
    ...coordinates,
    vehicle_type: maybe(vehicleType),
    limit: z.int().min(1).max(50).default(10),
  })
  .transform(located);

/** Query of `GET /drivers/nearby`: radius in km (contract), at most 50. */
export const nearbyQuery = z
  .object({
    lat: numberIn(lat),
    lng: numberIn(lng).optional(),
    lon: numberIn(lng).optional(),
    radius: numberOr(z.number().positive().max(50), 5),
    vehicle_type: maybe(vehicleType),
    limit: numberOr(z.int().min(1).max(100), 20),
  })
  .transform(located);

/** How many of a list: at most, and where nothing is said. */
export const pageSize = (most: number, usual: number) => numberOr(z.int().min(1).max(most), usual);
/** What an operator types: consoles show an id by its end, after an ellipsis. */
const search = text(100)
  .transform((typed) => typed.trim().replace(/^…/, "") || null)
  .meta({
    description: "The end of an id, a plate or part of a name, in any letter case; operators only",
    examples: ["84ecfff7"],
  });
/** Query of `GET /trips`; `q` looks at the newest 100,000 that pass the rest. */
export const tripsQuery = z.object({
  status: maybe(listedStatus),
  driver_id: maybe(driverIdText),
  passenger_id: maybe(passengerIdText),
  q: maybe(search),
  limit: pageSize(100, 20),
  cursor: maybe(cursor),
});
/** Query of `GET /drivers` */
export const driversQuery = z.object({
  status: maybe(driverStatus),
  q: maybe(search),
  limit: pageSize(100, 20),
  cursor: maybe(cursor),
});

// What goes out.

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const registeredPassenger = z.object({ passenger_id: z.string(), token: z.string() });
export const registeredDriver = z.object({ driver_id: z.string(), token: z.string() });
export const refreshedToken = z.object({ token: z.string() });

/** The driver of a trip, as its passenger sees them; without a known position lat and lng are null. */
export const tripDriver = z
  .object({
    driver_id: z.string(),
    first_name: z.string().nullable(),
    vehicle_type: z.string(),
    license_plate: z.string(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .meta({ title: "TripDriver" });
export const trip = z
  .object({
    trip_id: z.string(),
    /** S60. */
    passenger_id: z.string().meta({ description: "Opaque: it tells a driver nothing about who they are" }),
    passenger_name: z.string().nullable().optional().meta({ description: "First name; for operators" }),
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
  })
  .meta({ title: "Trip" });
export const trips = listOf(trip);
/** `POST /quotes`; without a driver near there is no ETA. */
export const quoted = z.object({
  quote_id: z.string(),
  fare: money,
  distance_m: z.number().meta({ description: "Expected to be driven, metres" }),
  duration_s: z.number(),
  pickup_eta_s: z.number().nullable(),
  expires_at: isoTime,
});
/** `GET /drivers/nearby` */
export const nearbyDrivers = z.array(
  z.object({
    driver_id: z.string(),
    ...point.shape,
    heading: z.number().nullable(),
    vehicle_type: z.string(),
    distance_m: straightM,
    eta_s: z.number(),
  }),
);
/** `GET /drivers/{id}` */
export const driver = z
  .object({
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
    /** In this status; of one who was never online: registered (P175). */
    since: isoTime.nullable(),
    /** Offers in a row that ran out unanswered. */
    misses: z.int(),
  })
  .meta({ title: "Driver" });
export const drivers = listOf(driver);

/** `POST /v1/match` */
export const matchAnswer = z.object({
  candidates: z.array(
    z.object({
      driver_id: z.string(),
      distance_m: straightM,
      eta_s: z.number(),
      ...point.shape,
    }),
  ),
  cells_scanned: z.int(),
  considered: z.int(),
});

export type PassengerRegistration = z.output<typeof passengerRegistration>;
export type DriverRegistration = z.output<typeof driverRegistration>;
export type QuoteRequest = z.output<typeof quoteRequest>;
export type TripsQuery = z.output<typeof tripsQuery>;
export type DriversQuery = z.output<typeof driversQuery>;
export type TripRequest = z.output<typeof tripRequest>;
export type TripCancel = z.output<typeof tripCancel>;
export type TripAssign = z.output<typeof tripAssign>;
export type TripComplete = z.output<typeof tripComplete>;
export type MatchRequest = z.output<typeof matchRequest>;
export type NearbyQuery = z.output<typeof nearbyQuery>;
export type RegisteredPassenger = z.infer<typeof registeredPassenger>;
export type RegisteredDriver = z.infer<typeof registeredDriver>;
export type RefreshedToken = z.infer<typeof refreshedToken>;
export type TripBody = z.infer<typeof trip>;
export type TripDriver = z.infer<typeof tripDriver>;
export type TripsBody = z.infer<typeof trips>;
export type Quoted = z.infer<typeof quoted>;
export type DriversBody = z.infer<typeof drivers>;
export type NearbyDrivers = z.infer<typeof nearbyDrivers>;
export type DriverBody = z.infer<typeof driver>;
export type MatchAnswer = z.infer<typeof matchAnswer>;
