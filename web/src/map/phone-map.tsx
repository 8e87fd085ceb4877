import "./marks.css";
import { type GeoJSONSource, type Map as MapLibre, Marker, ScaleControl } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";
import { type Car, openTraffic } from "./traffic.ts";
import { carMark, placeMark } from "./marks.ts";
import { lookAt, sheetOver } from "./look-at.ts";
import { OpenedMap } from "./opened-map.tsx";
import type { Position } from "../../../src/domain/geo.ts";

export interface PhoneMapProps {
  readonly label: string;
  readonly centre: Position;
  readonly pickup: Position | null;
  readonly dropoff: Position | null;
  readonly cars: readonly Car[];
  /** Whose cars they are. */
  readonly carKind: "own" | "other";
  /** What is to be seen; looked at anew when `about` changes, or a place leaves the view. */
  readonly look: { readonly about: string; readonly at: readonly Position[] };
  /** A tap, or Enter for the middle of the map. */
  readonly tapped: (at: Position) => void;
}

/** The map behind a phone's page: two places, a line between them, and cars. */
export const PhoneMap = ({ label, centre, pickup, dropoff, cars, carKind, look, tapped }: PhoneMapProps) => {
  const [map, setMap] = useState<MapLibre | null>(null);
  const [drawings, setDrawings] = useState(0);
  useEffect(() => {
    if (map === null) return undefined;
    const canvas = map.getCanvas();
    const entered = ({ key }: KeyboardEvent) => {
      const { lat, lng } = map.getCenter();
      if (key === "Enter") tapped({ lat, lng });
    };
    canvas.addEventListener("keydown", entered);
    return () => canvas.removeEventListener("keydown", entered);
  }, [map, tapped]);

  usePlace(map, "pickup", pickup);
  usePlace(map, "dropoff", dropoff);
  useEffect(() => {
    if (map !== null) drawLine(map, pickup && dropoff ? [pickup, dropoff] : []);
  }, [map, drawings, pickup, dropoff]);

  const [traffic, setTraffic] = useState<ReturnType<typeof openTraffic> | null>(null);
  useEffect(() => {
    if (map === null) return undefined;
    const opened = openTraffic(map, carMark(carKind));
    setTraffic(opened);
    return opened.close;
  }, [map, carKind]);
  useEffect(() => traffic?.show(cars), [traffic, cars]);

  useEffect(() => {
    if (map !== null) lookAt(map, look.at, "anew");
    // Only what it is about: a car that moves is watched below.
  }, [map, look.about]);
  useEffect(() => {
    if (map !== null) lookAt(map, look.at, "if-out-of-sight");
  }, [map, look.at]);
  const newest = useRef(look);
  newest.current = look;
  useEffect(() => {
    const sheet = map && sheetOver(map);
    if (sheet === null) return undefined;
    const covers = new ResizeObserver(() => lookAt(map!, newest.current.at, "if-out-of-sight"));
    covers.observe(sheet);
    return () => covers.disconnect();
  }, [map]);

  return (
    <OpenedMap
      label={label}
      centre={centre}
      zoom={13}
      clicked={tapped}
      ready={(opened) => {
        if (map === null) opened.addControl(new ScaleControl(), "top-left");
        setMap(opened);
        setDrawings((count) => count + 1);
      }}
    />
  );
};

const usePlace = (map: MapLibre | null, kind: "pickup" | "dropoff", at: Position | null) => {
  useEffect(() => {
    if (map === null || at === null) return undefined;
    const anchor = kind === "pickup" ? "center" : "bottom";
    const marker = new Marker({ element: placeMark(kind), anchor }).setLngLat(at).addTo(map);
    return () => void marker.remove();
  }, [map, kind, at]);
};

const LINE = "way";

const drawLine = (map: MapLibre, places: readonly Position[]) => {
  const coordinates = places.map(({ lng, lat }) => [lng, lat]);
  const data = {
    type: "Feature" as const,
    properties: {},
    geometry: { type: "LineString" as const, coordinates },
  };
  const source = map.getSource<GeoJSONSource>(LINE);
  if (source) {
    void source.setData(data);
    return;
  }
  map.addSource(LINE, { type: "geojson", data });
  const paint = { "line-color": "#1677ff", "line-width": 3, "line-dasharray": [0.2, 2] };
  map.addLayer({ id: LINE, type: "line", source: LINE, layout: { "line-cap": "round" }, paint });
};
