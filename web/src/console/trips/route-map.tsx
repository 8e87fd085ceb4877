import "../../map/marks.css";
import { type GeoJSONSource, LngLatBounds, type Map as MapLibre, Marker } from "maplibre-gl";
import { carMark, placeMark } from "../../map/marks.ts";
import { useEffect, useState } from "react";
import { OpenedMap } from "../../map/opened-map.tsx";
import type { Pose } from "../../map/glide.ts";
import type { Position } from "../../../../src/domain/geo.ts";
import type { TrackPoint } from "./replay.ts";

export interface RouteMapProps {
  readonly label: string;
  readonly pickup: Position;
  readonly dropoff: Position;
  readonly track: readonly TrackPoint[];
  readonly car: Pose | null;
}

/** Where a trip began and was to end, the way its car took, and the car. */
export const RouteMap = ({ label, pickup, dropoff, track, car }: RouteMapProps) => {
  const [map, setMap] = useState<MapLibre | null>(null);
  const [drawings, setDrawings] = useState(0);
  const seen = track.length > 0 ? "way" : car ? "car" : "places";

  useEffect(() => {
    if (map === null) return undefined;
    const markers = [
      new Marker({ element: placeMark("pickup"), anchor: "center" }).setLngLat(pickup),
      new Marker({ element: placeMark("dropoff"), anchor: "bottom" }).setLngLat(dropoff),
    ];
    for (const marker of markers) marker.addTo(map);
    const box = new LngLatBounds();
    for (const at of [pickup, dropoff, ...track, ...(car ? [car] : [])]) box.extend(at);
    map.fitBounds(box, { padding: 48, maxZoom: 15.5, duration: 0 });
    return () => {
      for (const marker of markers) marker.remove();
    };
    // Looked at once, and again when there is a car or a way to see: not with each point of it.
  }, [map, seen]);

  useEffect(() => {
    if (map !== null) for (const leg of ["pickup", "dropoff"] as const) drawLeg(map, leg, track);
  }, [map, drawings, track]);

  useCar(map, car);
  return (
    <OpenedMap
      label={label}
      centre={pickup}
      zoom={13}
      ready={(opened) => {
        setMap(opened);
        setDrawings((count) => count + 1);
      }}
    />
  );
};

const useCar = (map: MapLibre | null, car: Pose | null) => {
  const [marker, setMarker] = useState<Marker | null>(null);
  const shown = car !== null;
  useEffect(() => {
    if (map === null || !shown) return undefined;
    const added = new Marker({ element: carMark("own")(), rotationAlignment: "map" });
    added.getElement().dataset["car"] = "";
    setMarker(added);
    return () => {
      added.remove();
      setMarker(null);
    };
  }, [map, shown]);
  useEffect(() => {
    if (map === null || marker === null || car === null) return;
    marker.setLngLat(car).setRotation(car.heading).addTo(map);
    Object.assign(marker.getElement().dataset, { lat: car.lat.toFixed(6), lng: car.lng.toFixed(6) });
  }, [map, marker, car]);
};

const COLOURS = { pickup: "#e08c0b", dropoff: "#1677ff" };

/** To the pickup in one colour, the ride in another. */
const drawLeg = (map: MapLibre, leg: "pickup" | "dropoff", track: readonly TrackPoint[]) => {
  const coordinates = track.filter((point) => point.leg === leg).map(({ lng, lat }) => [lng, lat]);
  const data = {
    type: "Feature" as const,
    properties: {},
    geometry: { type: "LineString" as const, coordinates },
  };
  const id = `track-${leg}`;
  const source = map.getSource<GeoJSONSource>(id);
  if (source) {
    void source.setData(data);
    return;
  }
  map.addSource(id, { type: "geojson", data });
  const paint = { "line-color": COLOURS[leg], "line-width": 4, "line-opacity": 0.85 };
  map.addLayer({
    id,
    type: "line",
    source: id,
    layout: { "line-cap": "round", "line-join": "round" },
    paint,
  });
};
