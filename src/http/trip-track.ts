import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import type { TrackBody } from "../protocol/chart-bodies.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound } from "./replies.ts";
import { tripById } from "./trip-by-id.ts";
import { tripId } from "../domain/ids.ts";

/** `GET /trips/{id}/track`: where its driver was while it was theirs. */
export const tripTrack = ({ desk, tracks, ...ports }: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, async ({ request }) => {
    const id = tripId(request.params["id"] ?? "");
    if ((await tripById(desk, id)) === undefined) return notFound("trip");
    const points = await tracks.ofTrip(id);
    const body: TrackBody = {
      points: points.map(({ at, lat, lng, heading, leg }) => ({
        at: new Date(at).toISOString(),
        lat,
        lng,
        heading,
        leg,
      })),
    };
    return json(200, body);
  });
