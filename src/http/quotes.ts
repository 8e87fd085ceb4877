import type { HttpPorts } from "./ports.ts";
import type { Quoted } from "../protocol/http-bodies.ts";
import type { Route } from "../socket/port.ts";
import { guarded } from "./guard.ts";
import { json, refused } from "./replies.ts";
import { parseBody } from "../protocol/parse.ts";
import { passengerId } from "../domain/ids.ts";
import { pickupEta } from "./pickup-eta.ts";
import { placeOfRide } from "../session/place-of-ride.ts";
import { quoteRequest } from "../protocol/http-bodies.ts";

/** `POST /quotes`: a fare that stands for five minutes (P60). */
export const giveQuote = ({ desk, quotes, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["passenger"],
    (request) => parseBody(quoteRequest, request.body),
    ({ identity, content: { pickup, dropoff, vehicle_type: vehicleType } }) => {
      const ride = { pickup, dropoff, vehicleType };
      const place = placeOfRide(desk, ride);
      if ("code" in place) return refused(place);
      const { market, locations, policy } = place;
      const wish = { passenger: passengerId(identity.sub), ...ride };
      const { quoteId, fare, distanceM, durationS, expiresAt } = quotes.give(place, wish);
      const furthestM = Math.max(...policy.waves.map(({ radiusM }) => radiusM));
      const { found } = locations.nearest(pickup.lat, pickup.lng, 1, furthestM, vehicleType, market.now());
      const answer: Quoted = {
        quote_id: quoteId,
        fare,
        distance_m: distanceM,
        duration_s: durationS,
        pickup_eta_s: found[0] ? pickupEta(place)(found[0].distanceM) : null,
        expires_at: new Date(expiresAt).toISOString(),
      };
      return json(201, answer);
    },
  );
