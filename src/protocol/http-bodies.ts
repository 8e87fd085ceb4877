import * as z from "zod";
import { cursor } from "./cursor.ts";
import {
  coordinates,
  driverIdText,
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

const pageSize = (most: number, usual: number) => numberOr(z.int().min(1).max(most), usual);
/** Query of `GET /trips` */
export const tripsQuery = z.object({
  status: maybe(listedStatus),
  driver_id: maybe(driverIdText),
  passenger_id: maybe(passengerIdText),
  limit: pageSize(100, 20),
  cursor: maybe(cursor),
});
/** Query of `GET /drivers` */
export const driversQuery = z.object({
  status: maybe(driverStatus),
  limit: pageSize(100, 20),
  cursor: maybe(cursor),
});
const seq = z.int().min(0).max(2_147_483_647);
/** Query of `GET /trips/{id}/events`: those after `since_seq`, or after the page that gave the cursor. */
export const eventsQuery = z.object({
  since_seq: numberOr(seq, 0),
  limit: pageSize(1_000, 100),
  cursor: maybe(numberIn(seq)),
});

// What goes out.

const listOf = <T extends z.ZodType>(item: T) =>
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
  distance_m: z.number(),
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
    distance_m: z.number(),
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

const anything = z.record(z.string(), z.unknown());
/** P181: what the log holds is told as it is there, not in the shapes of the rest of the API. */
export const raw = { description: "Of the log's row, as stored: names in camel case, times in Unix ms" };
/** `GET /trips/{id}/events`: rows of the event log. */
export const tripEvents = listOf(
  z.object({
    seq: z.int(),
    /** In the market's log; `caused_by` is another one, of the row whose consequence this is. */
    position: z.int(),
    caused_by: z.int().nullable(),
    at: isoTime,
    type: z.string(),
    by: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    body: anything.meta(raw),
    changes: anything.meta(raw),
    effects: z.array(z.unknown()).meta(raw),
  }),
);

const measured = z.union([z.number(), z.string(), z.boolean()]);
/** `GET /trips/{id}/why` */
export const why = z.object({
  trip_id: z.string(),
  attempts: z.array(
    z.object({
      at: isoTime,
      /** While nobody was found: the last look of `looks`, whose result this is. */
      until: isoTime,
      looks: z.int(),
      wave: z.int(),
      /** How many the wave may ask, and how far. */
      size: z.int(),
      radius_m: z.number(),
      /** Every driver nearer than this is listed. */
      searched_m: z.number(),
      text: z.string(),
      candidates: z.array(
        z.object({
          driver_id: z.string(),
          distance_m: z.number(),
          eta_s: z.number(),
          asked: z.boolean(),
          /** The gate that decided; null for those asked. */
          reason: z.string().nullable(),
          text: z.string(),
          gates: z.array(
            z.object({ gate: z.string(), value: measured, threshold: measured, passed: z.boolean() }),
          ),
          /** Null where trip or driver had moved on before the offer was made. */
          offer: z
            .object({
              offer_id: z.string(),
              sent_at: isoTime,
              delivered_at: isoTime.nullable(),
              outcome: z.string().nullable(),
              outcome_at: isoTime.nullable(),
              reason: z.string().nullable(),
            })
            .nullable(),
        }),
      ),
    }),
  ),
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
export type QuoteRequest = z.output<typeof quoteRequest>;
export type TripsQuery = z.output<typeof tripsQuery>;
export type DriversQuery = z.output<typeof driversQuery>;
export type EventsQuery = z.output<typeof eventsQuery>;
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
export type TripsBody = z.infer<typeof trips>;
export type Quoted = z.infer<typeof quoted>;
export type TripEvents = z.infer<typeof tripEvents>;
export type Why = z.infer<typeof why>;
export type DriversBody = z.infer<typeof drivers>;
export type NearbyDrivers = z.infer<typeof nearbyDrivers>;
export type DriverBody = z.infer<typeof driver>;
export type MatchAnswer = z.infer<typeof matchAnswer>;
