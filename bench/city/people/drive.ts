import { distanceM, type Position } from "../../../src/domain/geo.ts";

/** A straight way from one place to another, in milliseconds of whichever clock it is asked with. */
export interface Leg {
  readonly from: Position;
  readonly to: Position;
  readonly startMs: number;
  readonly tookMs: number;
}

/** New York taxis of 2013, on haversine kilometres: simulated seconds = 286 x km^0.712. */
export const driveModel = { coefficientS: 286, exponent: 0.712 };

/** Simulated seconds to drive from `a` to `b`. */
export const driveS = (a: Position, b: Position): number =>
  driveModel.coefficientS * (distanceM(a, b) / 1000) ** driveModel.exponent;

export const positionOn = ({ from, to, startMs, tookMs }: Leg, nowMs: number): Position => {
  const part = tookMs > 0 ? (nowMs - startMs) / tookMs : 1;
  if (part >= 1) return to;
  return {
    lat: from.lat + (to.lat - from.lat) * part,
    lng: from.lng + (to.lng - from.lng) * part,
  };
};
