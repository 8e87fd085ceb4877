import { AT, batchOf, eventRow } from "../fixtures/rows.ts";
import { memoryDatabase, openMemoryLog } from "../fixtures/memory-log/open-memory-log.ts";
import { expect, test } from "vitest";
import { ms } from "../../src/domain/time.ts";
import { readWritten } from "./written.ts";
import { tripId } from "../../src/domain/ids.ts";
import { watchCandidates } from "./candidates.ts";

/**
 * The laws that asking a driver breaks `afterMs` after the server heard that their last `until` rows are in the
 * log; those before it has long known. `newest` is what it decided since.
 */
const asked = async (rows: readonly string[], until: number, afterMs: number, newest: string) => {
  const memory = memoryDatabase();
  const laws: string[] = [];
  let now = 0;
  const log = watchCandidates(
    openMemoryLog(memory),
    () => newest,
    readWritten(memory),
    () => now,
    (law) => void laws.push(law),
  );
  const [market] = await log.take([{ key: "city", name: "City" }]);
  const all = rows.map((toState, i) =>
    eventRow(market!, { actorKind: "driver", actorId: "driver1", seq: i + 1, position: i + 1, toState }),
  );
  for (const some of [all.slice(0, -until), all.slice(-until)]) {
    now += 1_000;
    await market!.append(batchOf(some));
  }
  now += afterMs;
  const candidate = { driverId: "driver1", idle: true, fixAgeMs: 0, vehicleType: "standard", distanceM: 0 };
  log.decisions.note({
    market: market!.market,
    attempt: 1,
    since: AT,
    at: AT,
    looks: 1,
    tripId: tripId("x1"),
    wave: 1,
    size: 1,
    radiusM: 1_000,
    searchedM: 1_000,
    vehicleType: "standard",
    fixFreshMs: ms(15_000),
    candidates: [{ ...candidate, etaS: 0, tried: false, verdict: "asked" }],
  });
  return laws;
};

const rides = ["offline", "idle", "to_pickup", "at_pickup"];

test.each([
  ["has a trip", rides, 1, 1, "at_pickup", ["I10"]],
  ["has a trip, and the server learns their newest row just now", rides, 1, 0, "at_pickup", ["I10"]],
  ["was freed", [...rides, "idle"], 1, 1, "idle", []],
  ["was freed, and that is not in the log yet", rides, 1, 1, "idle", []],
  ["gets their trip just now", rides, 2, 0, "at_pickup", []],
  [
    "is freed just now, and has a next trip that is not in the log yet",
    [...rides, "idle"],
    1,
    0,
    "to_pickup",
    [],
  ],
  ["is freed and gets a next trip, both just now", [...rides, "idle", "to_pickup"], 2, 0, "to_pickup", []],
  ["got a next trip a moment ago", [...rides, "idle", "to_pickup"], 2, 1, "to_pickup", ["I10"]],
])(
  "I10: given a driver who %s, when dispatch asks them, then that is judged by the log as the server takes it in",
  async (_, rows, until, afterMs, newest, laws) => {
    expect(await asked(rows, until, afterMs, newest)).toEqual(laws);
  },
);
