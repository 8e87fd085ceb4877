import type {
  ExpressionSpecification,
  FilterSpecification,
  GeoJSONSource,
  Map as MapLibre,
} from "maplibre-gl";
import { type DriverStatus, LINE_OPACITY, mapColours } from "./colours.ts";
import type { MapShapes } from "./shapes.ts";
import { carImage } from "./car-image.ts";

type SourceName = keyof MapShapes;

/** Draws every layer, again after each change of the map's theme. Bottom first. */
export const addLayers = (map: MapLibre, dark: boolean): void => {
  const { drivers, request } = mapColours(dark);
  const empty = { type: "FeatureCollection" as const, features: [] };
  for (const id of ["cells", "counted", "legs", "cars", "requests"] satisfies SourceName[])
    map.addSource(id, { type: "geojson", data: empty });
  const { image, pixelRatio } = carImage();
  if (!map.hasImage("car")) map.addImage("car", image, { sdf: true, pixelRatio });

  map.addLayer({
    id: "cells",
    type: "fill",
    source: "cells",
    paint: {
      // From more cars than requests to more requests than cars.
      "fill-color": ["interpolate", ["linear"], ["get", "lack"], -1, "#2e90fa", 0, "#98a2b3", 1, "#f04438"],
      "fill-opacity": ["interpolate", ["linear"], ["get", "total"], 1, 0.16, 12, 0.45],
      "fill-outline-color": dark ? "#e6e9ec" : "#475467",
    },
  });
  map.addLayer({
    id: "counted",
    type: "circle",
    source: "counted",
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1, 4, 30, 26],
      "circle-color": drivers.available,
      "circle-opacity": 0.7,
    },
  });
  map.addLayer({
    id: "legs",
    type: "line",
    source: "legs",
    layout: { "line-cap": "round" },
    paint: {
      "line-color": ["match", ["get", "leg"], "ride", drivers.on_trip, drivers.en_route],
      "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1, 15, 2.5],
      "line-opacity": LINE_OPACITY,
      "line-dasharray": [2, 1.5],
    },
  });
  map.addLayer({
    id: "pulse",
    type: "circle",
    source: "requests",
    paint: { "circle-color": request, "circle-radius": 9, "circle-opacity": 0.3 },
  });
  map.addLayer({
    id: "requests",
    type: "circle",
    source: "requests",
    paint: {
      "circle-color": request,
      "circle-radius": 6,
      "circle-stroke-color": "#fff",
      "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: "cars",
    type: "symbol",
    source: "cars",
    layout: {
      "icon-image": "car",
      "icon-rotate": ["get", "heading"],
      "icon-rotation-alignment": "map",
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.45, 15, 1],
    },
    paint: {
      "icon-color": [
        "match",
        ["get", "status"],
        ...Object.entries(drivers).flat(),
        drivers.offline,
      ] as unknown as ExpressionSpecification,
      "icon-halo-color": dark ? "#14181d" : "#ffffff",
      "icon-halo-width": 1.5,
    },
  });
};

export const setShapes = (map: MapLibre, shapes: Partial<MapShapes>): void => {
  for (const [name, shape] of Object.entries(shapes)) void map.getSource<GeoJSONSource>(name)?.setData(shape);
};

/** Cars of the others are not shown; what they are driving stays. */
export const showOnly = (map: MapLibre, hidden: ReadonlySet<DriverStatus>): void => {
  const filter = ["!", ["in", ["get", "status"], ["literal", [...hidden]]]] as FilterSpecification;
  if (map.getLayer("cars")) map.setFilter("cars", filter);
};

/** 0 to 1, again and again: open requests breathe. */
export const pulse = (map: MapLibre, share: number): void => {
  if (!map.getLayer("pulse")) return;
  map.setPaintProperty("pulse", "circle-radius", 7 + share * 12);
  map.setPaintProperty("pulse", "circle-opacity", 0.4 * (1 - share));
};
