import { LngLatBounds, type Map as MapLibre, type PaddingOptions } from "maplibre-gl";
import type { Position } from "../../../src/domain/geo.ts";

/** From the edge of what can be seen, and from its top, where bars float and a pin stands up. */
const EDGE_PX = 40;
const TOP_PX = 120;
/** A sheet that leaves less of the map to be seen is looked past. */
const LEAST_PX = 40;

/** B114: places come to where the sheet does not cover them: below on a phone, a card at the left on a desk. */
export const lookAt = (
  map: MapLibre,
  places: readonly Position[],
  when: "anew" | "if-out-of-sight",
): void => {
  if (places.length === 0) return;
  const padding = uncovered(map);
  if (when === "if-out-of-sight" && places.every((place) => isSeen(map, place, padding))) return;
  const box = new LngLatBounds();
  for (const place of places) box.extend(place);
  map.fitBounds(box, { padding, maxZoom: places.length === 1 ? 14 : 15.5, duration: 600 });
};

/** The sheet over a phone's map. */
export const sheetOver = (map: MapLibre): Element | null =>
  map.getContainer().closest(".phone")?.querySelector(".phone-sheet") ?? null;

const uncovered = (map: MapLibre): Required<PaddingOptions> => {
  const { clientWidth, clientHeight } = map.getContainer();
  const { width = 0, height = 0, right = 0 } = sheetOver(map)?.getBoundingClientRect() ?? {};
  const below = width === clientWidth;
  return {
    top: TOP_PX,
    right: EDGE_PX,
    bottom: Math.min(below ? height + EDGE_PX : EDGE_PX, clientHeight - TOP_PX - LEAST_PX),
    left: below ? EDGE_PX : Math.min(right + EDGE_PX, clientWidth - EDGE_PX - LEAST_PX),
  };
};

const isSeen = (
  map: MapLibre,
  place: Position,
  { top, right, bottom, left }: Required<PaddingOptions>,
): boolean => {
  const { clientWidth, clientHeight } = map.getContainer();
  const { x, y } = map.project(place);
  const within = (at: number, from: number, to: number) => at > from - EDGE_PX / 2 && at < to + EDGE_PX / 2;
  return within(x, left, clientWidth - right) && within(y, top, clientHeight - bottom);
};
