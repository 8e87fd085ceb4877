import { type DriverState, type TripContext, driverStatusOf } from "../../machines/context.ts";
import type { CandidatesBody } from "../protocol/chart-bodies.ts";
import type { HttpPorts } from "./ports.ts";
import type { Near } from "../location/port.ts";
import type { Place } from "../session/desk.ts";
import type { Route } from "../socket/port.ts";
import { driverId, tripId } from "../domain/ids.ts";
import { gatesOf } from "../dispatch/gates.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound } from "./replies.ts";
import { pickupEta } from "./pickup-eta.ts";
import { tripById } from "./trip-by-id.ts";

type Candidate = CandidatesBody["candidates"][number];

const SHOWN = 20;
/** Of those shown: however many cars on a trip are nearer. */
const FREE = 10;
/** An operator looks further than any wave. */
const RADIUS_M = 20_000;

/** `GET /trips/{id}/candidates`: who could be given this trip by hand, and why dispatch would not ask them. */
export const tripCandidates = ({ desk, ...ports }: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, async ({ request }) => {
    const id = tripId(request.params["id"] ?? "");
    const found = await tripById(desk, id);
    if (found === undefined) return notFound("trip");
    const place = found.actor && desk.placeOfTrip(id);
    const judged = place ? candidatesAt(place, found.actor.context as unknown as TripContext) : [];
    const named = async (one: Omit<Candidate, "first_name">): Promise<Candidate> => {
      const record = await desk.driverRecord(driverId(one.driver_id)).catch(() => undefined);
      return { ...one, first_name: record?.firstName ?? null };
    };
    const body: CandidatesBody = { candidates: await Promise.all(judged.map(named)) };
    return json(200, body);
  });

const candidatesAt = (
  place: Place,
  { pickup, vehicleType, tried }: TripContext,
): Omit<Candidate, "first_name">[] => {
  const { market, locations, policy } = place;
  const now = market.now();
  const etaS = pickupEta(place);
  const wanted = {
    vehicleType,
    tried,
    fixFreshMs: policy.location.fixFreshMs,
    radiusM: policy.waves.at(-1)!.radiusM,
  };
  const judge = (near: Near): Omit<Candidate, "first_name"> => {
    const distanceM = Math.round(near.distanceM);
    const gates = gatesOf({ ...near, distanceM, fixAgeMs: Math.round(near.fixAgeMs) }, wanted);
    const state = market.peek({ kind: "driver", id: near.driverId })?.state as DriverState | undefined;
    return {
      driver_id: near.driverId,
      status: driverStatusOf[state ?? "offline"],
      vehicle_type: near.vehicleType,
      lat: near.lat,
      lng: near.lng,
      distance_m: distanceM,
      eta_s: etaS(near.distanceM),
      assignable: state === "idle", // T21
      reason: gates.find(({ passed }) => !passed)?.gate ?? null,
      gates: [...gates],
    };
  };
  const free = locations.nearest(pickup.lat, pickup.lng, FREE, RADIUS_M, vehicleType, now).found;
  const around = locations.around(pickup.lat, pickup.lng, SHOWN, RADIUS_M, now);
  const shown = new Map([...free, ...around].map((near) => [near.driverId, near]));
  return [...shown.values()]
    .slice(0, SHOWN)
    .map(judge)
    .sort((a, b) => a.distance_m - b.distance_m);
};
