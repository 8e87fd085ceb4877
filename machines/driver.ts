import { setup } from "xstate";
import * as change from "./driver-changes.ts";
import * as say from "./driver-says.ts";
import { ignored, markers, refuse } from "./markers.ts";
import { wordsOf } from "./words.ts";
import type { TripId } from "../src/domain/ids.ts";
import type { DriverContext } from "./context.ts";
import type { DriverEvent, Emitted, Stamp } from "./events.ts";

export const driverVersion = "driver@1";

type Heard = DriverEvent & Stamp;
type Of<T extends DriverEvent["type"]> = Extract<Heard, { type: T }>;
type OfTrip = Extract<Heard, { readonly tripId: TripId }>;
const { when, changes, says } = wordsOf<DriverContext, Heard>();

const driver = setup({
  types: {
    context: {} as DriverContext,
    events: {} as Heard,
    emitted: {} as Emitted,
    input: {} as Of<"create">,
  },

  guards: {
    isConnected: when((me) => me.lostAt === null),
    isTheOfferedTrip: when((me, event: OfTrip) => me.offer?.tripId === event.tripId),
    // D8: expired for the third time in a row
    isOneMissTooMany: when(
      (me, event: Of<"expired">) =>
        me.offer?.tripId === event.tripId && me.misses + 1 >= me.policy.missesToPause,
    ),
    isMyTrip: when((me, event: OfTrip) => me.tripId === event.tripId),
    isMyTripThenOffline: when((me, event: OfTrip) => me.tripId === event.tripId && me.after === "offline"),
    isMyTripThenPause: when((me, event: OfTrip) => me.tripId === event.tripId && me.after === "paused"),
    isLostTooLong: when(
      (me, event: Of<"lost.due">) =>
        me.lostAt === event.lostAt && event.at >= event.lostAt + me.policy.lostOfflineMs,
    ),
  },

  actions: {
    ...markers,
    goOnline: changes(change.online),
    goOffline: changes(change.offline),
    move: changes(change.moved),
    resume: changes(change.resumed),
    sendOffer: says(say.sendOffer),
    holdOffer: changes(change.offerHeld),
    sendCancel: says(say.sendCancel),
    sendEnded: says(say.sendEnded),
    dropOffer: changes(change.offerGone),
    dropAnswered: changes(change.offerAnswered),
    dropMissed: changes(change.offerMissed),
    declineToPause: says(say.declineOffer("paused")),
    declineToLeave: says(say.declineOffer("offline")),
    dropAndLeave: changes(change.offerLeft),
    takeTrip: changes(change.tripTaken),
    sendAssignment: says(say.sendAssignment),
    thenIdle: changes(change.afterwards("idle")),
    thenPause: changes(change.afterwards("paused")),
    thenOffline: changes(change.afterwards("offline")),
    endTrip: changes(change.tripEnded),
    endTripAndLeave: changes(change.tripEndedOffline),
    tellLost: says(say.tellLost),
    lose: changes(change.lost),
    comeBack: changes(change.back),
  },
});

const unavailable = (why: string) => refuse("driver_unavailable", `the driver ${why}`);

/** What may happen on any leg of a trip. Leaving or pausing waits for its end (D13). */
const { on: onTrip } = driver.createStateConfig({
  on: {
    freed: [
      { guard: "isMyTripThenOffline", target: "offline", actions: ["sendCancel", "endTripAndLeave"] },
      { guard: "isMyTripThenPause", target: "paused", actions: ["sendCancel", "endTrip"] },
      { guard: "isMyTrip", target: "idle", actions: ["sendCancel", "endTrip"] },
    ],
    go_online: { actions: "thenIdle" },
    resume: { actions: "thenIdle" },
    pause: { actions: "thenPause" },
    go_offline: { actions: "thenOffline" },
  },
});

export const driverMachine = driver.createMachine({
  id: "driver",
  context: ({ input }) => change.created(input),
  initial: "offline",

  on: {
    // An ask that no state below takes undoes the whole turn that made it (D15).
    offer: unavailable("cannot take an offer now"),
    taken: unavailable("does not have this offer"),
    assign: unavailable("cannot take a trip now"),
    completed: unavailable("is not on this trip"),
    // Lost never ends a trip: it is remembered, and the trip told (D16, D19).
    "driver.lost": [{ guard: "isConnected", actions: ["tellLost", "lose"] }, ignored],
    "driver.back": [{ guard: "isConnected", ...ignored }, { actions: "comeBack" }],
    "lost.due": ignored,
  },

  states: {
    offline: {
      on: {
        go_online: { target: "idle", actions: "goOnline" },
        "driver.entered": { target: "idle", actions: "goOnline" },
        go_offline: ignored,
        "driver.left": ignored,
        "driver.lost": ignored,
        "driver.back": ignored,
      },
    },
    idle: {
      on: {
        offer: { guard: "isConnected", target: "offered", actions: ["sendOffer", "holdOffer"] },
        assign: { target: "to_pickup", actions: ["sendAssignment", "takeTrip"] },
        pause: { target: "paused", actions: "move" },
        go_offline: { target: "offline", actions: "goOffline" },
        "lost.due": { guard: "isLostTooLong", target: "offline", actions: "goOffline" },
        "driver.left": { target: "offline", actions: "goOffline" },
        go_online: ignored,
        resume: ignored,
      },
    },
    offered: {
      on: {
        taken: { guard: "isTheOfferedTrip", target: "to_pickup", actions: "takeTrip" },
        declined: { guard: "isTheOfferedTrip", target: "idle", actions: "dropAnswered" },
        expired: [
          { guard: "isOneMissTooMany", target: "paused", actions: ["sendEnded", "dropMissed"] },
          { guard: "isTheOfferedTrip", target: "idle", actions: ["sendEnded", "dropMissed"] },
        ],
        withdrawn: { guard: "isTheOfferedTrip", target: "idle", actions: ["sendCancel", "dropOffer"] },
        undelivered: { guard: "isTheOfferedTrip", target: "idle", actions: ["sendEnded", "dropOffer"] },
        lapsed: { guard: "isTheOfferedTrip", target: "idle", actions: ["sendEnded", "dropOffer"] },
        pause: { target: "paused", actions: ["declineToPause", "dropAnswered"] },
        go_offline: { target: "offline", actions: ["declineToLeave", "dropAndLeave"] },
        go_online: ignored,
        resume: ignored,
      },
    },
    to_pickup: {
      on: {
        ...onTrip,
        arrived: { guard: "isMyTrip", target: "at_pickup", actions: "move" },
      },
    },
    at_pickup: {
      on: { ...onTrip, started: { guard: "isMyTrip", target: "on_trip", actions: "move" } },
    },
    on_trip: {
      on: {
        ...onTrip,
        completed: [
          { guard: "isMyTripThenOffline", target: "offline", actions: "endTripAndLeave" },
          { guard: "isMyTripThenPause", target: "paused", actions: "endTrip" },
          { guard: "isMyTrip", target: "idle", actions: "endTrip" },
        ],
      },
    },
    paused: {
      on: {
        resume: { target: "idle", actions: "resume" },
        go_online: { target: "idle", actions: "goOnline" },
        go_offline: { target: "offline", actions: "goOffline" },
        pause: ignored,
      },
    },
  },
});
