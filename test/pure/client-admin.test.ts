import { WebSocket } from "ws";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAdmin, type AdminClient } from "../../src/client/admin-client.ts";
import { scriptedServer, type Caller, type ScriptedServer } from "./client-server.ts";

let server: ScriptedServer;
let admin: AdminClient;
let told: [topic: string, content: unknown][];
let hears: () => void;

beforeEach(async () => {
  server = await scriptedServer();
  told = [];
  hears = () => undefined;
  const tell = (topic: string) => (content: unknown) => {
    told.push([topic, content]);
    hears();
  };
  admin = openAdmin(
    { WebSocket, url: server.url, token: () => "t" },
    {
      stats: tell("stats"),
      orders: tell("orders"),
      drivers: tell("drivers"),
      log: tell("log"),
      failed: tell("failed"),
    },
  );
});
afterEach(() => {
  admin.close();
  server.close();
});

const welcomed = async (): Promise<Caller> => {
  const caller = await server.call();
  caller.say({ type: "welcome", server_time: 0, session: "s", resume: {} });
  return caller;
};
const bbox: [number, number, number, number] = [68, 38, 69, 39];

test("B20: given topics, then they are asked for at each welcome, with the newest box, and no more once they are left", async () => {
  admin.subscribe(["stats", "drivers"]);
  admin.subscribe(["drivers"], bbox);
  const first = await welcomed();
  expect([await first.hear(), await first.hear()]).toEqual([
    { type: "subscribe", topics: ["stats"] },
    { type: "subscribe", topics: ["drivers"], bbox },
  ]);
  admin.unsubscribe(["stats"]);
  expect(await first.hear()).toEqual({ type: "unsubscribe", topics: ["stats"] });
  first.drop();

  const second = await welcomed();
  expect(await second.hear()).toEqual({ type: "subscribe", topics: ["drivers"], bbox });
  admin.subscribe(["log", "orders"]);
  expect(await second.hear()).toEqual({ type: "subscribe", topics: ["log", "orders"] });
  admin.unsubscribe();
  expect(await second.hear()).toEqual({ type: "unsubscribe" });
  second.drop();

  const third = await welcomed();
  void admin.cancelTrip("t1", "no cars");
  expect(await third.hear()).toMatchObject({ type: "cancel_trip", order_id: "t1", reason: "no cars" });
});

test("B20: given frames of each topic, then each is told as its own", async () => {
  const caller = await welcomed();
  const frames = [
    { type: "system_stats", at: 1 },
    { type: "active_orders", full: true, orders: [] },
    { type: "drivers", full: true, cells: [] },
    { type: "a later server's", x: 1 },
    { type: "error", error: { code: "busy", message: "too many consoles are open" } },
    { type: "log", row: { seq: 3 } },
  ];
  for (const frame of frames) caller.say(frame);
  while (told.length < 5) await new Promise<void>((resolve) => (hears = resolve));
  expect(told).toEqual([
    ["stats", frames[0]],
    ["orders", frames[1]],
    ["drivers", frames[2]],
    ["failed", { code: "busy", message: "too many consoles are open" }],
    ["log", { seq: 3 }],
  ]);
});

test("P193: given a ride to complete for its driver, then its length and the reason are sent", async () => {
  const caller = await welcomed();
  const reply = admin.completeTrip("t1", 2_790, "phone lost");
  const message = await caller.hear();
  expect(message).toMatchObject({
    type: "complete_trip",
    order_id: "t1",
    distance_m: 2_790,
    reason: "phone lost",
  });
  caller.ack(message, { order_id: "t1", seq: 7 });
  expect(await reply).toMatchObject({ is: "ack", seq: 7 });
});

test("B5: given an assignment and no answer, then it is sent again with the same id", async () => {
  const first = await welcomed();
  const reply = admin.assignDriver("t1", "d1", "by phone");
  const assignment = await first.hear();
  expect(assignment).toMatchObject({
    type: "assign_driver",
    order_id: "t1",
    driver_id: "d1",
    reason: "by phone",
  });
  first.drop();
  const second = await welcomed();
  expect(await second.hear()).toEqual(assignment);
  second.ack(assignment, { order_id: "t1", seq: 2 });
  expect(await reply).toMatchObject({ is: "ack", orderId: "t1", seq: 2 });
});
