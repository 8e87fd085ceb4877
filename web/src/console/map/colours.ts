import type { DriverStatus } from "../../../../src/domain/status.ts";

export type { DriverStatus };

interface MapColours {
  /** Of cars, and of dots beside their words. */
  readonly drivers: Readonly<Record<DriverStatus, string>>;
  readonly request: string;
}

/** B136: 3 to 1 and more on a light ground (WCAG 1.4.11). */
const onLight: MapColours = {
  drivers: {
    available: "#0e8a45",
    offered: "#b45f06",
    en_route: "#1570d6",
    at_pickup: "#8b46e8",
    on_trip: "#0e6b85",
    paused: "#4d5866",
    offline: "#7b8594",
  },
  request: "#d92d20",
};

/** The same on a dark one. */
const onDark: MapColours = {
  drivers: {
    available: "#2fbf6b",
    offered: "#f0a020",
    en_route: "#53a9ff",
    at_pickup: "#b48aff",
    on_trip: "#25b4cc",
    paused: "#b3bcc8",
    offline: "#747e8c",
  },
  request: "#ff6b5e",
};

export const mapColours = (dark: boolean): MapColours => (dark ? onDark : onLight);

/** Of the lines of trips. */
export const LINE_OPACITY = 0.8;

export const driverStatuses = Object.keys(onLight.drivers) as DriverStatus[];
