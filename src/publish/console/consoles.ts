import type { Bbox, Topic } from "../../protocol/admin-messages.ts";
import type { Peer, Place } from "../../session/desk.ts";
import type { Turn } from "../../market/ports.ts";

/** One topic of one console, from its subscription on. */
export interface Feed {
  /** After each commit, in its order. */
  committed?(place: Place, turn: Turn): void;
  /** Once a second, the first time at once. */
  second?(): void;
}
export type OpenFeed = (peer: Peer, bbox: Bbox | null) => Feed;

/** Who among the operators hears of what. */
export interface Consoles {
  /** These topics from the beginning, beside those of before. False: too many consoles (P113). */
  open(peer: Peer, topics: readonly Topic[], bbox: Bbox | null): boolean;
  close(peer: Peer, topics: readonly Topic[]): void;
  committed(place: Place, turn: Turn): void;
  second(): void;
}

/** P113 */
const CONSOLES = 100;

export const createConsoles = (feedOf: Readonly<Record<Topic, OpenFeed>>): Consoles => {
  const consoles = new Map<Peer, Map<Topic, Feed>>();
  const all = function* (): Iterable<Feed> {
    for (const feeds of consoles.values()) yield* feeds.values();
  };
  return {
    open(peer, topics, bbox) {
      const feeds = consoles.get(peer) ?? new Map<Topic, Feed>();
      if (consoles.size >= CONSOLES && !consoles.has(peer)) return false;
      consoles.set(peer, feeds);
      for (const topic of topics) {
        const feed = feedOf[topic](peer, bbox);
        feeds.set(topic, feed);
        queueMicrotask(() => feeds.get(topic) === feed && feed.second?.()); // after the ack
      }
      return true;
    },
    close(peer, topics) {
      const feeds = consoles.get(peer);
      for (const topic of topics) feeds?.delete(topic);
      if (feeds?.size === 0) consoles.delete(peer);
    },
    committed(place, turn) {
      for (const feed of all()) feed.committed?.(place, turn);
    },
    second() {
      for (const feed of all()) feed.second?.();
    },
  };
};
