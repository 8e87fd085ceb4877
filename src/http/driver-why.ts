import { driverId, isId } from "../domain/ids.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound } from "./replies.ts";
import type { DriverWhy } from "../protocol/driver-why-bodies.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import { candidateInWords } from "../dispatch/in-words.ts";
import { ms } from "../domain/time.ts";
import { placeAmongFree } from "./trip-why.ts";

const DAY_MS = 86_400_000;

/** `GET /drivers/{id}/why`: what came of a day's offers, and of the newest looks those that saw this driver, and why they were asked or not. */
export const driverWhy = ({ desk, decisions, lists, clock, ...ports }: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, async ({ request }) => {
    const id = driverId(request.params["id"] ?? "");
    if (!isId(id) || (await desk.driverRecord(id)) === undefined) return notFound("driver");
    const since = ms(Math.floor(clock.wall()) - DAY_MS);
    const body: DriverWhy = {
      driver_id: id,
      offers: { since: new Date(since).toISOString(), ...(await lists.offers(id, since)) },
      looks: (await decisions.thatSaw(id)).flatMap((decision) =>
        decision.candidates
          .filter((one) => one.driverId === id)
          .map((one) => ({
            trip_id: decision.tripId,
            at: new Date(decision.at).toISOString(),
            asked: one.verdict === "asked",
            reason: one.verdict === "asked" ? null : one.verdict,
            distance_m: one.distanceM,
            text: candidateInWords(decision, one, placeAmongFree(decision, one)),
          })),
      ),
    };
    return json(200, body);
  });
