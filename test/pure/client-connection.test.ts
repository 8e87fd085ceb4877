import { WebSocket } from "ws";
import { unpack } from "msgpackr";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeClock } from "../fixtures/fake-clock.ts";
import { openConnection, OUTBOX_LIMIT, type Connection } from "../../src/client/connection.ts";
import { scriptedServer, type ScriptedServer } from "./client-server.ts";

const welcome = { type: "welcome", server_time: 0, session: "s", resume: { order_ids: [] } };

let server: ScriptedServer;
let connection: Connection;
let endedWith: Promise<number>;

const open = (url = server.url) => {
  endedWith = new Promise((resolve) => {
    connection = openConnection({
      WebSocket,
      url,
      token: () => "a.b.c",
      welcomed: () => undefined,
      received: () => undefined,
      ended: resolve,
    });
  });
};

beforeEach(async () => {
  server = await scriptedServer();
});
afterEach(() => {
  connection.close();
  server.close();
});

test("B4: given a connection that drops, when the server is there, then the client is back by itself", async () => {
  open();
  const first = await server.call();
  expect(first.protocols.map((name) => name.trim())).toEqual(["dg.v1", "bearer.a.b.c"]);
  first.say(welcome);
  first.drop();
  await server.call();
  expect(server.calls).toBe(2);
});

test.each([4001, 4003])("B4: closed with %i, the client stays away", async (code) => {
  open();
  const caller = await server.call();
  caller.say(welcome);
  const unanswered = connection.send({ type: "driver_status" });
  await caller.hear();
  caller.close(code);
  expect(await endedWith).toBe(code);
  expect(await unanswered).toMatchObject({ is: "closed", code });
  expect(await connection.send({ type: "driver_status" })).toMatchObject({ is: "closed", code });
});

test.each([401, 403])("B4: refused with %i at the upgrade, the client stays away", async (status) => {
  const closed = await scriptedServer(status);
  open(closed.url);
  expect(await endedWith).toBe(status);
  closed.close();
});

test("B5: given unanswered commands, when the connection breaks, then they come again one after another with the same ids", async () => {
  open();
  const first = await server.call();
  first.say(welcome);
  const replies = ["one", "two", "three"].map((type) => connection.send({ type }));
  const one = await first.hear();
  first.ack(one, { seq: 7 });
  expect(await replies[0]).toMatchObject({ is: "ack", id: one.id, seq: 7, resent: false });
  const two = await first.hear();
  await first.roundTrip();
  expect(first.heard).toBe(2);
  first.drop();

  const second = await server.call();
  const late = connection.send({ type: "four" });
  second.say(welcome);
  expect(await second.hear()).toEqual(two);
  second.ack(two);
  expect(await replies[1]).toMatchObject({ is: "ack", id: two.id, resent: true });
  const types: string[] = [];
  for (let i = 0; i < 2; i++) {
    const command = await second.hear();
    types.push(command.type);
    second.ack(command);
  }
  expect(types).toEqual(["three", "four"]);
  expect(await late).toMatchObject({ is: "ack", resent: false });
});

test("B5: nothing is sent before the welcome", async () => {
  open();
  const caller = await server.call();
  const reply = connection.send({ type: "driver_status" });
  expect(connection.post([1, 40.7, -74])).toBe(false);
  await caller.roundTrip();
  expect(caller.heard).toBe(0);
  caller.say(welcome);
  caller.ack(await caller.hear());
  expect(await reply).toMatchObject({ is: "ack" });
});

test.each(["busy", "unavailable"])(
  "B5: answered %s, a command is asked again with the same id, and the next one after it",
  async (code) => {
    open();
    const caller = await server.call();
    caller.say(welcome);
    const reply = connection.send({ type: "accept_order" });
    void connection.send({ type: "driver_departed" });
    const first = await caller.hear();
    caller.say({ type: "error", id: first.id, error: { code, message: "" } });
    const second = await caller.hear();
    expect(second).toEqual(first);
    caller.ack(second);
    expect(await reply).toMatchObject({ is: "ack", id: first.id });
  },
);

test("B5: any other refusal is the answer", async () => {
  open();
  const caller = await server.call();
  caller.say(welcome);
  const reply = connection.send({ type: "accept_order" });
  const error = { code: "offer_expired", message: "too late", status: "requested", legal: [] };
  caller.say({ type: "error", id: (await caller.hear()).id, error });
  expect(await reply).toMatchObject({ is: "refused", error });
});

test("B5: more unanswered commands than the outbox holds are refused, not kept", async () => {
  open();
  for (let i = 0; i < OUTBOX_LIMIT; i++) void connection.send({ type: "driver_status" });
  expect(await connection.send({ type: "driver_status" })).toMatchObject({
    is: "refused",
    error: { code: "busy" },
  });
});

test("B5: a suspended client keeps its commands until it is resumed", async () => {
  open();
  const first = await server.call();
  first.say(welcome);
  connection.suspend();
  const reply = connection.send({ type: "complete_trip" });
  connection.resume();
  const second = await server.call();
  second.say(welcome);
  second.ack(await second.hear());
  expect(await reply).toMatchObject({ is: "ack" });
});

/** A network without an end to break: what is said goes nowhere, and is heard only where the test says it. */
const openSilent = () => {
  const clock = fakeClock();
  const links: Record<string, (event: object) => void>[] = [];
  const sent: { type: string; id: string }[] = [];
  const lost: number[] = [];
  class Silent {
    binaryType = "";
    constructor() {
      links.push({});
    }
    addEventListener(type: string, listener: (event: object) => void) {
      links.at(-1)![type] = listener;
    }
    send(frame: string | Uint8Array) {
      sent.push(unpack(frame as Uint8Array) as { type: string; id: string });
    }
    close() {}
  }
  const told = { token: () => "", welcomed: () => {}, received: () => {} };
  connection = openConnection({
    ...told,
    lost: () => lost.push(clock.monotonic()),
    WebSocket: Silent,
    url: "",
    clock,
    random: () => 0,
  });
  const say = (message: object) => links.at(-1)!["message"]!({ data: JSON.stringify(message) });
  return { clock, links, sent, lost, say };
};

test("B4: given a link that fell silent, then a new one comes 15 s after what was last heard or asked, and not before", async () => {
  const { clock, links, say } = openSilent();
  await clock.advance(9_000);
  say(welcome);
  await clock.advance(19_000);
  void connection.send({ type: "driver_status" });
  await clock.advance(14_000);
  say({ type: "order_update" });
  await clock.advance(14_999);
  expect(links).toHaveLength(1);
  await clock.advance(1);
  expect(links).toHaveLength(2);
  await clock.advance(15_000);
  expect(links, "nobody welcomes it").toHaveLength(3);
});

describe("a link on which nobody has anything to say", () => {
  test("B121: given 20 s of silence, when a heartbeat is answered, then the link stays, and is asked again after 20 s", async () => {
    const { clock, links, sent, lost, say } = openSilent();
    say(welcome);
    for (let beats = 1; beats < 10; beats++) {
      await clock.advance(19_999);
      expect(sent).toHaveLength(beats - 1);
      await clock.advance(1);
      expect(sent).toHaveLength(beats);
      expect(sent.at(-1)!.type).toBe("heartbeat");
      await clock.advance(10_000);
      say({ type: "ack", id: sent.at(-1)!.id });
    }
    expect([links.length, lost]).toEqual([1, []]);
  });

  test("B121: given a network that takes everything and brings nothing, when 35 s have passed, then the link is lost and another one comes", async () => {
    const { clock, links, lost, say } = openSilent();
    await clock.advance(1_000);
    say(welcome);
    await clock.advance(34_999);
    expect(lost).toEqual([]);
    await clock.advance(1);
    expect(lost).toEqual([36_000]);
    expect(links).toHaveLength(2);
  });

  test("B121: given a server that tells something each second, or a suspended client, then no heartbeat is sent", async () => {
    const { clock, links, sent, lost, say } = openSilent();
    say(welcome);
    for (let s = 0; s < 60; s++) {
      await clock.advance(1_000);
      say({ type: "system_stats" });
    }
    connection.suspend();
    await clock.advance(120_000);
    expect([sent, lost, links.length]).toEqual([[], [], 1]);
  });
});
