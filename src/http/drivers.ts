import { type DriverContext, type DriverState, driverStatusOf } from "../../machines/context.ts";
import type { DriverBody, NearbyDrivers } from "../protocol/http-bodies.ts";
import type { DriverId } from "../domain/ids.ts";
import type { HttpPorts } from "./ports.ts";
import type { Place } from "../session/desk.ts";
import type { Route } from "../socket/port.ts";
import { driverId, isId } from "../domain/ids.ts";
import { forbidden, guarded, nothing } from "./guard.ts";
import { json, notFound, outsideArea } from "./replies.ts";
import { nearbyQuery } from "../protocol/http-bodies.ts";
import { parseQuery } from "../protocol/parse.ts";
import { pickupEta } from "./pickup-eta.ts";
import { readActor } from "./read-actor.ts";

/** `GET /drivers/nearby`: a bare array, nearest first. */
export const nearbyDrivers = ({ desk, aliases, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["passenger", "admin"],
    (request) => parseQuery(nearbyQuery, request.query),
    ({ identity, content: { lat, lng, radius, limit, vehicle_type } }) => {
      const place = desk.placeAt({ lat, lng });
      if (place === undefined) return outsideArea;
      const now = place.market.now();
      const near = place.locations.nearest(lat, lng, limit, radius * 1_000, vehicle_type, now);
      const etaS = pickupEta(place);
      const shown: NearbyDrivers = near.found.map((driver) => ({
        // S24: a passenger could follow a driver around by their id.
        driver_id: identity.role === "passenger" ? aliases(driver.driverId) : driver.driverId,
        lat: driver.lat,
        lng: driver.lng,
        heading: Number.isNaN(driver.heading) ? null : driver.heading,
        vehicle_type: driver.vehicleType,
        distance_m: Math.round(driver.distanceM),
        eta_s: etaS(driver.distanceM),
      }));
      return json(200, shown);
    },
  );

/** `GET /drivers/{id}` */
export const driver = ({ desk, lists, ...ports }: HttpPorts): Route =>
  guarded(ports, ["driver", "admin"], nothing, async ({ identity, request }) => {
    const id = driverId(request.params["id"] ?? "");
    if (identity.role === "driver" && identity.sub !== id) return forbidden("this is another driver");
    const record = isId(id) ? await desk.driverRecord(id) : undefined;
    if (record === undefined) return notFound("driver");
    const body: DriverBody = {
      driver_id: id,
      first_name: record.firstName,
      last_name: record.lastName,
      vehicle_type: record.vehicleType,
      license_plate: record.licensePlate,
      ...((await whereAndHow(desk.placeOfDriver(id), id)) ?? (await atRest(lists, id))),
    };
    return json(200, body);
  });

/** Undefined: in no market's memory. */
const whereAndHow = async (place: Place | undefined, id: DriverId) => {
  const actor = place && (await readActor(place.market, { kind: "driver", id }));
  if (actor === undefined) return undefined;
  const fix = place?.locations.where(id);
  const { vehicleType, tripId, since, misses } = actor.context as unknown as DriverContext;
  return {
    status: driverStatusOf[actor.state as DriverState],
    vehicle_type: vehicleType,
    order_id: tripId,
    lat: fix?.lat ?? null,
    lng: fix?.lng ?? null,
    seen_at: fix ? new Date(fix.at).toISOString() : null,
    since: new Date(since).toISOString(),
    misses,
  };
};

/** P175: who is in no market's memory is offline, since when the list says. */
const atRest = async (lists: HttpPorts["lists"], id: DriverId) => {
  const [row] = await lists.drivers({ status: null, driverId: id, q: null }, 1, null);
  return {
    status: "offline" as const,
    order_id: null,
    lat: null,
    lng: null,
    seen_at: null,
    since: row ? new Date(row.since).toISOString() : null,
    misses: row?.misses ?? 0,
  };
};
