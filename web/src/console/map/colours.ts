import type { DriverStatus } from "../../../../src/domain/status.ts";

export type { DriverStatus };

/** Of cars on the map and of dots beside their words: seen on a light and on a dark ground. */
export const driverColours: Readonly<Record<DriverStatus, string>> = {
  available: "#12a150",
  offered: "#e08a00",
  en_route: "#2e90fa",
  at_pickup: "#9e5cf7",
  on_trip: "#0e7490",
  paused: "#8a94a3",
  offline: "#b0b7c1",
};
export const requestColour = "#f04438";

export const driverStatuses = Object.keys(driverColours) as DriverStatus[];
