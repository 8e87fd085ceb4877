import { expect, test } from "vitest";
import { memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { ask } from "../fixtures/story.ts";
import { countTurn } from "../../src/count-turns.ts";
import { fakeClock } from "../fixtures/fake-clock.ts";
import { openMetrics } from "../../src/metrics.ts";
import { openPlace } from "../../src/open-place.ts";
import { parseMarkets } from "../../src/market-file.ts";
import { priceOf } from "../../src/session/quotes.ts";
import { projectDriver } from "../../src/effects/project-driver.ts";

const pickup = { lat: 38.56, lng: 68.78 };
const ride = { pickup, dropoff: { lat: 38.58, lng: 68.8 }, vehicleType: "standard" };
const market = { id: "c", name: "City", currency: "TJS", time_zone: "Asia/Dushanbe" };
const spec = parseMarkets(JSON.stringify({ markets: [market] })).markets[0]!;

test("P84: given a trip that is offered to a driver, the time to its first offer is counted once", async () => {
  const none = () => ({});
  const metrics = openMetrics({
    sockets: none,
    waiting: none,
    quarantined: none,
    laws: { breaks: none, unread: none, lookedAtS: () => 0 },
    stuck: none,
    stuckDrivers: none,
    brokenBonds: none,
    decisions: none,
    tracks: none,
    transport: "uws",
  });
  const { place } = await openPlace(spec, memoryLog(memoryTables()), {
    clock: fakeClock(),
    metrics,
    decided: () => {},
    fenced: () => {},
    alarm: () => {},
    committed: (at, search, turn) => {
      for (const { after } of turn.steps)
        if (after.kind === "trip") search.changed(after);
        else projectDriver(at, after, () => {});
      countTurn(metrics, turn);
    },
  });
  place.market.start();
  const { policy, locations } = place;
  const online = { vehicleType: "standard", policy: policy.driver };
  const by = { key: null, hash: 0 };
  await ask(place.market, {
    to: { kind: "driver", id: "d1" },
    birth: { type: "create", driverId: "d1", ...online },
    event: { type: "go_online", ...online },
    by: "driver",
    ...by,
  });
  const nan = Number.NaN;
  const slot = locations.enter("d1", "standard");
  locations.fix(slot, pickup.lat, pickup.lng, nan, nan, nan, nan, place.market.now());
  const trip = { tripId: "t1", passengerId: "p1", note: null, quoteId: null, policy: policy.trip };
  const event = { type: "create", ...trip, ...ride, ...priceOf(place, ride) };
  await ask(place.market, { to: { kind: "trip", id: "t1" }, event, by: "passenger", ...by });
  expect(place.market.peek({ kind: "driver", id: "d1" })?.state).toBe("offered");
  expect(await metrics.registry.metrics()).toContain("time_to_first_offer_seconds_count 1\n");
});
