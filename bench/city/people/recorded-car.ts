import type { City } from "../city.ts";
import type { Clock } from "../clock.ts";
import type { Track } from "../recordings/track.ts";
import { type Car, openCar } from "./car.ts";
import { driveS, positionOn } from "./drive.ts";

/**
 * Cruises as a recorded cab did, and is for hire when that one was (B11). An errand takes it elsewhere;
 * afterwards it drives to where the recording will be when it gets there, and follows it again.
 */
export const recordedCar = (city: City, track: Track, clock: Clock): Car =>
  openCar(city, track.positionAt(clock.nowMs()), {
    isFree: () => track.isFreeAt(clock.nowMs()),
    wayFrom: (here) => {
      const startMs = clock.nowMs();
      const tookMs = driveS(here, track.positionAt(startMs)) * 1000;
      const back = { from: here, to: track.positionAt(startMs + tookMs), startMs, tookMs };
      return () => {
        const nowMs = clock.nowMs();
        return nowMs < startMs + tookMs ? positionOn(back, nowMs) : track.positionAt(nowMs);
      };
    },
  });
