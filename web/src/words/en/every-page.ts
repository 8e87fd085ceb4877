import type { ErrorCode } from "../../../../src/domain/errors.ts";
import type { DriverStatus, TripStatus } from "../../../../src/domain/status.ts";

const tripStatus: Record<TripStatus, string> = {
  requested: "Looking for a driver",
  accepted: "Driver found",
  en_route: "Driver on the way",
  arrived: "Driver is here",
  in_progress: "On the ride",
  completed: "Completed",
  cancelled: "Cancelled",
  no_driver_found: "No driver found",
};
const driverStatus: Record<DriverStatus, string> = {
  offline: "Offline",
  available: "Available",
  offered: "Offered",
  en_route: "To pickup",
  at_pickup: "At pickup",
  on_trip: "On trip",
  paused: "Paused",
};

export const common = {
  crashed: "This page made a mistake",
  reload: "Reload",
  language: "Language",
  theme: "Dark or light",
  reconnecting: "Reconnecting…",
  start: "DG Do Dispatch",
  cancel: "Cancel",
  close: "Close",
  reason: "Reason",
  plainMap: "No streets: this server was given no map to draw.",
  noMap: "No map here: this browser cannot draw one, or its code did not come.",
  noFare: "no fare",
  signOut: "Sign out",
  tripStatus,
  driverStatus,
  unreachable: "The server does not answer. Try again.",
  /** Refusals by their code; where one is missing the server's own words are shown. */
  errors: {
    rate_limited: "Too often. Wait a moment.",
    unavailable: "The server cannot save anything right now.",
    busy: "The server is busy. Try again.",
    token_expired: "Your sign-in has expired.",
    trip_live: "You already have a ride.",
    outside_area: "This place is outside the service area.",
    quote_expired: "This price has expired.",
  } as Partial<Record<ErrorCode, string>>,
};
