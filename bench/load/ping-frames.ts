import type { Position } from "../../src/domain/geo.ts";
import type { Random } from "../city/random.ts";
import { frame } from "./web-socket.ts";
import { pack } from "msgpackr";
import { somewhere } from "./somewhere.ts";

/** Compact pings of one car, made once and changed where they lie. */
export interface PingFrames {
  /** The pings, one after another. */
  readonly bytes: Buffer;
  /** The same position again, to be acknowledged. */
  readonly barrier: Buffer;
  /** A second of driving further for each ping. */
  driveOn(): void;
}

export const PING_BYTES = 46;
export const PING_PAYLOAD_BYTES = 40;

// Where the doubles lie in `82 a8 mask mask mask mask | 97 01 cb lat cb lng heading cb speed accuracy cb at`.
const LAT = 9;
const LNG = 18;
const AT = 38;
/** About 10 m, at right angles and back at the edges, so that cells change as often as in a city. */
const STEP_DEG = 0.000_09;

export const createPingFrames = (random: Random, count: number): PingFrames => {
  const spawn: Position = somewhere(random);
  let { lat, lng } = spawn;
  let at = Date.now();
  let [stepLat, stepLng] = random() < 0.5 ? [STEP_DEG, 0] : [0, STEP_DEG];
  const one = frame(pack([1, lat, lng, 90, 10.5, 5, at]));
  const bytes = Buffer.concat(Array.from({ length: count }, () => one));
  const bytesView = new DataView(bytes.buffer, bytes.byteOffset);
  let barrier = Buffer.alloc(0);
  const frames = {
    bytes,
    get barrier() {
      return barrier;
    },
    driveOn: () => {
      for (let i = 0; i < bytes.length; i += PING_BYTES) {
        if (Math.abs(lat + stepLat - 38.56) > 0.1169) stepLat = -stepLat;
        if (Math.abs(lng + stepLng - 68.78) > 0.1609) stepLng = -stepLng;
        lat += stepLat;
        lng += stepLng;
        at += 1_000;
        bytesView.setFloat64(i + LAT, lat);
        bytesView.setFloat64(i + LNG, lng);
        bytesView.setFloat64(i + AT, at);
      }
      barrier = frame(pack({ type: "driver_location", id: "b", lat, lng }));
    },
  };
  return frames;
};
