import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { WebConfig } from "../../../src/protocol/web-config.ts";

/** B136: what is drawn stands out from the ground. */
export const light = { ground: "#eef1f4", road: "#c9d1da" };
export const dark = { ground: "#14181d", road: "#333c47" };

/** What everything else is drawn on: tiles where the server names some, roads where it has them. */
export const baseStyle = (isDark: boolean, { tiles, roads }: WebConfig["map"]): StyleSpecification => {
  const colours = isDark ? dark : light;
  const sources: StyleSpecification["sources"] = {};
  const layers: LayerSpecification[] = [
    { id: "ground", type: "background", paint: { "background-color": colours.ground } },
  ];
  if (tiles !== null) {
    sources["tiles"] = {
      type: "raster",
      tiles: [tiles.url],
      tileSize: 256,
      attribution: tiles.attribution,
    };
    layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  if (roads !== null) {
    sources["roads"] = { type: "geojson", data: roads };
    const width = ["interpolate", ["linear"], ["zoom"], 10, 0.5, 16, 3] as unknown as number;
    const paint = { "line-color": colours.road, "line-width": width };
    layers.push({ id: "roads", type: "line", source: "roads", paint });
  }
  return { version: 8, sources, layers };
};
