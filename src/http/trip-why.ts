import type { Considered, Decision } from "../domain/decision.ts";
import type { EventRow } from "../domain/row.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import type { Why } from "../protocol/story-bodies.ts";
import { type OfferStory, offersOf } from "./offer-story.ts";
import { attemptInWords, candidateInWords } from "../dispatch/in-words.ts";
import { gatesOf } from "../dispatch/gates.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound } from "./replies.ts";
import { rowsOfTrip } from "./trip-events.ts";
import { tripId } from "../domain/ids.ts";

type Attempt = Why["attempts"][number];

/** `GET /trips/{id}/why`: each dispatch attempt, who was considered, and what came of the offers. */
export const tripWhy = ({ history, decisions, ...ports }: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, async ({ request }) => {
    const id = request.params["id"] ?? "";
    const rows = await rowsOfTrip(history, id);
    if (rows === undefined) return notFound("trip");
    const body: Why = { trip_id: id, attempts: explain(await decisions.ofTrip(tripId(id)), rows) };
    return json(200, body);
  });

/** What was decided, joined with what the log says of the offers. */
export const explain = (decisions: readonly Decision[], rows: readonly EventRow[]): Attempt[] => {
  const offers = offersOf(rows);
  return decisions.map((decision) => ({
    at: iso(decision.since),
    until: iso(decision.at),
    looks: decision.looks,
    wave: decision.wave,
    size: decision.size,
    radius_m: decision.radiusM,
    searched_m: decision.searchedM,
    text: attemptInWords(decision),
    candidates: decision.candidates.map((one) => candidate(decision, one, offers)),
  }));
};

const candidate = (decision: Decision, one: Considered, offers: readonly OfferStory[]) => {
  const { vehicleType, fixFreshMs, radiusM, size } = decision;
  const tried = one.tried ? [one.driverId] : [];
  const gates = [...gatesOf(one, { vehicleType, tried, fixFreshMs, radiusM })];
  const asked = one.verdict === "asked";
  const place = placeAmongFree(decision, one);
  const enough = { gate: "enough", value: place, threshold: size, passed: asked };
  const story = offers.find(
    ({ body }) =>
      body["driverId"] === one.driverId &&
      body["wave"] === decision.wave &&
      body["distanceM"] === one.distanceM &&
      Math.round(Number(body["fixAgeMs"])) === one.fixAgeMs,
  );
  return {
    driver_id: one.driverId,
    distance_m: one.distanceM,
    eta_s: one.etaS,
    asked,
    reason: asked ? null : one.verdict,
    text: candidateInWords(decision, one, place),
    gates: asked || one.verdict === "enough" ? [...gates, enough] : gates,
    offer: asked && story ? told(story) : null,
  };
};

/** 1 for the soonest of those who passed every gate. */
export const placeAmongFree = ({ candidates }: Decision, one: Considered): number => {
  const free = candidates.filter(({ verdict }) => verdict === "asked" || verdict === "enough");
  const before = (a: Considered, b: Considered) =>
    Number(b.verdict === "asked") - Number(a.verdict === "asked") || a.etaS - b.etaS;
  return free.toSorted(before).indexOf(one) + 1;
};

const told = (offer: OfferStory): NonNullable<Attempt["candidates"][number]["offer"]> => ({
  offer_id: offer.offerId,
  sent_at: iso(offer.sentAt),
  delivered_at: offer.deliveredAt === null ? null : iso(offer.deliveredAt),
  outcome: offer.outcome,
  outcome_at: offer.outcomeAt === null ? null : iso(offer.outcomeAt),
  reason: offer.reason,
});

const iso = (at: number): string => new Date(at).toISOString();
