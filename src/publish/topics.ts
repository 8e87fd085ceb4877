import type { OrderUpdate } from "../protocol/server-messages.ts";
import type { Peer } from "../session/desk.ts";
import type { TripId } from "../domain/ids.ts";

/** A connection that hears of a trip. */
export interface Follower {
  readonly peer: Peer;
  /** What it has or will have from elsewhere: only later updates are sent, each once (P32). */
  seq: number;
  /** Updates that came while the earlier ones are still fetched; null: nothing is. */
  held: OrderUpdate[] | null;
  /** It left, or asked again. */
  dropped: boolean;
}

/** Who follows which trip. */
export interface Topics {
  /** From `seq` on; replaces an earlier following of the same peer. Null: it follows too many (P36). */
  follow(tripId: TripId, peer: Peer, seq: number): Follower | null;
  unfollow(tripId: TripId, peer: Peer): void;
  follows(tripId: TripId, peer: Peer): boolean;
  /** The connection closed. */
  forget(peer: Peer): void;
  update(tripId: TripId, update: OrderUpdate): void;
  /** Sends `earlier`, then what was held meanwhile; nothing to one that was dropped. */
  catchUp(follower: Follower, earlier: readonly OrderUpdate[]): void;
  /** The peers that are up to date. */
  peers(tripId: TripId): Peer[];
  /** No further update will come. */
  end(tripId: TripId): void;
}

/** P36: a passenger has one live trip and looks at a few old ones. */
const TRIPS_PER_PEER = 20;

export const createTopics = (): Topics => {
  const byTrip = new Map<TripId, Map<Peer, Follower>>();
  const byPeer = new Map<Peer, Set<TripId>>();

  const leave = (tripId: TripId, peer: Peer): void => {
    const trips = byPeer.get(peer);
    if (trips?.delete(tripId) && trips.size === 0) byPeer.delete(peer);
  };
  const unfollow = (tripId: TripId, peer: Peer): void => {
    const followers = byTrip.get(tripId);
    const follower = followers?.get(peer);
    if (follower) follower.dropped = true;
    if (followers?.delete(peer) && followers.size === 0) byTrip.delete(tripId);
    leave(tripId, peer);
  };
  const followersOf = (tripId: TripId): Iterable<Follower> => byTrip.get(tripId)?.values() ?? [];

  return {
    follow(tripId, peer, seq) {
      unfollow(tripId, peer);
      const trips = byPeer.get(peer) ?? new Set();
      if (trips.size >= TRIPS_PER_PEER) return null;
      byPeer.set(peer, trips.add(tripId));
      const followers = byTrip.get(tripId) ?? new Map<Peer, Follower>();
      byTrip.set(tripId, followers);
      const follower: Follower = { peer, seq, held: null, dropped: false };
      followers.set(peer, follower);
      return follower;
    },
    unfollow,
    follows: (tripId, peer) => byPeer.get(peer)?.has(tripId) === true,
    forget(peer) {
      for (const tripId of byPeer.get(peer) ?? []) unfollow(tripId, peer);
    },
    update(tripId, update) {
      for (const follower of followersOf(tripId)) {
        if (update.seq <= follower.seq) continue;
        follower.seq = update.seq;
        if (follower.held === null) follower.peer.push(update);
        else follower.held.push(update);
      }
    },
    catchUp(follower, earlier) {
      if (follower.dropped) return;
      for (const update of [...earlier, ...(follower.held ?? [])]) follower.peer.push(update);
      follower.held = null;
    },
    peers: (tripId) => [...followersOf(tripId)].filter(({ held }) => held === null).map(({ peer }) => peer),
    end(tripId) {
      for (const { peer } of followersOf(tripId)) leave(tripId, peer);
      byTrip.delete(tripId);
    },
  };
};
