import type { Desk, Identity } from "../desk.ts";
import { type Asker, ask, no, placeHolding, unlessRepeated } from "../ask.ts";
import { passengerId, tripId } from "../../domain/ids.ts";
import type { Done } from "../ports.ts";
import type { PassengerId } from "../../domain/ids.ts";
import type { Quotes } from "../quotes.ts";
import type { TripEvent } from "../../../machines/events.ts";
import type { TripRequest } from "../../protocol/http-bodies.ts";
import { placeOfRide } from "../place-of-ride.ts";
import { priceOf } from "../quotes.ts";

export interface RequestPorts {
  readonly desk: Desk;
  readonly quotes: Quotes;
  /** A UUIDv7. */
  newId(): string;
}

/** A passenger wants a ride, at the fare of their quote if they name one. Answered once the trip is durable, with its id. */
export const requestTrip = (
  ports: RequestPorts,
  identity: Identity,
  wish: TripRequest,
  key: string | null,
  done: Done,
): void => {
  if (identity.role !== "passenger") return done(no("forbidden", "only a passenger requests a trip"));
  const { pickup, dropoff, vehicle_type, quote_id, note } = wish;
  const content = { type: "request_trip", pickup, dropoff, vehicle_type, quote_id, note };
  const who = { identity, key };
  // Before anything else, or a repeat would be told that its own trip is live (P45).
  unlessRepeated(ports.desk, who, content, done, () => requestNew(ports, who, wish, content, done));
};

const requestNew = (
  { desk, quotes, newId }: RequestPorts,
  who: Asker,
  { pickup, dropoff, vehicle_type, quote_id, note }: TripRequest,
  content: object,
  done: Done,
): void => {
  const ride = { pickup, dropoff, vehicleType: vehicle_type };
  const place = placeOfRide(desk, ride);
  if ("code" in place) return done({ is: "refused", refusal: place });
  const passenger = passengerId(who.identity.sub);
  const price =
    quote_id === null ? priceOf(place, ride) : quotes.redeem(place, { passenger, ...ride }, quote_id);
  if (price === null) return done(no("quote_expired", "this quote is over, or is for another ride"));
  const id = tripId(newId());
  if (!hold(desk, passenger, id)) return done(no("trip_live", "another trip of yours is live"));

  const event = {
    type: "create",
    tripId: id,
    passengerId: passenger,
    vehicleType: vehicle_type,
    pickup,
    dropoff,
    note,
    quoteId: quote_id,
    ...price,
    policy: place.policy.trip,
  } satisfies TripEvent;
  // Wanted for the first offer: fetched while the trip is written.
  void desk.passengerRecord(passenger).catch(() => undefined);
  ask(place, who, { to: { kind: "trip", id }, event, content }, (answer) => {
    // P48: there is no such trip; only `unavailable` leaves that open.
    if (answer.is === "refused" && answer.refusal.code !== "unavailable")
      desk.releasePassenger(passenger, id);
    done(answer);
  });
};

/** One live trip per passenger. One that no market knows was refused or undone, and holds nobody (P48). */
const hold = (desk: Desk, passenger: PassengerId, id: ReturnType<typeof tripId>): boolean => {
  const live = desk.liveTripOf(passenger);
  if (live !== undefined && !placeHolding(desk, live)) desk.releasePassenger(passenger, live);
  return desk.holdPassenger(passenger, id);
};
