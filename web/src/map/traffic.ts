import { type Map as MapLibre, Marker } from "maplibre-gl";
import { type Pose, bearing, between } from "./glide.ts";
import type { Position } from "../../../src/domain/geo.ts";

export interface Car extends Position {
  readonly id: string;
  /** Degrees; null: as it goes. */
  readonly heading: number | null;
}

/** Positions come once a second: a car takes as long from one to the next. */
const GLIDE_MS = 1_000;
/** Further than any car goes in that time: it was not there before. */
const JUMP = 0.01;

interface Moving {
  readonly marker: Marker;
  from: Pose;
  to: Pose;
  startedAt: number;
}

/** A few cars that glide and turn on a map. Marks in the page, not in the style, so a change of theme leaves them. */
export const openTraffic = (map: MapLibre, mark: () => HTMLElement) => {
  const cars = new Map<string, Moving>();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let frame = 0;

  const poseOf = ({ from, to, startedAt }: Moving, now: number) =>
    between(from, to, still ? 1 : (now - startedAt) / GLIDE_MS);
  const draw = (now: number) => {
    frame = 0;
    for (const car of cars.values()) {
      const pose = poseOf(car, now);
      car.marker.setLngLat(pose).setRotation(pose.heading);
      if (!still && now - car.startedAt < GLIDE_MS) frame ||= requestAnimationFrame(draw);
    }
  };
  const add = (pose: Pose): Moving => {
    const marker = new Marker({ element: mark(), rotationAlignment: "map" }).setLngLat(pose).addTo(map);
    return { marker, from: pose, to: pose, startedAt: performance.now() };
  };

  return {
    /** These cars, and no others. */
    show(shown: readonly Car[]) {
      const now = performance.now();
      const left = new Set(cars.keys());
      for (const { id, lat, lng, heading } of shown) {
        left.delete(id);
        const car = cars.get(id);
        if (car === undefined) {
          cars.set(id, add({ lat, lng, heading: heading ?? 0 }));
          continue;
        }
        if (car.to.lat === lat && car.to.lng === lng) continue;
        const jumps = Math.abs(car.to.lat - lat) + Math.abs(car.to.lng - lng) > JUMP;
        const to = { lat, lng, heading: heading ?? bearing(car.to, { lat, lng }) };
        Object.assign(car, { from: jumps ? to : poseOf(car, now), to, startedAt: now });
      }
      for (const id of left) {
        cars.get(id)!.marker.remove();
        cars.delete(id);
      }
      frame ||= requestAnimationFrame(draw);
    },
    close() {
      cancelAnimationFrame(frame);
      for (const { marker } of cars.values()) marker.remove();
      cars.clear();
    },
  };
};
