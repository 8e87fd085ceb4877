import type { Desk, Place } from "../../src/session/desk.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { Live } from "../../src/open-live.ts";
import type { Rate } from "../../src/session/ports.ts";
import type { Topics } from "../../src/publish/topics.ts";
import { createCellsFeed } from "../../src/publish/console/cells-feed.ts";
import { createConsoles } from "../../src/publish/console/consoles.ts";
import { createDriversFeed } from "../../src/publish/console/drivers-feed.ts";
import { createEstimate } from "../../src/publish/estimate.ts";
import { createNearby } from "../../src/publish/nearby.ts";
import { createOrdersFeed } from "../../src/publish/console/orders-feed.ts";
import { createShareLocation } from "../../src/publish/passenger-location.ts";
import { createStanding } from "../../src/publish/standing.ts";
import { createSystemStats } from "../../src/publish/console/system-stats.ts";
import { logFeed } from "../../src/publish/console/log-feed.ts";

/** What moves on screens, without the metrics; a metre takes 0.1 s. */
export const openTownLive = (clock: Clock, desk: Desk, topics: Topics): Omit<Live, "stop"> => {
  const standing = createStanding();
  const nearby = createNearby({ clock, alias: (id) => `alias-of-${id}` });
  const consoles = createConsoles({
    stats: createSystemStats().feed,
    orders: createOrdersFeed({ desk, clock, standing }),
    drivers: createDriversFeed({ places: desk.places, standing }),
    cells: createCellsFeed({ places: desk.places, standing }),
    log: logFeed,
  });
  const share = createShareLocation(topics);
  const estimate = createEstimate({ topics, standing, etaS: (_, metres) => Math.round(metres / 10) });
  const second = (): void => {
    clock.after(1_000, second);
    consoles.second();
  };
  second();
  return {
    pushes: {
      shareLocation(tripId, driverId, lat, lng, heading, atMs) {
        share(tripId, driverId, lat, lng, heading, atMs);
        estimate(tripId, lat, lng, atMs);
      },
      watchNearby: nearby.watch,
      unwatchNearby: nearby.unwatch,
      openTopics: consoles.open,
      closeTopics: consoles.close,
    },
    noticed: standing.noticed,
    committed(place: Place, turn) {
      for (const { after } of turn.steps) standing.noticed(place, after);
      consoles.committed(place, turn);
    },
  };
};

/** A table of ratings. */
export const rateInMemory = (): Rate => {
  const kept = new Map<string, string>();
  return ({ tripId, stars, tip }) => {
    const before = kept.get(tripId);
    if (before === undefined) kept.set(tripId, `${stars} ${tip}`);
    return Promise.resolve(
      before === undefined ? "rated" : before === `${stars} ${tip}` ? "same" : "already_exists",
    );
  };
};
