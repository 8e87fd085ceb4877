// What the documents show. A test sends every request of them to a server, and reads every answer by its schema.

const tripId = "0197c3a1-5f0e-7c51-9d1a-3f2b6f1e0a01";
const driverId = "0197c3a0-11d2-7a44-8a4e-0c5f3b7f2d02";
const passengerId = "0197c3a0-0b7e-7f10-b1c2-5d7e9a4c6b03";
const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk3In0.c2lnbmF0dXJl";
const pickup = { lat: 38.5598, lng: 68.787 };
const dropoff = { lat: 38.5737, lng: 68.8031 };
const fare = { amount: 1850, currency: "TJS" };

const trip = {
  trip_id: tripId,
  passenger_id: passengerId,
  driver: {
    driver_id: driverId,
    first_name: "Dilshod",
    vehicle_type: "standard",
    license_plate: "0101TJ01",
    lat: 38.5612,
    lng: 68.7851,
  },
  vehicle_type: "standard",
  pickup,
  dropoff,
  status: "accepted",
  state: "accepted",
  seq: 4,
  fare,
  cancel_fee: null,
  eta_s: 95,
  requested_at: "2026-07-01T08:30:00.000Z",
  accepted_at: "2026-07-01T08:30:06.412Z",
  arrived_at: null,
  started_at: null,
  completed_at: null,
  cancelled_at: null,
  cancelled_by: null,
  reason: null,
};
const requested = { ...trip, driver: null, status: "requested", state: "requested.searching", seq: 1 };
const cancelled = {
  ...trip,
  status: "cancelled",
  state: "cancelled",
  cancelled_at: "2026-07-01T08:31:10.000Z",
  cancelled_by: "passenger",
  cancel_fee: { amount: 0, currency: "TJS" },
  reason: "plans changed",
};
const completed = {
  ...trip,
  status: "completed",
  state: "completed",
  seq: 9,
  eta_s: null,
  arrived_at: "2026-07-01T08:32:01.004Z",
  started_at: "2026-07-01T08:33:10.551Z",
  completed_at: "2026-07-01T09:40:00.120Z",
};
const driver = {
  driver_id: driverId,
  first_name: "Dilshod",
  last_name: "Karimov",
  vehicle_type: "standard",
  license_plate: "0101TJ01",
  status: "available",
  order_id: null,
  lat: 38.5612,
  lng: 68.7851,
  seen_at: "2026-07-01T08:30:04.120Z",
  since: "2026-07-01T07:55:31.007Z",
  misses: 0,
};
const gates = [
  { gate: "idle", value: true, threshold: true, passed: true },
  { gate: "fresh", value: 1_200, threshold: 15_000, passed: true },
  { gate: "vehicle_type", value: "standard", threshold: "standard", passed: true },
  { gate: "not_tried", value: true, threshold: true, passed: true },
  { gate: "within_radius", value: 224, threshold: 3_000, passed: true },
  { gate: "enough", value: 1, threshold: 1, passed: true },
];

export const examples = {
  registerPassenger: {
    body: { email: "parvin@example.org", phone_number: "+992 900 00 00 00", first_name: "Parvin" },
    answer: { passenger_id: passengerId, token },
  },
  registerDriver: {
    body: {
      email: "dilshod@example.org",
      first_name: "Dilshod",
      last_name: "Karimov",
      vehicle_type: "standard",
      license_plate: "0101TJ01",
    },
    answer: { driver_id: driverId, token },
  },
  refresh: { answer: { token } },
  quote: {
    body: { pickup, dropoff, vehicle_type: "standard" },
    answer: {
      quote_id: "akS5YAAAAAc6AAALPAABnBb7_IApAAGLFv4iqCkCdYy-pYYx0tRkR6Z3y1v0nC2p",
      fare,
      distance_m: 2_811,
      duration_s: 456,
      pickup_eta_s: 95,
      expires_at: "2026-07-01T08:35:00.000Z",
    },
  },
  requestTrip: {
    body: { pickup, dropoff: { lat: dropoff.lat, lon: dropoff.lng }, note: "gate 3" },
    answer: { ...requested, eta_s: null, accepted_at: null },
  },
  trips: { query: { status: "accepted", limit: 20 }, answer: { items: [trip], next_cursor: null } },
  trip: { answer: { ...trip, legal: ["cancel_trip", "assign_driver"] } },
  cancelTrip: { body: { reason: "plans changed" }, answer: { ...cancelled, eta_s: null, legal: [] } },
  assignTrip: {
    body: { driver_id: driverId, reason: "asked for by phone" },
    answer: { ...trip, legal: ["cancel_trip", "assign_driver"] },
  },
  completeTrip: {
    body: { distance_m: 2_790, reason: "the driver's phone is dead" },
    answer: { ...completed, legal: [] },
  },
  newestEvents: {
    query: { limit: 100 },
    answer: {
      items: [
        {
          event: "new_order_assigned",
          type: "offer.accepted",
          market: "dushanbe",
          position: 1_051,
          turn: 1_051,
          caused_by: null,
          at: "2026-07-01T08:30:06.412Z",
          actor: "trip",
          actor_id: tripId,
          seq: 4,
          from: "requested.offering",
          to: "accepted",
          body: { offerId: "1042", driverId },
          changes: {},
          effects: [],
        },
      ],
    },
  },
  events: {
    query: { since_seq: 1, limit: 100 },
    answer: {
      items: [
        {
          seq: 2,
          position: 1_042,
          caused_by: null,
          at: "2026-07-01T08:30:00.004Z",
          type: "offer",
          by: "system",
          from: "requested.searching",
          to: "requested.offering",
          body: { driverId, wave: 1, etaS: 95, distanceM: 224, fixAgeMs: 1_200 },
          changes: { tried: [driverId] },
          effects: [],
        },
      ],
      next_cursor: null,
    },
  },
  why: {
    answer: {
      trip_id: tripId,
      attempts: [
        {
          at: "2026-07-01T08:30:00.003Z",
          until: "2026-07-01T08:30:00.003Z",
          looks: 1,
          wave: 1,
          size: 1,
          radius_m: 3_000,
          searched_m: 224,
          text: "asked 1 of at most 1",
          candidates: [
            {
              driver_id: driverId,
              distance_m: 224,
              eta_s: 95,
              asked: true,
              reason: null,
              text: "asked, 2 min away",
              gates,
              offer: {
                offer_id: "1042",
                sent_at: "2026-07-01T08:30:00.004Z",
                delivered_at: "2026-07-01T08:30:00.121Z",
                outcome: "accepted",
                outcome_at: "2026-07-01T08:30:06.412Z",
                reason: null,
              },
            },
          ],
        },
      ],
    },
  },
  nearby: {
    query: { ...pickup, radius: 5, limit: 20 },
    answer: [
      {
        driver_id: "q3nXc0hR1bE7sKfA",
        lat: 38.5612,
        lng: 68.7851,
        heading: 90,
        vehicle_type: "standard",
        distance_m: 224,
        eta_s: 95,
      },
    ],
  },
  drivers: { query: { status: "available" }, answer: { items: [driver], next_cursor: null } },
  driver: { answer: driver },
  match: {
    body: { ...pickup, limit: 10 },
    answer: {
      candidates: [{ driver_id: driverId, distance_m: 224, eta_s: 95, lat: 38.5612, lng: 68.7851 }],
      cells_scanned: 7,
      considered: 12,
    },
  },
  config: {
    answer: {
      markets: [
        {
          id: "dushanbe",
          name: "Dushanbe",
          currency: "TJS",
          time_zone: "Asia/Dushanbe",
          centre: { lat: 38.56, lng: 68.78 },
        },
      ],
      map: { tiles: null, roads: null },
    },
  },
} as const;
