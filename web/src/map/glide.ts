import type { Position } from "../../../src/domain/geo.ts";

export interface Pose extends Position {
  /** Degrees clockwise from north. */
  readonly heading: number;
}

const RAD = Math.PI / 180;

/** Degrees clockwise from north, from one place to another. */
export const bearing = (from: Position, to: Position): number => {
  const east = (to.lng - from.lng) * Math.cos(((from.lat + to.lat) / 2) * RAD);
  const degrees = Math.atan2(east, to.lat - from.lat) / RAD;
  return (degrees + 360) % 360;
};

/** B52: where something is on its way from one pose to another; `share` 0 to 1. It turns the shorter way round. */
export const between = (from: Pose, to: Pose, share: number): Pose => {
  const part = Math.min(1, Math.max(0, share));
  const turn = ((to.heading - from.heading + 540) % 360) - 180;
  return {
    lat: from.lat + (to.lat - from.lat) * part,
    lng: from.lng + (to.lng - from.lng) * part,
    heading: (from.heading + turn * part + 360) % 360,
  };
};
