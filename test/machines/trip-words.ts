import { expect } from "vitest";
import { driverId } from "../../src/domain/ids.ts";
import type { OfferId } from "../../src/domain/ids.ts";
import type { TripPolicy } from "../../src/domain/policy.ts";
import type { TripEvent } from "../../machines/events.ts";
import { createTrip, openScene } from "./scene.ts";

// What the tests of a trip say, with what they do not care about filled in.

export const A = driverId("A");
export const B = driverId("B");
export const C = driverId("C");

/** Three idle drivers and a trip that searches. */
export const openTrip = (policy: Partial<TripPolicy> = {}) => {
  const scene = openScene(A, B, C);
  scene.trip(createTrip(policy));
  return scene;
};
export const accept = (offerId: OfferId, by = A): TripEvent => ({
  type: "offer.accepted",
  offerId,
  driverId: by,
});
export const giveBack = (by = A, reason = "flat tyre"): TripEvent => ({
  type: "driver.cancel",
  driverId: by,
  reason,
});
export const arrive = (distanceM: number | null, reason: string | null = null): TripEvent => ({
  type: "driver.arrived",
  by: "driver",
  driverId: A,
  distanceM,
  fixAgeMs: distanceM === null ? null : 1_000,
  reason,
});
export const assign = (to: typeof A): TripEvent => ({
  type: "admin.assign",
  adminId: "admin-1",
  driverId: to,
  etaS: null,
  distanceM: null,
  reason: null,
});
export const reassign = (to: typeof A): TripEvent => ({
  type: "admin.reassign",
  adminId: "admin-1",
  driverId: to,
  etaS: 60,
  distanceM: 300,
  reason: "wrong way",
});
export const refused = (code: string) =>
  expect.objectContaining({ is: "refused", refusal: expect.objectContaining({ code }) });
