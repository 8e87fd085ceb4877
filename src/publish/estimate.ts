import type { Peer, Place } from "../session/desk.ts";
import type { Standing } from "./standing.ts";
import type { TripId } from "../domain/ids.ts";
import type { Topics } from "./topics.ts";
import { distanceM } from "../domain/geo.ts";

export interface EstimatePorts {
  readonly topics: Topics;
  readonly standing: Standing;
  /** Seconds for so many metres as the crow flies, now. */
  etaS(place: Place, distanceM: number): number;
}

/** What a peer was told last; of one trip, since a passenger has one that lives. */
interface Told {
  readonly tripId: TripId;
  readonly leg: "pickup" | "dropoff";
  readonly etaS: number;
  readonly at: number;
}

// P105
const AT_MOST_EVERY_MS = 5_000;
const MOVED_S = 15;
const MOVED_SHARE = 0.1;

/** Tells who follows a trip when its driver is there, as each of their fixes says. */
export const createEstimate = ({ topics, standing, etaS }: EstimatePorts) => {
  const told = new WeakMap<Peer, Told>();

  return (tripId: TripId, lat: number, lng: number, atMs: number): void => {
    const peers = topics.peers(tripId);
    const trip = peers.length === 0 ? undefined : standing.trips.get(tripId);
    const leg = trip && legOf(trip.state);
    if (!trip || !leg) return;
    const metres = Math.round(distanceM({ lat, lng }, trip.context[leg]));
    const seconds = etaS(trip.place, metres);
    const at = Math.floor(atMs);
    const message = {
      type: "estimate_update" as const,
      order_id: tripId,
      eta_s: seconds,
      distance_m: metres,
      leg,
      at,
    };
    for (const peer of peers) {
      const last = told.get(peer);
      const sameLeg = last?.tripId === tripId && last.leg === leg;
      if (sameLeg && (at - last.at < AT_MOST_EVERY_MS || !moved(last.etaS, seconds))) continue;
      if (peer.hint(message)) told.set(peer, { tripId, leg, etaS: seconds, at });
    }
  };
};

const legOf = (state: string): "pickup" | "dropoff" | null =>
  state === "accepted" || state === "en_route" ? "pickup" : state === "in_progress" ? "dropoff" : null;

const moved = (from: number, to: number): boolean =>
  Math.abs(to - from) > MOVED_S || Math.abs(to - from) > from * MOVED_SHARE;
