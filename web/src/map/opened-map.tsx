import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";
import { Map as MapLibre, type MapMouseEvent, NavigationControl, setWorkerUrl } from "maplibre-gl";
import { useEffect, useRef } from "react";
import { baseStyle } from "./base-style.ts";
import { useDark } from "../app/theme.tsx";
import { useServerConfig } from "../app/server-config.tsx";
import { useWords } from "../app/language.tsx";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

setWorkerUrl(workerUrl);

export interface MapProps {
  /** Degrees. */
  readonly centre: { readonly lat: number; readonly lng: number };
  readonly zoom: number;
  /** The map is there, with its base; again after its theme changed, when everything drawn on it is gone. */
  readonly ready: (map: MapLibre) => void;
  readonly clicked?: (at: { lat: number; lng: number }) => void;
  readonly label: string;
}

/** Draws the base and hands the map over: what moves on it is drawn from outside React. */
export const OpenedMap = ({ centre, zoom, ready, clicked, label }: MapProps) => {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibre>(null);
  const heard = useRef({ ready, clicked });
  heard.current = { ready, clicked };
  const { dark } = useDark();
  const { common } = useWords();
  const { map: drawing } = useServerConfig();

  useEffect(() => {
    const opened = new MapLibre({
      container: box.current!,
      center: centre,
      zoom,
      attributionControl: drawing.tiles === null ? false : { compact: true },
      style: baseStyle(dark, drawing),
    });
    opened.getCanvas().setAttribute("aria-label", label);
    opened.addControl(new NavigationControl({ showCompass: false }), "top-right");
    opened.on("click", ({ lngLat }: MapMouseEvent) =>
      heard.current.clicked?.({ lat: lngLat.lat, lng: lngLat.lng }),
    );
    opened.on("style.load", () => heard.current.ready(opened));
    map.current = opened;
    return () => opened.remove();
    // The map lives as long as its box; where it looks is moved by whoever has it.
  }, []);

  const first = useRef(true);
  useEffect(() => {
    if (!first.current) map.current?.setStyle(baseStyle(dark, drawing));
    first.current = false;
  }, [dark, drawing]);
  return (
    <>
      <div ref={box} style={{ position: "absolute", inset: 0 }} />
      {drawing.tiles === null && drawing.roads === null && <p className="map-plain">{common.plainMap}</p>}
    </>
  );
};
