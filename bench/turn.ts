import type { Actor, Command, Input } from "../src/market/ports.ts";
import { type Bench, rate } from "./row.ts";
import { createMachine, transition } from "xstate";
import { decide, keyOf } from "../src/market/turn.ts";
import { charts, meaning } from "../src/meaning.ts";
import { defaultPolicy } from "../src/default-policy.ts";
import { marketId } from "../src/domain/ids.ts";
import { ms } from "../src/domain/time.ts";

// Deciding a turn in memory: the charts of a trip and a driver, messages between them, rows made. No log.

const actors = new Map<string, Actor>();
let position = 0;
const moment = () => ({
  market: marketId(1),
  epoch: 1,
  at: ms(1_700_000_000_000 + position),
  position,
  commandId: null,
});
const command = (kind: "trip" | "driver", id: string, event: Input, birth?: Input): Command => ({
  to: { kind, id },
  event,
  by: "system",
  key: null,
  hash: 0,
  ...(birth && { birth }),
});
const run = (one: Command): void => {
  const decision = decide(meaning, (key) => actors.get(key), one, moment());
  if (decision.is !== "turn") throw new Error(`${one.event.type}: ${JSON.stringify(decision)}`);
  position += decision.steps.length;
  for (const { after } of decision.steps) actors.set(keyOf(after), after);
};
const online = { vehicleType: "standard", policy: defaultPolicy.driver };

/** One trip from request to completion: 7 turns, 13 rows. */
const wholeTrip = (): void => {
  const [trip, driver] = ["t", "d"];
  actors.delete("trip:t");
  const driverId = driver;
  run(
    command("trip", trip, {
      type: "create",
      tripId: trip,
      passengerId: "p",
      vehicleType: "standard",
      pickup: { lat: 38.56, lng: 68.78 },
      dropoff: { lat: 38.58, lng: 68.8 },
      note: null,
      quoteId: null,
      fare: { amount: 1_850, currency: "TJS" },
      distanceM: 4_000,
      durationS: 700,
      policy: defaultPolicy.trip,
    }),
  );
  run(command("trip", trip, { type: "offer", driverId, wave: 1, etaS: 120, distanceM: 400, fixAgeMs: 900 }));
  const offerId = Object.keys((actors.get("trip:t")!.context as { offers: object }).offers)[0]!;
  run(command("trip", trip, { type: "offer.delivered", offerId, driverId }));
  run(command("trip", trip, { type: "offer.accepted", offerId, driverId }));
  run(command("trip", trip, { type: "driver.departed", driverId }));
  run(
    command("trip", trip, {
      type: "driver.arrived",
      driverId,
      by: "driver",
      distanceM: 20,
      fixAgeMs: 500,
      reason: null,
    }),
  );
  run(command("trip", trip, { type: "start", driverId }));
  run(command("trip", trip, { type: "complete", driverId, distanceM: 4_321 }));
};

export const bench: Bench = {
  name: "turn",
  run: async () => {
    run(
      command("driver", "d", { type: "go_online", ...online }, { type: "create", driverId: "d", ...online }),
    );
    const before = position;
    wholeTrip();
    const rowsPerTrip = position - before;
    const trips = rate(2_000, wholeTrip);

    const idle = actors.get("driver:d")!;
    const pause = { type: "pause", at: ms(1), position: 1 };
    const chart = rate(1_000, () => void charts.driver.next(idle, "d", pause));

    const toggle = createMachine({
      initial: "a",
      states: { a: { on: { go: "b" } }, b: { on: { go: "a" } } },
    });
    const start = toggle.resolveState({ value: "a", context: {} });
    const bare = rate(1_000, () => void transition(toggle, start, { type: "go" }));
    return [
      { label: "whole trips decided", kind: "ours", value: trips, unit: "trips/s" },
      {
        label: `rows decided (${rowsPerTrip} a trip)`,
        kind: "ours",
        value: trips * rowsPerTrip,
        unit: "rows/s",
      },
      { label: "one transition of the driver chart", kind: "ours", value: chart, unit: "events/s" },
      {
        label: "xstate: public transition() of a two-state toggle",
        kind: "control",
        value: bare,
        unit: "events/s",
      },
    ];
  },
};
