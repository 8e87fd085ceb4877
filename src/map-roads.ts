import { ConfigError } from "./config.ts";
import { readFileSync } from "node:fs";
import { readJson } from "./read-json.ts";

/** The types of RFC 7946. */
const geoJson: ReadonlySet<unknown> = new Set([
  "FeatureCollection",
  "Feature",
  "GeometryCollection",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "Point",
  "MultiPoint",
]);

/** S61: the file of `DG_MAP_ROADS`, as it is sent to maps. Throws `ConfigError` where it is no GeoJSON. */
export const readRoads = (file: string): Uint8Array => {
  try {
    const bytes = readFileSync(file);
    const { type } = { ...(readJson(bytes.toString()) as { type?: unknown } | null) };
    if (geoJson.has(type)) return bytes;
  } catch (error) {
    throw new ConfigError(`DG_MAP_ROADS: ${(error as Error).message}`);
  }
  throw new ConfigError(`DG_MAP_ROADS: ${file} is no GeoJSON`);
};
