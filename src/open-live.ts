import type { Actor, Turn } from "./market/ports.ts";
import type { Desk, Place } from "./session/desk.ts";
import type { Aliases } from "./http/aliases.ts";
import type { Clock } from "./domain/time.ts";
import type { Metrics } from "./metrics.ts";
import type { Pushes } from "./session/ports.ts";
import type { Tracks } from "./log/tracks.ts";
import type { Topics } from "./publish/topics.ts";
import { createCellsFeed } from "./publish/console/cells-feed.ts";
import { createConsoles } from "./publish/console/consoles.ts";
import { createDriversFeed } from "./publish/console/drivers-feed.ts";
import { createEstimate } from "./publish/estimate.ts";
import { createMetricsReader } from "./read-metrics.ts";
import { createNearby } from "./publish/nearby.ts";
import { createOrdersFeed } from "./publish/console/orders-feed.ts";
import { createShareLocation } from "./publish/passenger-location.ts";
import { createStanding } from "./publish/standing.ts";
import { createSystemStats } from "./publish/console/system-stats.ts";
import { ms } from "./domain/time.ts";
import { logFeed } from "./publish/console/log-feed.ts";
import { pickupEta } from "./http/pickup-eta.ts";

interface Ports {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly topics: Topics;
  readonly metrics: Metrics;
  readonly aliases: Aliases;
  /** Keeps where the driver of a trip is. */
  readonly track: Tracks["note"];
  /** Open sockets. */
  sockets(): number;
  loopLagMs(): number;
  /** Broken laws of the log. */
  breaks(): Readonly<Record<string, number>>;
}

/** What moves on screens: maps, estimates, operators' consoles. */
export interface Live {
  readonly pushes: Pick<
    Pushes,
    "shareLocation" | "watchNearby" | "unwatchNearby" | "openTopics" | "closeTopics"
  >;
  /** Of every actor at recovery, before the first commit. */
  noticed(place: Place, actor: Actor): void;
  committed(place: Place, turn: Turn): void;
  stop(): void;
}

const SECOND_MS = 1_000;

export const openLive = (ports: Ports): Live => {
  const { clock, desk, topics, metrics, aliases, track, sockets, loopLagMs, breaks } = ports;
  const standing = createStanding();
  const nearby = createNearby({ clock, alias: aliases });
  const stats = createSystemStats();
  const consoles = createConsoles({
    stats: stats.feed,
    orders: createOrdersFeed({ desk, clock, standing }),
    drivers: createDriversFeed({ places: desk.places, standing }),
    cells: createCellsFeed({ places: desk.places, standing }),
    log: logFeed,
  });
  const share = createShareLocation(topics);
  const estimate = createEstimate({
    topics,
    standing,
    etaS: (place, distanceM) => pickupEta(place)(distanceM),
  });
  const reader = createMetricsReader({
    metrics,
    clock,
    places: desk.places,
    activeOrders: () => standing.trips.size,
    sockets,
    loopLagMs,
    breaks,
  });

  let cancel = () => {};
  const second = (): void => {
    cancel = clock.after(SECOND_MS, second);
    void reader.read().then((reading) => {
      stats.read(reading);
      consoles.second();
    });
  };
  second();

  return {
    pushes: {
      shareLocation(tripId, driverId, lat, lng, heading, atMs) {
        share(tripId, driverId, lat, lng, heading, atMs);
        estimate(tripId, lat, lng, atMs);
        const leg = standing.trips.get(tripId)?.state === "in_progress" ? "dropoff" : "pickup";
        track(tripId, ms(atMs), lat, lng, heading, leg);
      },
      watchNearby: nearby.watch,
      unwatchNearby: nearby.unwatch,
      openTopics: consoles.open,
      closeTopics: consoles.close,
    },
    noticed: standing.noticed,
    committed(place, turn) {
      for (const { after } of turn.steps) standing.noticed(place, after);
      consoles.committed(place, turn);
    },
    stop() {
      cancel();
      nearby.stop();
    },
  };
};
