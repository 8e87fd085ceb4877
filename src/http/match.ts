import type { HttpPorts } from "./ports.ts";
import type { MatchAnswer } from "../protocol/http-bodies.ts";
import type { Route } from "../socket/port.ts";
import { guarded } from "./guard.ts";
import { json, outsideArea } from "./replies.ts";
import { matchRequest } from "../protocol/http-bodies.ts";
import { parseBody } from "../protocol/parse.ts";
import { pickupEta } from "./pickup-eta.ts";

const RADIUS_M = 5_000;

/** `POST /v1/match`: who could take a trip from here. Reads only, assigns nothing (P57). */
export const match = ({ desk, counts, clock, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["admin", "service"],
    (request) => parseBody(matchRequest, request.body),
    ({ content: { lat, lng, limit, vehicle_type } }) => {
      const startedAt = clock.monotonic();
      const place = desk.placeAt({ lat, lng });
      if (place === undefined) return outsideArea;
      const now = place.market.now();
      const near = place.locations.nearest(lat, lng, limit, RADIUS_M, vehicle_type, now);
      const etaS = pickupEta(place);
      const answer: MatchAnswer = {
        candidates: near.found.map((driver) => ({
          driver_id: driver.driverId,
          distance_m: Math.round(driver.distanceM),
          eta_s: etaS(driver.distanceM),
          lat: driver.lat,
          lng: driver.lng,
        })),
        cells_scanned: near.cellsScanned,
        considered: near.considered,
      };
      counts.matched(clock.monotonic() - startedAt);
      return json(200, answer);
    },
  );
