import { asDriver, asTrip, meaning } from "../../src/meaning.ts";
import { decide, keyOf } from "../../src/market/turn.ts";
import { driverId, marketId, passengerId, tripId } from "../../src/domain/ids.ts";
import { ms } from "../../src/domain/time.ts";
import type { Decision } from "../../src/market/turn.ts";
import type { Actor, Input } from "../../src/market/ports.ts";
import type { ActorRef } from "../../src/domain/row.ts";
import type { DriverPolicy, TripPolicy } from "../../src/domain/policy.ts";
import type { DriverEvent, TripEvent } from "../../machines/events.ts";

// A market without a log: real charts, real turns, a clock that moves when told.

export const tripPolicy: TripPolicy = {
  receiptMs: ms(5_000),
  offerShownMs: ms(15_000),
  offerMs: ms(16_500),
  searchMs: ms(180_000),
  redispatchSearchMs: ms(120_000),
  offersPerSearch: 15,
  redispatches: 2,
  arriveRadiusM: 100,
  cancelFreeMs: ms(120_000),
  cancelLateMs: ms(300_000),
  cancelFee: 500,
  movingM: 50,
  lateEtas: 3,
  lateMs: ms(300_000),
  stuckDurations: 3,
};
export const driverPolicy: DriverPolicy = { missesToPause: 3, lostOfflineMs: ms(300_000) };

/** All actors at one moment. Immutable, so a search may branch from it. */
export interface World {
  readonly actors: ReadonlyMap<string, Actor>;
  readonly position: number;
  readonly at: number;
}
export const emptyWorld: World = { actors: new Map(), position: 0, at: 1_000_000 };

/** One command at one moment: what was decided, and the world after it. */
export const step = (
  world: World,
  to: ActorRef,
  event: Input,
  at = world.at,
): { readonly decision: Decision; readonly world: World } => {
  const decision = decide(
    meaning,
    (key) => world.actors.get(key),
    { to, event, by: "system", key: null, hash: 0 },
    { market: marketId(1), epoch: 1, at: ms(at), position: world.position, commandId: null },
  );
  if (decision.is !== "turn") return { decision, world: { ...world, at } };
  const actors = new Map(world.actors);
  for (const { after } of decision.steps) actors.set(keyOf(after), after);
  return { decision, world: { actors, position: world.position + decision.steps.length, at } };
};

export const trip: ActorRef = { kind: "trip", id: "trip-1" };
export const driver = (id: string): ActorRef => ({ kind: "driver", id });

export const createTrip = (policy: Partial<TripPolicy> = {}, id = trip.id): TripEvent => ({
  type: "create",
  tripId: tripId(id),
  passengerId: passengerId("passenger-1"),
  vehicleType: "standard",
  pickup: { lat: 38.55, lng: 68.78 },
  dropoff: { lat: 38.58, lng: 68.8 },
  note: null,
  quoteId: null,
  fare: { amount: 1_850, currency: "TJS" },
  distanceM: 4_200,
  durationS: 610,
  policy: { ...tripPolicy, ...policy },
});
export const createDriver = (id: string): DriverEvent => ({
  type: "create",
  driverId: driverId(id),
  vehicleType: "standard",
  policy: driverPolicy,
});
export const goOnline = (policy: Partial<DriverPolicy> = {}): DriverEvent => ({
  type: "go_online",
  vehicleType: "standard",
  policy: { ...driverPolicy, ...policy },
});

/** A world that remembers, for tests that read as given, when, then. */
export const openScene = (...driverIds: string[]) => {
  let world = emptyWorld;
  const send = (to: ActorRef, event: TripEvent | DriverEvent, waitMs = 0): Decision => {
    const next = step(world, to, { ...event }, world.at + waitMs);
    world = next.world;
    return next.decision;
  };
  const actor = (to: ActorRef): Actor => {
    const found = world.actors.get(keyOf(to));
    if (!found) throw new Error(`the scene has no ${keyOf(to)}`);
    return found;
  };
  for (const id of driverIds) {
    send(driver(id), createDriver(id));
    send(driver(id), goOnline());
  }
  return {
    now: () => ms(world.at),
    trip: (event: TripEvent, waitMs?: number) => send(trip, event, waitMs),
    driver: (id: string, event: DriverEvent, waitMs?: number) => send(driver(id), event, waitMs),
    send,
    ofTrip: (id = trip.id) => asTrip(actor({ kind: "trip", id })),
    ofDriver: (id: string) => asDriver(actor(driver(id))),
    /** Offers the trip to a driver; the offer's id. */
    offer: (id: string, tripRef = trip) => {
      const decision = send(tripRef, {
        type: "offer",
        driverId: driverId(id),
        wave: 1,
        etaS: 240,
        distanceM: 900,
        fixAgeMs: 1_000,
      });
      if (decision.is !== "turn") throw new Error(`the offer was ${JSON.stringify(decision)}`);
      return asDriver(actor(driver(id))).context.offer!.offerId;
    },
  };
};
