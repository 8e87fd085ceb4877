import type { Random } from "../city/random.ts";
import { frame } from "./web-socket.ts";
import { pack } from "msgpackr";
import { somewhere } from "./somewhere.ts";

/** Compact pings of one car, made once and changed where they lie. */
export interface PingFrames {
  /** One after another. */
  readonly bytes: Buffer;
  /** Drives on for a second with each of them. The server must have read the last ones. */
  driveOn(): void;
  /** The last position once more, to be acknowledged. */
  barrier(): Buffer;
}

export const PING_BYTES = 46;

// Where the numbers lie in a frame of `[1, lat, lng, 90, 10.5, 5, at]`: each as a double of 8 bytes.
const LAT = 9;
const LNG = 18;
const AT = 38;

/** 10 m north or 8 m east, so that drivers change cells about as often as in a city. */
const STEP_DEG = 0.000_09;
/** They turn round as often: nobody leaves the city. */
const STEPS = 200;

export const createPingFrames = (random: Random, count: number): PingFrames => {
  let { lat, lng } = somewhere(random);
  let at = Date.now();
  let steps = 0;
  let stepDeg = STEP_DEG;
  const north = random() < 0.5;
  const one = frame(pack([1, lat, lng, 90, 10.5, 5, at]));
  const bytes = Buffer.concat(Array.from({ length: count }, () => one));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    bytes,
    driveOn: () => {
      for (let i = 0; i < bytes.length; i += PING_BYTES) {
        if (++steps % STEPS === 0) stepDeg = -stepDeg;
        if (north) lat += stepDeg;
        else lng += stepDeg;
        at += 1_000;
        view.setFloat64(i + LAT, lat);
        view.setFloat64(i + LNG, lng);
        view.setFloat64(i + AT, at);
      }
    },
    barrier: () => frame(pack({ type: "driver_location", id: "b", lat, lng })),
  };
};
