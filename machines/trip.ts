import { and, setup } from "xstate";
import * as change from "./trip-changes.ts";
import * as say from "./trip-says.ts";
import { pickupLateAt, rideStuckAt } from "./trip-facts.ts";
import { ignored, markers, refuse } from "./markers.ts";
import { wordsOf } from "./words.ts";
import type { TripContext } from "./context.ts";
import type { Emitted, Stamp, TripEvent } from "./events.ts";

export const tripVersion = "trip@1";

type Heard = TripEvent & Stamp;
type Of<T extends TripEvent["type"]> = Extract<Heard, { type: T }>;
type DriversOwn = Of<
  "driver.cancel" | "driver.departed" | "driver.moving" | "driver.arrived" | "start" | "complete"
>;
const { when, changes, says } = wordsOf<TripContext, Heard>();

const trip = setup({
  types: {
    context: {} as TripContext,
    events: {} as Heard,
    emitted: {} as Emitted,
    input: {} as Of<"create">,
  },

  guards: {
    // T2: once per driver, while the search lasts and has offers left
    mayBeOffered: when(
      ({ search, tried, policy }, event: Of<"offer">) =>
        !search.over && search.offersMade < policy.offersPerSearch && !tried.includes(event.driverId),
    ),
    offerAwaitsReceipt: when((trip, event: Of<"offer.delivered">) => {
      const offer = trip.offers[event.offerId];
      return offer?.driverId === event.driverId && offer.receiptDueAt !== null;
    }),
    // T5: judged by the time of the answer, not by whether the deadline was fed already
    offerIsOpen: when((trip, event: Of<"offer.accepted">) => {
      const offer = trip.offers[event.offerId];
      return offer?.driverId === event.driverId && event.at < offer.dueAt;
    }),
    offerRanOut: when((trip, event: Of<"offer.accepted">) => {
      const offer = trip.offers[event.offerId];
      const outcome = trip.closed[event.offerId];
      return (
        (offer?.driverId === event.driverId && event.at >= offer.dueAt) ||
        outcome === "expired" ||
        outcome === "undelivered"
      );
    }),
    offerIsTheirs: when(
      (trip, event: Of<"offer.declined">) => trip.offers[event.offerId]?.driverId === event.driverId,
    ),
    offerIsDue: when((trip, event: Of<"offer.due">) => {
      const offer = trip.offers[event.offerId];
      return offer !== undefined && event.at >= offer.dueAt;
    }),
    receiptIsDue: when((trip, event: Of<"receipt.due">) => {
      const due = trip.offers[event.offerId]?.receiptDueAt ?? null;
      return due !== null && event.at >= due;
    }),
    offerIsLive: when((trip, event: Of<"offer.lapsed">) => trip.offers[event.offerId] !== undefined),
    noOfferIsLive: when((trip) => Object.keys(trip.offers).length === 0),
    searchIsDue: when(
      ({ search }, event: Of<"search.due">) =>
        event.search === search.number && !search.over && event.at >= search.dueAt,
    ),
    searchIsSpent: when(({ search, policy }) => search.over || search.offersMade >= policy.offersPerSearch),
    // T19
    isAnotherDriver: when((trip, event: DriversOwn) => trip.assignment?.driverId !== event.driverId),
    isForSafety: when((_, event: Of<"driver.cancel">) => event.reason === "safety"),
    redispatchesAreSpent: when((trip) => trip.redispatches >= trip.policy.redispatches),
    isAtPickupOrSaysWhyNot: when(
      (trip, event: Of<"driver.arrived">) =>
        event.reason !== null || (event.distanceM !== null && event.distanceM <= trip.policy.arriveRadiusM),
    ),
    isNewlyLost: when(
      ({ assignment, alarms }, event: Of<"driver.lost">) =>
        assignment?.driverId === event.driverId && !alarms.includes("driver_lost"),
    ),
    isNewlyLate: when(
      (trip, { at }: Of<"pickup.late">) => at >= pickupLateAt(trip) && !trip.alarms.includes("pickup_late"),
    ),
    isNewlyStuck: when(
      (trip, { at }: Of<"ride.stuck">) => at >= rideStuckAt(trip) && !trip.alarms.includes("ride_stuck"),
    ),
  },

  actions: {
    ...markers,
    askOffer: says(say.askOffer),
    addOffer: changes(change.offerAdded),
    confirmReceipt: changes(change.receiptConfirmed),
    askTaken: says(say.askTaken),
    withdrawOthers: says(say.withdrawOthers),
    keepDriver: changes(change.acceptedBy),
    tellDeclined: says(say.tellOfferDriver("declined")),
    closeDeclined: changes(change.offerClosed("declined")),
    tellExpired: says(say.tellOfferDriver("expired")),
    closeExpired: changes(change.offerClosed("expired")),
    tellUndelivered: says(say.tellOfferDriver("undelivered")),
    closeUndelivered: changes(change.offerClosed("undelivered")),
    tellLapsed: says(say.tellOfferDriver("lapsed")),
    closeLapsed: changes(change.offerLapsed),
    endSearch: changes(change.searchEnded),
    extendSearch: changes(change.searchExtended),
    withdrawOffers: says(say.withdrawOffers("withdrawn")),
    cancelOffers: says(say.withdrawOffers("cancelled")),
    askAssign: says(say.askAssign),
    keepAssigned: changes(change.assignedByAdmin),
    freeDriver: says(say.freeDriver("cancelled")),
    relieveDriver: says(say.freeDriver("reassigned")),
    keepReassigned: changes(change.reassigned),
    searchAgain: changes(change.redispatched),
    giveUp: changes(() => ({ assignment: null })),
    tellArrived: says(say.tellAssigned("arrived")),
    keepArrival: changes((_, event: Heard) => ({ arrivedAt: event.at })),
    keepWord: changes(() => ({})),
    tellStarted: says(say.tellAssigned("started")),
    keepStart: changes((_, event: Heard) => ({ startedAt: event.at })),
    askCompleted: says(say.askCompleted),
    keepCompletion: changes(change.completed),
    alarmLost: says(say.raiseAlarm("driver_lost")),
    keepLost: changes(change.alarmed("driver_lost")),
    alarmLate: says(say.raiseAlarm("pickup_late")),
    keepLate: changes(change.alarmed("pickup_late")),
    alarmStuck: says(say.raiseAlarm("ride_stuck")),
    keepStuck: changes(change.alarmed("ride_stuck")),
    cancelByPassenger: changes(change.cancelledBy("passenger")),
    cancelByDriver: changes(change.cancelledBy("driver")),
    cancelByAdmin: changes(change.cancelledBy("admin")),
  },
});

const wrongDriver = {
  guard: "isAnotherDriver",
  ...refuse("wrong_order", "this trip is not yours"),
} as const;

/** What may happen from acceptance until the passenger is on board. */
const { on: onTheWay } = trip.createStateConfig({
  on: {
    "passenger.cancel": { target: "cancelled", actions: ["freeDriver", "cancelByPassenger"] },
    "driver.cancel": [
      wrongDriver,
      { guard: "isForSafety", target: "cancelled", actions: ["freeDriver", "cancelByDriver"] },
      { guard: "redispatchesAreSpent", target: "no_driver_found", actions: ["freeDriver", "giveUp"] },
      { target: "requested", actions: ["freeDriver", "searchAgain"] },
    ],
    "admin.cancel": { target: "cancelled", actions: ["freeDriver", "cancelByAdmin"] },
    // T28: the new driver is asked before the old one is told: a refusal leaves all as it was.
    "admin.reassign": { target: "accepted", actions: ["askAssign", "relieveDriver", "keepReassigned"] },
  },
});

const tooFar = ({ context: trip, event }: { context: TripContext; event: Of<"driver.arrived"> }) => ({
  code: "illegal_now" as const,
  message:
    event.distanceM === null
      ? "no fresh position: say why to arrive anyway"
      : `${Math.round(event.distanceM)} m from the pickup, within ${trip.policy.arriveRadiusM} m is arrived: say why to arrive anyway`,
});

const { on: arriving } = trip.createStateConfig({
  on: {
    "driver.arrived": [
      wrongDriver,
      { guard: "isAtPickupOrSaysWhyNot", target: "arrived", actions: ["tellArrived", "keepArrival"] },
      { actions: { type: "refuse", params: tooFar } },
    ],
    // T30, T31: an alarm, and the trip goes on
    "driver.lost": { guard: "isNewlyLost", actions: ["alarmLost", "keepLost"] },
    "pickup.late": { guard: "isNewlyLate", actions: ["alarmLate", "keepLate"] },
  },
});

export const tripMachine = trip.createMachine({
  id: "trip",
  context: ({ input }) => change.created(input),
  initial: "requested",

  // An offer that is live no more: late answers are told so, stale deadlines are normal (T20).
  on: {
    "offer.accepted": [
      { guard: "offerRanOut", ...refuse("offer_expired", "the offer ran out") },
      refuse("offer_withdrawn", "the offer is not open to you"),
    ],
    "offer.delivered": ignored,
    "offer.declined": ignored,
    "offer.due": ignored,
    "receipt.due": ignored,
    "offer.lapsed": ignored,
    "search.due": ignored,
    "search.extended": ignored,
    "driver.moving": ignored,
    "driver.lost": ignored,
    "pickup.late": ignored,
    "ride.stuck": ignored,
  },

  states: {
    requested: {
      initial: "searching",
      on: {
        offer: [
          { guard: "mayBeOffered", target: ".offering", actions: ["askOffer", "addOffer"] },
          refuse("illegal_now", "the driver was asked before, or the search takes no more offers"),
        ],
        "search.extended": { actions: "extendSearch" },
        "admin.assign": { target: "accepted", actions: ["withdrawOffers", "askAssign", "keepAssigned"] },
        "passenger.cancel": { target: "cancelled", actions: ["cancelOffers", "cancelByPassenger"] },
        "admin.cancel": { target: "cancelled", actions: ["cancelOffers", "cancelByAdmin"] },
      },
      states: {
        searching: {
          on: { "search.due": { guard: "searchIsDue", target: "#trip.no_driver_found" } },
        },
        offering: {
          always: [
            { guard: and(["noOfferIsLive", "searchIsSpent"]), target: "#trip.no_driver_found" },
            { guard: "noOfferIsLive", target: "searching" },
          ],
          on: {
            "offer.delivered": { guard: "offerAwaitsReceipt", actions: "confirmReceipt" },
            "offer.accepted": {
              guard: "offerIsOpen",
              target: "#trip.accepted",
              actions: ["askTaken", "withdrawOthers", "keepDriver"],
            },
            "offer.declined": { guard: "offerIsTheirs", actions: ["tellDeclined", "closeDeclined"] },
            "offer.due": { guard: "offerIsDue", actions: ["tellExpired", "closeExpired"] },
            "receipt.due": { guard: "receiptIsDue", actions: ["tellUndelivered", "closeUndelivered"] },
            "offer.lapsed": { guard: "offerIsLive", actions: ["tellLapsed", "closeLapsed"] },
            "search.due": { guard: "searchIsDue", actions: "endSearch" },
          },
        },
      },
    },

    accepted: {
      on: {
        ...onTheWay,
        ...arriving,
        "driver.departed": [wrongDriver, { target: "en_route" }],
        "driver.moving": [wrongDriver, { target: "en_route" }],
      },
    },
    // T25: their fixes may have said it before them; their own word is kept as a row, as every acknowledged one is.
    en_route: {
      on: { ...onTheWay, ...arriving, "driver.departed": [wrongDriver, { actions: "keepWord" }] },
    },
    arrived: {
      on: {
        ...onTheWay,
        "driver.departed": [wrongDriver, { actions: "keepWord" }],
        "driver.arrived": [wrongDriver, { actions: "keepWord" }],
        start: [wrongDriver, { target: "in_progress", actions: ["tellStarted", "keepStart"] }],
      },
    },
    in_progress: {
      on: {
        complete: [wrongDriver, { target: "completed", actions: ["askCompleted", "keepCompletion"] }],
        "ride.stuck": { guard: "isNewlyStuck", actions: ["alarmStuck", "keepStuck"] },
        "admin.complete": { target: "completed", actions: ["askCompleted", "keepCompletion"] },
        "admin.cancel": { target: "cancelled", actions: ["freeDriver", "cancelByAdmin"] },
      },
    },

    completed: { type: "final" },
    cancelled: { type: "final" },
    no_driver_found: { type: "final" },
  },
});
