import type { ConsoleState, Order } from "../console-model.ts";
import type { Feature, FeatureCollection, LineString, Point, Polygon, Position } from "geojson";

/** What is drawn, by source. */
export interface MapShapes {
  readonly cars: FeatureCollection<Point>;
  readonly counted: FeatureCollection<Point>;
  readonly requests: FeatureCollection<Point>;
  readonly legs: FeatureCollection<LineString>;
  readonly cells: FeatureCollection<Polygon>;
}

type Part = "cars" | "counted" | "orders" | "cells";
/** By source: the parts of the state that it is made of. */
const madeOf: Readonly<Record<keyof MapShapes, readonly Part[]>> = {
  cars: ["cars"],
  counted: ["counted"],
  requests: ["orders"],
  legs: ["orders", "cars"],
  cells: ["cells"],
};

/** Those shapes whose part of the state is another than before; all where there was none before. */
export const changedShapes = (now: ConsoleState, before: ConsoleState | null): Partial<MapShapes> => {
  const changed = (name: keyof MapShapes) =>
    before === null || madeOf[name].some((part) => now[part] !== before[part]);
  return {
    ...(changed("cars") && { cars: carsOf(now) }),
    ...(changed("counted") && { counted: countedOf(now) }),
    ...(changed("requests") && { requests: requestsOf(now) }),
    ...(changed("legs") && { legs: legsOf(now) }),
    ...(changed("cells") && { cells: cellsOf(now) }),
  };
};

interface Place {
  readonly lat: number;
  readonly lng: number;
}
const at = ({ lat, lng }: Place): Position => [lng, lat];
const point = (place: Place, properties: object): Feature<Point> => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: at(place) },
  properties,
});
const collection = <G extends Point | LineString | Polygon>(
  features: Feature<G>[],
): FeatureCollection<G> => ({
  type: "FeatureCollection",
  features,
});

const carsOf = ({ cars }: ConsoleState) =>
  collection(
    [...cars.values()].map((car) =>
      point(car, { id: car.driver_id, status: car.status, heading: car.heading ?? 0 }),
    ),
  );

const countedOf = ({ counted }: ConsoleState) =>
  collection([...(counted ?? new Map()).values()].map((cell) => point(cell, { count: cell.count })));

const requestsOf = ({ orders }: ConsoleState) =>
  collection(
    [...orders.values()]
      .filter(({ status }) => status === "requested")
      .map((order) => point(order.pickup, { id: order.trip_id })),
  );

/** From the driver to the pickup, and from the pickup, or later from the car, to the dropoff. */
const legsOf = ({ orders, cars }: ConsoleState) =>
  collection(
    [...orders.values()].flatMap((order) => {
      if (order.driver === null) return [];
      const car = cars.get(order.driver.driver_id);
      const riding = order.status === "in_progress";
      const ride = leg(order, "ride", riding && car ? car : order.pickup, order.dropoff);
      return car && !riding ? [leg(order, "approach", car, order.pickup), ride] : [ride];
    }),
  );

const leg = (
  { trip_id: id }: Order,
  leg: "approach" | "ride",
  from: Place,
  to: Place,
): Feature<LineString> => ({
  type: "Feature",
  geometry: { type: "LineString", coordinates: [at(from), at(to)] },
  properties: { id, leg },
});

const cellsOf = ({ cells }: ConsoleState) =>
  collection(
    [...cells.values()].map(({ supply, demand, outline }): Feature<Polygon> => {
      const total = supply + demand;
      return {
        type: "Feature",
        geometry: { type: "Polygon", coordinates: [[...outline, outline[0]!]] },
        properties: { total, lack: (demand - supply) / total },
      };
    }),
  );
