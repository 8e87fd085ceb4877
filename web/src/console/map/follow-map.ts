import type { LngLatBounds, MapLayerMouseEvent, Map as MapLibre } from "maplibre-gl";
import { addLayers, pulse, setShapes } from "./layers.ts";
import type { Bbox } from "../../../../src/protocol/admin-messages.ts";
import type { ConsoleState } from "../console-model.ts";
import type { Operator } from "../open-operator.ts";
import { changedShapes } from "./shapes.ts";
import { openDetail } from "../use-route.ts";

/** What is pushed in several frames is drawn as one. */
const TOGETHER_MS = 40;
const DRAW_EVERY_MS = 250;
const MOVED_FOR_MS = 300;

/**
 * Draws what the console knows on a map, from outside React, and asks for the drivers of the box that is seen.
 * Returns what ends it.
 */
export const followMap = (map: MapLibre, { store, client }: Operator, dark: boolean): (() => void) => {
  addLayers(map, dark);
  let drawn: ConsoleState | null = null;
  let drawnAt = 0;
  let due: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    due = undefined;
    drawnAt = performance.now();
    const now = store.read();
    setShapes(map, changedShapes(now, drawn));
    drawn = now;
    tellOf(map.getContainer(), now);
  };
  draw();
  const unwatch = store.watch(() => {
    const waitMs = Math.max(TOGETHER_MS, drawnAt + DRAW_EVERY_MS - performance.now());
    due ??= setTimeout(draw, waitMs);
  });

  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pulsing = calm ? undefined : setInterval(() => pulse(map, (performance.now() % 1_600) / 1_600), 100);

  const look = () => client.subscribe(["drivers"], boxOf(map.getBounds()));
  let moved: ReturnType<typeof setTimeout>;
  const move = () => {
    clearTimeout(moved);
    moved = setTimeout(look, MOVED_FOR_MS);
  };
  look();
  map.on("moveend", move);

  const open = (kind: "trip" | "driver") => (event: MapLayerMouseEvent) => {
    const id: unknown = event.features?.[0]?.properties["id"];
    if (typeof id === "string") openDetail({ kind, id });
  };
  const opens = { cars: open("driver"), requests: open("trip"), legs: open("trip") };
  const point = () => (map.getCanvas().style.cursor = "pointer");
  const leave = () => (map.getCanvas().style.cursor = "");
  for (const [layer, opened] of Object.entries(opens)) {
    map.on("click", layer, opened);
    map.on("mouseenter", layer, point);
    map.on("mouseleave", layer, leave);
  }

  return () => {
    unwatch();
    clearTimeout(due);
    clearInterval(pulsing);
    clearTimeout(moved);
    map.off("moveend", move);
    for (const [layer, opened] of Object.entries(opens)) {
      map.off("click", layer, opened);
      map.off("mouseenter", layer, point);
      map.off("mouseleave", layer, leave);
    }
    client.unsubscribe(["drivers"]);
    store.tell({ type: "drivers", full: true, drivers: [], gone: [] });
  };
};

/** What is drawn, for who looks from outside: a canvas says nothing. */
const tellOf = ({ dataset }: HTMLElement, { cars, orders, counted, cells }: ConsoleState): void => {
  let newest = 0;
  for (const { at } of cars.values()) if (at > newest) newest = at;
  dataset["cars"] = String(cars.size);
  dataset["orders"] = String(orders.size);
  dataset["counted"] = String(counted?.size ?? 0);
  dataset["cells"] = String(cells.size);
  if (dataset["newest"] === String(newest)) return;
  dataset["newest"] = String(newest);
  /** How old it was when it was drawn. */
  dataset["ageMs"] = String(Date.now() - newest);
};

/** West, south, east, north; a map that was turned around the globe tells more than 180. */
const boxOf = (bounds: LngLatBounds): Bbox | undefined => {
  const [west, south, east, north] = [
    bounds.getWest(),
    bounds.getSouth(),
    bounds.getEast(),
    bounds.getNorth(),
  ];
  if (west < -180 || east > 180) return undefined;
  return [west, Math.max(-90, south), east, Math.min(90, north)];
};
