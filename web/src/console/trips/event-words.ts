import { distanceText, minutesText } from "../../app/told.ts";
import type { Language, Words } from "../../words/words.ts";
import type { TripEvent } from "./replay.ts";
import { shortId } from "./short-id.ts";

/** The driver an event is about, as it or an event before it says; null: about none. */
export const driverOf = (events: readonly TripEvent[], index: number): string | null => {
  const { driverId, offerId } = events[index]!.body;
  if (typeof driverId === "string") return driverId;
  // What falls due names the offer only, which is called after the row that made it.
  const offer = events.find(({ position }) => String(position) === offerId)?.body["driverId"];
  return typeof offer === "string" ? offer : null;
};

/** What happened, as a sentence. */
export const eventWords = (
  { trips }: Words["console"],
  language: Language,
  { type, body }: TripEvent,
  driver: string,
): string => {
  const { adminId, reason, wave, distanceM, etaS, by } = body;
  const told = trips.events[type]?.({
    driver,
    operator: trips.operator(typeof adminId === "string" ? shortId(adminId) : ""),
    reason: typeof reason === "string" ? reason : null,
    wave: String(wave),
    distance: typeof distanceM === "number" ? distanceText(language, distanceM) : null,
    eta: typeof etaS === "number" ? minutesText(language, etaS) : null,
    seen: by === "geofence",
  });
  return told ?? type;
};
