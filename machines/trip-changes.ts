import { assert } from "../src/domain/assert.ts";
import { offerIdAt } from "../src/domain/ids.ts";
import { type Ms, ms } from "../src/domain/time.ts";
import type { DriverId, OfferId } from "../src/domain/ids.ts";
import type { By } from "../src/domain/status.ts";
import type { Alarm, Assignment, OfferOutcome, TripContext } from "./context.ts";
import type { Stamp, TripEvent } from "./events.ts";

type Of<T extends TripEvent["type"]> = Extract<TripEvent, { type: T }> & Stamp;
type Change = Partial<TripContext>;

/** T1: a trip keeps all it will ever need; a later change of policy never rewrites it. */
export const created = (event: Of<"create">): TripContext => ({
  tripId: event.tripId,
  passengerId: event.passengerId,
  vehicleType: event.vehicleType,
  pickup: event.pickup,
  dropoff: event.dropoff,
  note: event.note,
  quoteId: event.quoteId,
  fare: event.fare,
  distanceM: event.distanceM,
  durationS: event.durationS,
  policy: event.policy,
  requestedAt: event.at,
  search: {
    number: 1,
    startedAt: event.at,
    dueAt: ms(event.at + event.policy.searchMs),
    offersMade: 0,
    wave: 0,
    over: false,
  },
  redispatches: 0,
  tried: [],
  offers: {},
  closed: {},
  assignment: null,
  alarms: [],
  arrivedAt: null,
  startedAt: null,
  completedAt: null,
  drivenM: null,
  cancelled: null,
});

export const offerAdded = (trip: TripContext, event: Of<"offer">): Change => ({
  search: { ...trip.search, offersMade: trip.search.offersMade + 1, wave: event.wave },
  tried: [...trip.tried, event.driverId],
  offers: {
    ...trip.offers,
    [offerIdAt(event.position)]: {
      driverId: event.driverId,
      sentAt: event.at,
      dueAt: ms(event.at + trip.policy.offerMs),
      receiptDueAt: ms(event.at + trip.policy.receiptMs),
      etaS: event.etaS,
      distanceM: event.distanceM,
    },
  },
});

export const receiptConfirmed = (trip: TripContext, { offerId }: Of<"offer.delivered">): Change => ({
  offers: { ...trip.offers, [offerId]: { ...liveOffer(trip, offerId), receiptDueAt: null } },
});

type Closing = Of<"offer.declined" | "offer.due" | "receipt.due" | "offer.lapsed">;
export const offerClosed =
  (outcome: OfferOutcome) =>
  (trip: TripContext, { offerId }: Closing): Change => {
    const { [offerId]: _, ...offers } = trip.offers;
    return { offers, closed: { ...trip.closed, [offerId]: outcome } };
  };

/** T9: the driver never had a chance to answer, so the search gets the offer and the driver back. */
export const offerLapsed = (trip: TripContext, event: Of<"offer.lapsed">): Change => {
  const { driverId } = liveOffer(trip, event.offerId);
  return {
    ...offerClosed("lapsed")(trip, event),
    search: { ...trip.search, offersMade: trip.search.offersMade - 1 },
    tried: trip.tried.filter((tried) => tried !== driverId),
  };
};

export const searchExtended = (trip: TripContext, { byMs, at }: Of<"search.extended">): Change => {
  const dueAt = ms(trip.search.dueAt + byMs);
  return { search: { ...trip.search, dueAt, over: trip.search.over && dueAt <= at } };
};

/** T11: no new offers from here on; the live ones may still be accepted. */
export const searchEnded = (trip: TripContext): Change => ({
  search: { ...trip.search, over: true },
});

export const acceptedBy = (trip: TripContext, event: Of<"offer.accepted">): Change => {
  const { driverId, etaS, distanceM } = liveOffer(trip, event.offerId);
  return {
    offers: {},
    closed: { ...trip.closed, ...withdrawn(trip).closed, [event.offerId]: "accepted" },
    assignment: { driverId, acceptedAt: event.at, etaS, distanceM },
  };
};

export const assignedByAdmin = (trip: TripContext, event: Of<"admin.assign">): Change => ({
  ...withdrawn(trip),
  assignment: assignedNow(event),
});

/** T28: as if accepted now; who had it is not asked again. */
export const reassigned = (trip: TripContext, event: Of<"admin.reassign">): Change => ({
  tried: trip.assignment ? withDriver(trip.tried, trip.assignment.driverId) : trip.tried,
  assignment: assignedNow(event),
  alarms: [],
  arrivedAt: null,
});

export const alarmed =
  (alarm: Alarm) =>
  ({ alarms }: TripContext): Change => ({ alarms: [...alarms, alarm] });

/** T15: given back by its driver: the next search, which never asks that driver again. The quote is kept. */
export const redispatched = (trip: TripContext, event: Of<"driver.cancel">): Change => ({
  search: {
    number: trip.search.number + 1,
    startedAt: event.at,
    dueAt: ms(event.at + trip.policy.redispatchSearchMs),
    offersMade: 0,
    wave: 0,
    over: false,
  },
  redispatches: trip.redispatches + 1,
  tried: withDriver(trip.tried, event.driverId),
  assignment: null,
  alarms: [],
  arrivedAt: null,
});

/** A cancelled trip keeps its assignment: who it was taken from may still read it. */
export const cancelledBy =
  (by: By) =>
  (trip: TripContext, event: Of<"passenger.cancel" | "driver.cancel" | "admin.cancel">): Change => ({
    ...withdrawn(trip),
    cancelled: {
      by,
      reason: event.reason,
      at: event.at,
      fee: by === "passenger" ? cancelFee(trip, event.at) : 0,
    },
  });

/** T12, T33: nothing is owed before acceptance, soon after it, for a driver who is late, or after an alarm. */
const cancelFee = ({ assignment, alarms, arrivedAt, policy }: TripContext, at: Ms): number => {
  if (assignment === null || alarms.length > 0) return 0;
  if (at <= assignment.acceptedAt + policy.cancelFreeMs) return 0;
  const { acceptedAt, etaS } = assignment;
  const late = arrivedAt === null && etaS !== null && at > acceptedAt + etaS * 1_000 + policy.cancelLateMs;
  return late ? 0 : policy.cancelFee;
};

export const completed = (_: TripContext, event: Of<"complete" | "admin.complete">): Change => ({
  completedAt: event.at,
  drivenM: event.distanceM,
});

const assignedNow = (event: Of<"admin.assign" | "admin.reassign">): Assignment => ({
  driverId: event.driverId,
  acceptedAt: event.at,
  etaS: event.etaS,
  distanceM: event.distanceM,
});

const liveOffer = (trip: TripContext, offerId: OfferId) => {
  const offer = trip.offers[offerId];
  assert(offer, "T4: only a live offer is confirmed, taken or lapses");
  return offer;
};

/** Every live offer withdrawn; nothing changes when none is live. */
const withdrawn = (trip: TripContext): Pick<Change, "offers" | "closed"> => {
  const live = Object.keys(trip.offers);
  if (live.length === 0) return {};
  const outcomes = Object.fromEntries(live.map((id) => [id, "withdrawn"] as const));
  return { offers: {}, closed: { ...trip.closed, ...outcomes } };
};

const withDriver = (tried: readonly DriverId[], driverId: DriverId): readonly DriverId[] =>
  tried.includes(driverId) ? tried : [...tried, driverId];
