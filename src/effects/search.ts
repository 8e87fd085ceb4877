import type { Actor, Outcome } from "../market/ports.ts";
import type { OpenRequest, Proposal, Propose } from "../dispatch/propose.ts";
import type { Clock, Ms } from "../domain/time.ts";
import type { Decision, Look } from "../domain/decision.ts";
import type { Place } from "../session/desk.ts";
import type { TripContext } from "../../machines/context.ts";
import type { TripEvent } from "../../machines/events.ts";
import { BUSY } from "../location/port.ts";
import { hourIn } from "../dispatch/local-hour.ts";
import { matchable } from "./project-driver.ts";
import { type TripId, tripId } from "../domain/ids.ts";

export interface SearchPorts {
  readonly place: Place;
  readonly propose: Propose;
  readonly clock: Clock;
  /** One proposal was computed in so long. */
  matched(tookMs: number): void;
  /** A trip was looked at: who was there, who is asked. Handed over again with more `looks` while nobody is found. */
  decided(decision: Decision): void;
}

/** The open pool of a market: every trip that searches and has no live offer. */
export interface Search {
  /** After each commit of a trip, and for each live one at recovery. */
  changed(trip: Actor): void;
  stop(): void;
  readonly stats: {
    readonly open: number;
    readonly offers: number;
    /** Proposals that trip or driver refused: taken meanwhile. */
    readonly refused: number;
  };
}

/** How an open trip stands. */
interface Standing {
  /** Proposals not answered yet. */
  asked: number;
  /** At once, since the last round. */
  attempts: number;
  /** Numbers the decisions. */
  attempt: number;
  /** Looks in a row that found nobody. */
  inVain: { since: Ms; looks: number } | null;
}

/** O22: a trip whose proposals were all refused looks again at once so often; then it waits for the next round. */
const ATTEMPTS_AT_ONCE = 5;

export const createSearch = ({ place, propose, clock, ...observe }: SearchPorts): Search => {
  const { market, locations } = place;
  const localHour = hourIn(place.timeZone);
  const open = new Map<TripId, Standing>();
  let offers = 0;
  let refused = 0;
  let cancelRound: (() => void) | null = null;

  const attempt = (ids: Iterable<TripId>): void => {
    // O21: nobody could answer an offer that is not written.
    if (!market.healthy()) return;
    const requests: OpenRequest[] = [];
    for (const id of ids) {
      const trip = market.peek({ kind: "trip", id });
      if (open.get(id)?.asked === 0 && trip && searches(trip)) requests.push(requestOf(trip));
    }
    if (requests.length === 0) return;
    const { waves, eta, location } = place.policy;
    const rules = { waves, eta, fixFreshMs: location.fixFreshMs };
    const before = clock.monotonic();
    const now = market.now();
    const { proposals, looks } = propose(requests, locations, rules, localHour(now), now);
    observe.matched(clock.monotonic() - before);
    for (const look of looks) decided(look, now);
    for (const { tripId } of proposals) open.get(tripId)!.asked += 1;
    for (const proposal of proposals) offer(proposal);
  };

  const decided = (look: Look, at: Ms): void => {
    const state = open.get(look.tripId)!;
    const nobody = look.candidates.every(({ verdict }) => verdict !== "asked");
    if (!nobody || state.inVain === null) state.attempt += 1;
    const { since, looks } = (nobody && state.inVain) || { since: at, looks: 0 };
    state.inVain = nobody ? { since, looks: looks + 1 } : null;
    observe.decided({ market: market.id, attempt: state.attempt, since, at, looks: looks + 1, ...look });
  };

  const offer = ({ tripId: id, ...proposed }: Proposal): void => {
    const { driverId } = proposed;
    // O23: not found by another trip while this offer is being written.
    locations.setStatus(driverId, BUSY);
    const event: TripEvent = { type: "offer", ...proposed };
    market.submit({ to: { kind: "trip", id }, event, by: "system", key: null, hash: 0 }, (outcome) =>
      answered(id, driverId, outcome),
    );
  };

  const answered = (id: TripId, driverId: string, outcome: Outcome): void => {
    const state = open.get(id);
    if (state) state.asked -= 1;
    if (outcome.is === "done") {
      offers += 1;
      return;
    }
    refused += 1;
    locations.setStatus(driverId, matchable(market.peek({ kind: "driver", id: driverId })));
    if (state?.asked === 0 && ++state.attempts < ATTEMPTS_AT_ONCE) attempt([id]);
  };

  const round = (): void => {
    for (const state of open.values()) state.attempts = 0;
    attempt(open.keys());
    cancelRound = open.size > 0 ? clock.after(place.policy.retryMs, round) : null;
  };

  return {
    changed(trip) {
      const id = tripId(trip.id);
      if (!searches(trip)) {
        open.delete(id);
        return;
      }
      if (!open.has(id)) open.set(id, { asked: 0, attempts: 0, attempt: 0, inVain: null });
      cancelRound ??= clock.after(place.policy.retryMs, round);
      attempt([id]); // O20: a request alone waits for nobody
    },
    stop() {
      cancelRound?.();
      open.clear();
    },
    get stats() {
      return { open: open.size, offers, refused };
    },
  };
};

const searches = (trip: Actor): boolean => trip.state === "requested.searching";

const requestOf = (actor: Actor): OpenRequest => {
  const trip = actor.context as unknown as TripContext;
  const { search, policy } = trip;
  return {
    tripId: trip.tripId,
    pickup: trip.pickup,
    vehicleType: trip.vehicleType,
    tried: trip.tried,
    wave: search.wave,
    offersLeft: policy.offersPerSearch - search.offersMade,
    priority: trip.redispatches > 0,
    requestedAt: trip.requestedAt,
  };
};
