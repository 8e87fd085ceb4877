import type { Position } from "../../../src/domain/geo.ts";

const WAIT_MS = 10_000;

/** Where the browser says it is, once; null where it does not. */
export const myPosition = (): Promise<Position | null> =>
  new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 30_000 },
    );
  });
