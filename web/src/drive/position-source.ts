import { type SimulatedCar, drive, speeds } from "./simulated-car.ts";
import type { Fix } from "./drive-model.ts";
import type { Position } from "../../../src/domain/geo.ts";
import { kept } from "../app/kept.ts";

export type SourceKind = "device" | "simulated";
export interface SourceChoice {
  readonly kind: SourceKind;
  readonly faster: boolean;
}

/** What is held in a hand knows where it is; a desk is no car, so there the drive is simulated. */
const usual = (): SourceChoice => ({
  kind: matchMedia("(pointer: coarse)").matches ? "device" : "simulated",
  faster: false,
});

const keptChoice = kept<SourceChoice>("dg.drive.position");
const EVERY_MS = 1_000;
/** As a good receiver says of itself. */
const SIMULATED_ACCURACY_M = 5;

interface Options {
  /** Whose car it is. */
  readonly who: string;
  readonly startsAt: Position;
  readonly target: () => Position | null;
  /** Each second while there is a position; null once the device does not tell. */
  readonly told: (fix: Fix | null) => void;
}

/** Where the car is, each second: as the device says, or as it would drive (B45). */
export const openPosition = ({ who, startsAt, target, told }: Options) => {
  /** A car that stays where it was when the page is loaded again. */
  const keptCar = kept<SimulatedCar>(`dg.drive.car.${who}`);
  let choice = keptChoice.read() ?? usual();
  let car = keptCar.read() ?? { ...startsAt, heading: 0, speedMps: 0 };
  let device: Fix | null = null;
  let watch: number | undefined;
  let lastMs = performance.now();

  const listen = () => {
    if (choice.kind === "simulated") {
      if (watch !== undefined) navigator.geolocation.clearWatch(watch);
      watch = undefined;
      device = null;
    } else if ("geolocation" in navigator && watch === undefined)
      watch = navigator.geolocation.watchPosition(
        ({ coords }) => {
          const { latitude: lat, longitude: lng, heading, speed: speedMps, accuracy: accuracyM } = coords;
          device = { lat, lng, heading, speedMps, accuracyM };
        },
        () => (device = null),
        { enableHighAccuracy: true },
      );
  };
  const tick = () => {
    const nowMs = performance.now();
    const seconds = (nowMs - lastMs) / 1_000;
    lastMs = nowMs;
    // A device that stands may not say so again: it is where it was.
    if (choice.kind === "device") return told(device);
    car = drive(car, target(), choice.faster ? speeds.faster : speeds.usual, seconds);
    keptCar.write(car);
    told({ ...car, accuracyM: SIMULATED_ACCURACY_M });
  };

  listen();
  const timer = setInterval(tick, EVERY_MS);
  tick();
  return {
    choice: () => choice,
    choose(next: SourceChoice) {
      choice = next;
      keptChoice.write(next);
      listen();
      tick();
    },
    /** Puts the simulated car there. */
    put(at: Position) {
      if (choice.kind !== "simulated") return;
      car = { ...at, heading: car.heading, speedMps: 0 };
      tick();
    },
    close() {
      clearInterval(timer);
      if (watch !== undefined) navigator.geolocation.clearWatch(watch);
    },
  };
};
