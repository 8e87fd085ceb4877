import type { Answer, Desk, Identity, Peer } from "../session/desk.ts";
import type { Follower, Topics } from "./topics.ts";
import { type Live, driverOfRow, updateOf, wholeTrip } from "./order-update.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import { driverOf, driverView, etaToPickup, fareOf, mayKnowDriver } from "./trip-view.ts";
import { tripListRow, tripLive } from "../../machines/trip-facts.ts";
import type { Clock } from "../domain/time.ts";
import type { EventRow, TripListRow } from "../domain/row.ts";
import type { OrderUpdate } from "../protocol/server-messages.ts";
import type { TripId } from "../domain/ids.ts";
import { ms } from "../domain/time.ts";
import { refusal } from "../domain/errors.ts";

export interface ResumePorts {
  readonly desk: Desk;
  readonly topics: Topics;
  readonly clock: Clock;
  /** The rows of a trip after `sinceSeq`, in order. */
  history(tripId: TripId, sinceSeq: number): Promise<readonly EventRow[]>;
}

/** P32: who missed more gets the whole trip. */
const MISSING_AT_MOST = 100;

/**
 * Sends the trip as it is, or what came after `sinceSeq`, and from then on every update: nothing twice,
 * nothing left out. The state is read at one point of the market's order; the updates after that point are
 * held until the earlier ones are sent.
 */
export const createSubscribe =
  (ports: ResumePorts) =>
  (peer: Peer, who: Identity, id: TripId, sinceSeq: number | null, done: (answer: Answer) => void): void => {
    const { desk, topics } = ports;

    const found = (row: TripListRow, live: Live | null): void => {
      // S6: a passenger hears of their own trips only.
      if (who.role !== "passenger" || who.sub !== row.passengerId)
        return done(no("forbidden", "this trip is not yours"));
      const follower = live ? topics.follow(id, peer, row.seq) : onlyOnce(peer, row.seq);
      if (follower === null) return done(no("rate_limited", "too many trips are followed"));
      done({ is: "ok", tripId: id, seq: row.seq, repeated: false });
      if (sinceSeq === row.seq) return;
      follower.held = [];
      void earlier(ports, row, live, sinceSeq).then((updates) => topics.catchUp(follower, updates));
    };
    const ended = (): void =>
      void desk.endedTrip(id).then(
        (row) => (row ? found(row, null) : done(no("not_found", "no such trip"))),
        () => done(unavailable),
      );

    const market = desk.placeOfTrip(id)?.market;
    const to = { kind: "trip" as const, id };
    if (!market?.peek(to)) return ended();
    market.read(to, (seen) => {
      if (seen.is !== "actor") return seen.is === "unknown" ? done(unavailable) : ended();
      const { actor } = seen;
      const state = actor.state as TripState;
      const trip = actor.context as unknown as TripContext;
      const live = tripLive(state) ? { note: trip.note, etaS: etaToPickup(state, trip) } : null;
      found(tripListRow(id, actor.seq, state, trip), live);
    });
  };

/** Never rejects: what cannot be looked up is left out. */
const earlier = async (
  ports: ResumePorts,
  row: TripListRow,
  live: Live | null,
  sinceSeq: number | null,
): Promise<OrderUpdate[]> => {
  const missing = sinceSeq === null ? 0 : row.seq - sinceSeq;
  if (sinceSeq !== null && missing > 0 && missing <= MISSING_AT_MOST) {
    const updates = await missed(ports, row, sinceSeq).catch(() => []);
    if (updates.length === missing) return updates;
  }
  const now = ms(Math.floor(ports.clock.wall()));
  return [wholeTrip(row, await driverOf(ports.desk, row, "passenger", now), live, now)];
};

const missed = async (
  { desk, history, clock }: ResumePorts,
  trip: TripListRow,
  sinceSeq: number,
): Promise<OrderUpdate[]> => {
  const rows = await history(trip.id as TripId, sinceSeq);
  const known = mayKnowDriver(trip, "passenger", clock.wall());
  return Promise.all(
    rows
      .filter((row) => row.seq <= trip.seq)
      .map(async (row) => {
        const joined = driverOfRow(row);
        const driver = joined && known ? driverView(joined, await desk.driverRecord(joined)) : null;
        return updateOf(row, driver, fareOf(trip));
      }),
  );
};

const onlyOnce = (peer: Peer, seq: number): Follower => ({ peer, seq, held: null, dropped: false });

const no = (...[code, message]: Parameters<typeof refusal>): Answer => ({
  is: "refused",
  refusal: refusal(code, message),
});
const unavailable = no("unavailable", "the log does not answer");
