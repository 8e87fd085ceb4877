import { AT, eventRow } from "../fixtures/rows.ts";
import { expect, test } from "vitest";
import { memoryDatabase } from "../fixtures/memory-log/open-memory-log.ts";
import { memoryLog, memoryTables } from "../fixtures/memory-log.ts";
import { neverWritesCancels } from "./broken.ts";
import { openDigest } from "./digest.ts";
import { openHearing } from "./hearing.ts";
import { readWritten } from "./written.ts";
import { simulate } from "./simulate.ts";
import { tellStory } from "./story.ts";

const fare = { amount: 900, currency: "TJS" };
const context = { passengerId: "passenger1", requestedAt: AT, fare, pickup: {}, dropoff: {} };

/** A log with one trip, requested with the key `k1`; and who listens to what is answered. */
const listening = () => {
  const memory = memoryDatabase();
  const tables = memoryTables();
  memory.markets.set("city", { tables, name: "City" });
  const commandId = "19000:passenger:passenger1:k1";
  const body = { ...context, assignment: null, arrivedAt: null, cancelled: null };
  tables.rows.push(eventRow(memoryLog(tables), { actorId: "x1", body, commandId, commandHash: 1 }));
  const laws: string[] = [];
  const hearing = openHearing(readWritten(memory), openDigest(), (law) => void laws.push(law), undefined);
  return {
    laws,
    answer: (key: string, status: number, body: object, headers = {}) =>
      hearing.replied("passenger1", key, { status, headers, body: JSON.stringify(body) }, undefined),
  };
};
const trip = {
  trip_id: "x1",
  seq: 1,
  state: "requested.searching",
  status: "requested",
  fare,
  cancel_fee: null,
  cancelled_by: null,
  reason: null,
  requested_at: new Date(AT).toISOString(),
};
const error = (code: string) => ({ error: { code, message: "no" } });

test.each([
  ["is as the log has it", [["k1", 201, trip]], []],
  [
    "is given to a repeat as it was",
    [
      ["k1", 201, trip],
      ["k1", 201, trip],
    ],
    [],
  ],
  [
    "is given to a repeat otherwise",
    [
      ["k1", 201, trip],
      ["k1", 201, { ...trip, eta_s: 4 }],
    ],
    ["P55"],
  ],
  ["is to a command that is not in the log", [["k2", 201, trip]], ["I8"]],
  ["is about another trip", [["k1", 201, { ...trip, trip_id: "x2" }]], ["I8"]],
  ["knows more than the log", [["k1", 201, { ...trip, seq: 2 }]], ["E1"]],
  ["has another fare", [["k1", 201, { ...trip, fare: { ...fare, amount: 1 } }]], ["I11"]],
  ["refuses what was done", [["k1", 409, error("trip_live")]], ["I8"]],
  ["refuses what was not done", [["k2", 409, error("trip_live")]], []],
  ["takes a repeat for another command", [["k1", 409, error("key_reused")]], ["I4"]],
  ["does not say when to ask again", [["k1", 503, error("unavailable")]], ["M66"]],
] as const)("E152: given an answer by HTTP, when it %s, then it is held to the log", (_, answers, found) => {
  const { laws, answer } = listening();
  for (const [key, status, body] of answers) answer(key, status, body);
  expect(laws).toEqual(found);
});

test("E152: given a server that acknowledges what it never wrote, when nobody cancels but by HTTP, then it is found", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const story = tellStory(seed);
    const acts = story.acts.map((act) => (act.does === "cancel" ? { ...act, by: "http" as const } : act));
    const { findings } = await simulate({ ...story, acts }, { tamper: neverWritesCancels });
    if (findings.some(({ what }) => what.includes("was acknowledged and is not in the log"))) return;
  }
  expect.fail("nobody notices within 40 stories");
}, 60_000);
