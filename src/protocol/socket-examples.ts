// What the documents show of the sockets. A test sends those of clients to a server, and reads those of the
// server by their schemas.

import { examples } from "./http-examples.ts";

const order_id = "0197c3a1-5f0e-7c51-9d1a-3f2b6f1e0a01";
const driver_id = "0197c3a0-11d2-7a44-8a4e-0c5f3b7f2d02";
const offer_id = "1042";
const at = 1_782_895_800_000;
const cell = "882165b569fffff";
const pickup = { lat: 38.5598, lng: 68.787 };
const dropoff = { lat: 38.5737, lng: 68.8031 };
const fare = { amount: 1850, currency: "TJS" };
const offer = { order_id, offer_id };

/** Client -> server, by socket and `type`. */
export const clientExamples: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  driver: {
    driver_location: { type: "driver_location", lat: 38.56, lon: 68.78, heading: 90, speed_mps: 8.3 },
    driver_location_compact: [1, 38.56, 68.78, 90, 8.3, 8, at],
    driver_status: { type: "driver_status", id: "1", status: "available" },
    offer_received: { type: "offer_received", id: "2", ...offer },
    accept_order: { type: "accept_order", id: "3", ...offer },
    decline_order: { type: "decline_order", id: "4", ...offer, reason: "too far" },
    driver_departed: { type: "driver_departed", id: "5", order_id },
    driver_arrived: { type: "driver_arrived", id: "6", order_id },
    start_trip: { type: "start_trip", id: "7", order_id },
    complete_trip: { type: "complete_trip", id: "8", order_id, distance_m: 2_790 },
    cancel_order: { type: "cancel_order", id: "9", order_id, reason: "flat tyre" },
    heartbeat: { type: "heartbeat", id: "10" },
  },
  passenger: {
    request_trip: { type: "request_trip", id: "1", pickup, dropoff, note: "gate 3" },
    cancel_trip: { type: "cancel_trip", id: "2", order_id, reason: "plans changed" },
    subscribe: { type: "subscribe", id: "3", order_id, since_seq: 3 },
    unsubscribe: { type: "unsubscribe", id: "4", order_id },
    watch_nearby: { type: "watch_nearby", id: "5", ...pickup, radius_m: 2_000 },
    unwatch_nearby: { type: "unwatch_nearby", id: "6" },
    rate_trip: { type: "rate_trip", id: "7", order_id, stars: 5 },
    heartbeat: { type: "heartbeat", id: "8" },
  },
  admin: {
    subscribe: { type: "subscribe", id: "1", topics: ["stats", "orders"] },
    assign_driver: { type: "assign_driver", id: "2", order_id, driver_id, reason: "asked for by phone" },
    cancel_trip: { type: "cancel_trip", id: "3", order_id, reason: "fraud" },
    complete_trip: {
      type: "complete_trip",
      id: "5",
      order_id,
      distance_m: 2_790,
      reason: "the driver's phone is dead",
    },
    unsubscribe: { type: "unsubscribe", id: "4", topics: ["stats"] },
    heartbeat: { type: "heartbeat", id: "6" },
  },
};

const order = {
  type: "new_order",
  order_id,
  seq: 2,
  pickup,
  dropoff,
  pickup_eta_s: 95,
  pickup_distance_m: 224,
  fare,
  passenger: { first_name: "Parvin", rating: null },
};
const driver = {
  driver_id,
  first_name: "Dilshod",
  vehicle_type: "standard",
  license_plate: "0101TJ01",
  lat: 38.5612,
  lng: 68.7851,
};
const offered = { ...order, offer_id, expires_at: at + 15_000, expires_in_ms: 15_000 };
const update = {
  type: "order_update",
  order_id,
  seq: 4,
  status: "accepted",
  state: "accepted",
  at,
  driver,
  eta_s: 95,
};
const welcome = { type: "welcome", server_time: at, session: "Yk3v0Q" };
const ack = { type: "ack", id: "3", order_id, seq: 4 };
const error = {
  type: "error",
  id: "3",
  error: { code: "offer_expired", message: "the offer is over", status: "requested", legal: [] },
};

/** Server -> client, by socket and name. */
export const serverExamples: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  driver: {
    welcome: { ...welcome, resume: { status: "offered", order: null, offers: [offered] } },
    ack,
    error,
    new_order: offered,
    new_order_assigned: { ...order, assigned: true },
    cancel_order: { type: "cancel_order", order_id, offer_id, seq: 5, reason: "cancelled" },
    order_update: { ...update, seq: 5, status: "en_route", state: "en_route" },
  },
  passenger: {
    welcome: { ...welcome, resume: { order_ids: [order_id] } },
    ack,
    error,
    order_update: update,
    driver_location: { type: "driver_location", order_id, driver_id, ...pickup, heading: 90, at },
    driver_location_nearby: {
      type: "driver_location",
      drivers: [{ driver_id: "mXq0b7Qd3yTzVw1R", ...pickup, heading: 90, at }],
      gone: ["Zk2bV8sJq4nT0aLe"],
    },
    estimate_update: { type: "estimate_update", order_id, eta_s: 210, distance_m: 640, leg: "pickup", at },
  },
  admin: {
    welcome: { ...welcome, resume: {} },
    ack,
    error,
    system_stats: {
      type: "system_stats",
      at,
      match_latency_ms: { p50: 0.02, p95: 0.05, p99: 0.1 },
      time_to_first_offer_ms: { p50: 7, p95: 12, p99: 19 },
      orders_per_minute: 42,
      active_drivers: 310,
      drivers_by_status: { available: 190, offered: 4, en_route: 51, at_pickup: 11, on_trip: 52, paused: 2 },
      active_orders: 121,
      conversion: 0.91,
      cancellation_rate: 0.06,
      sockets: 460,
      pings_per_second: 298,
      loop_lag_ms: 0.4,
      log_lag_ms: 1.7,
      invariant_breaks: { I1: 0, I2: 0 },
      quarantined: 0,
    },
    active_orders: {
      type: "active_orders",
      full: true,
      orders: [
        {
          ...examples.trip.answer,
          requested_at: at - 60_000,
          accepted_at: at - 52_000,
          arrived_at: null,
          started_at: null,
          completed_at: null,
          cancelled_at: null,
          passenger_name: "Parvin",
          driver_name: "Dilshod Rahimov",
          market: "dushanbe",
          alarms: [],
        },
      ],
    },
    drivers: {
      type: "drivers",
      full: false,
      drivers: [{ driver_id, ...pickup, heading: null, status: "en_route", at }],
      gone: [],
    },
    drivers_counted: { type: "drivers", full: true, cells: [{ cell, count: 17, ...pickup }] },
    cells: {
      type: "cells",
      full: false,
      cells: [
        {
          cell,
          supply: 3,
          demand: 1,
          outline: [
            [68.7786, 38.5551],
            [68.7832, 38.5584],
            [68.7823, 38.5633],
            [68.7768, 38.5649],
            [68.7722, 38.5616],
            [68.7731, 38.5567],
          ],
        },
      ],
    },
    log: {
      type: "log",
      row: {
        event: "new_order_assigned",
        type: "offer.accepted",
        market: "dushanbe",
        position: 1_051,
        turn: 1_051,
        caused_by: null,
        at,
        actor: "trip",
        actor_id: order_id,
        seq: 4,
        from: "requested.offering",
        to: "accepted",
        body: { offerId: offer_id, driverId: driver_id },
        changes: {},
        effects: [],
      },
    },
  },
};
