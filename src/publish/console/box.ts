import type { Bbox } from "../../protocol/admin-messages.ts";
import type { Position } from "../../domain/geo.ts";

/** Whether a place is on the part of the map that a console shows; null: everywhere. */
export const insideOf = (bbox: Bbox | null): ((place: Position) => boolean) => {
  if (bbox === null) return () => true;
  const [west, south, east, north] = bbox;
  return ({ lat, lng }) => {
    const eastOfWest = lng >= west;
    const westOfEast = lng <= east;
    return (
      lat >= south && lat <= north && (west <= east ? eastOfWest && westOfEast : eastOfWest || westOfEast)
    );
  };
};
