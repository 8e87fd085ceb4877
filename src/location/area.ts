import { cellToLatLng, getResolution, isValidCell, latLngToCell } from "h3-js";
import type { Position } from "../domain/geo.ts";

/** Where a market serves: everywhere (null), inside a polygon, or in a set of H3 cells. */
export type Area = null | { readonly polygon: readonly Position[] } | { readonly cells: readonly string[] };

/** The test of an area, prepared once (M20). */
export const areaTest = (area: Area): ((position: Position) => boolean) => {
  if (area === null) return () => true;
  if ("polygon" in area) return (position) => inPolygon(area.polygon, position);
  const cells = new Set(area.cells);
  // A set may mix sizes: big cells inside, small ones along the border.
  const resolutions = [...new Set(area.cells.map(getResolution))];
  return ({ lat, lng }) => resolutions.some((size) => cells.has(latLngToCell(lat, lng, size)));
};

/** The middle of the box around it, degrees: where a map begins. Null: everywhere has no middle. */
export const centreOf = (area: Area): Position | null => {
  if (area === null) return null;
  const points =
    "polygon" in area
      ? area.polygon
      : area.cells.map((cell) => {
          const [lat, lng] = cellToLatLng(cell);
          return { lat, lng };
        });
  const middle = (values: readonly number[]) =>
    (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  return { lat: middle(points.map(({ lat }) => lat)), lng: middle(points.map(({ lng }) => lng)) };
};

export const isCell = (text: string): boolean => isValidCell(text);

/** Even-odd rule on degrees; the polygon must not cross the 180th meridian. The last edge closes it. */
const inPolygon = (corners: readonly Position[], { lat, lng }: Position): boolean => {
  let inside = false;
  let from = corners.at(-1);
  for (const to of corners) {
    if (from && from.lat > lat !== to.lat > lat) {
      const crossing = from.lng + ((lat - from.lat) / (to.lat - from.lat)) * (to.lng - from.lng);
      if (lng < crossing) inside = !inside;
    }
    from = to;
  }
  return inside;
};
