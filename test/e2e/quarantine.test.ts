import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, connectDriver, connectPassenger, newDriver, newPassenger, serveOffer } from "./people.ts";
import { market, pickup, request } from "./places.ts";
import { examine } from "../../src/doctor/examine.ts";
import { marketId } from "../../src/domain/ids.ts";
import { meaning } from "../../src/meaning.ts";
import { openReadOnly } from "../../src/log/read-only.ts";
import { replay } from "../../src/replay/replay.ts";
import { verifyMarket } from "../../src/replay/verify-market.ts";

// A trip whose rows somebody damaged, in a market that has other things to do.

let database: Database;
let sql: Client;
let server: ServerProcess;
beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 1 });
  server = await newServer({ DATABASE_URL: database.url }, { markets: [market("everywhere")] });
  await server.start();
});
afterAll(async () => {
  await server.remove();
  await sql.close();
  await database.drop();
});

const call = async (
  method: string,
  path: string,
  who: readonly [string, "admin" | "passenger"],
  body?: object,
) => {
  const answer = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${server.token(...who)}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, any> };
};
const operator = ["op", "admin"] as const;
const gauge = async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return /^quarantined_actors\{market="everywhere"\} (\d+)$/m.exec(text)?.[1];
};

test("M60, M65, P205, S30: given a trip with a row that cannot be folded, when the server starts, then it is quarantined and the market runs; an operator releases it, and its driver drives on", async () => {
  const driver = await newDriver(server, pickup);
  const rider = await newPassenger(server);
  const { order_id: trip } = await ask(rider.wire, request);
  const { offer_id } = await driver.wire.next("new_order");
  await ask(driver.wire, { type: "accept_order", order_id: trip, offer_id });
  await server.end("SIGKILL");
  await sql.run(async (run) => {
    await run`update event set to_state = 'lunch' where actor_id = ${trip as string} and type = 'offer.accepted'`;
    await run`delete from actor where id = ${trip as string}`;
    await run`update market set checkpoint = 0`;
  });
  await server.start();

  const listed = await call("GET", "/quarantine", operator);
  expect(listed.body["items"]).toMatchObject([
    { kind: "trip", id: trip, market: "everywhere", seq: 3, good: { seq: 2, state: "requested.offering" } },
  ]);
  expect((listed.body["items"] as { why: string }[])[0]!.why).toContain("lunch");
  expect(await gauge()).toBe("1");
  const passenger = [rider.id, "passenger"] as const;
  const refused = await call("POST", `/trips/${trip}/cancel`, passenger, {});
  expect(refused).toMatchObject({ status: 409, body: { error: { code: "illegal_now" } } });
  expect(refused.body["error"].message).toContain("quarantine");
  expect((await call("GET", `/trips/${trip}`, passenger)).body["state"]).toBe("requested.offering");
  const again = await connectPassenger(server, rider.id);
  expect(await ask(again.wire, request)).toMatchObject({ error: { code: "trip_live" } });

  const other = await newDriver(server, pickup);
  const second = await newPassenger(server);
  await ask(second.wire, request);
  expect(new Set(await serveOffer(other, await other.wire.next("new_order")))).toEqual(new Set(["ack"]));
  other.leave();

  const path = `/quarantine/trip/${trip}`;
  expect((await call("POST", `${path}/release`, passenger, { reason: "mine" })).status).toBe(403);
  expect((await call("POST", `${path}/retry`, operator, {})).status, "it takes a reason").toBe(422);
  expect(await call("POST", `${path}/retry`, operator, { reason: "mended" })).toMatchObject({
    status: 409,
    body: { error: { code: "illegal_now" } },
  });
  expect(await call("POST", `${path}/release`, operator, { reason: "a row is lost" })).toMatchObject({
    status: 200,
    body: { kind: "trip", id: trip, seq: 4, state: "cancelled" },
  });
  expect(await gauge()).toBe("0");
  expect((await call("GET", `/trips/${trip}`, passenger)).body).toMatchObject({
    status: "cancelled",
    cancelled_by: "admin",
    reason: "a row is lost",
  });
  const events = (await call("GET", `/trips/${trip}/events`, operator)).body["items"] as { type: string }[];
  expect(events.at(-1)).toMatchObject({ type: "repaired", by: "admin", to: "cancelled" });
  const audits = await sql.run(
    (run) => run`select actor, what, detail->>'reason' as reason from audit where what like 'actor.%'`,
  );
  expect([...audits]).toEqual([{ actor: "op", what: "actor.released", reason: "a row is lost" }]);

  // M110: their app comes back.
  const back = await connectPassenger(server, rider.id);
  // Its driver was bound to it by a claim of the log, which has ended too.
  const freed = await connectDriver(server, driver.id, pickup);
  await ask(back.wire, request);
  expect(new Set(await serveOffer(freed, await freed.wire.next("new_order")))).toEqual(new Set(["ack"]));
});

test("M97, M98, M100: given a trip with no row that can be folded, when an operator releases it, then driver and passenger go on, the log verifies and the doctor finds nothing, also after a restart", async () => {
  // Out of reach of everybody above.
  const far = { lat: 39.56, lng: 68.78 };
  const wish = { ...request, pickup: far };
  const driver = await newDriver(server, far);
  const rider = await newPassenger(server);
  const { order_id: trip } = await ask(rider.wire, wish);
  const { offer_id } = await driver.wire.next("new_order");
  await ask(driver.wire, { type: "accept_order", order_id: trip, offer_id });
  await ask(driver.wire, { type: "driver_departed", order_id: trip });
  await server.end("SIGKILL");
  await sql.run(async (run) => {
    await run`
      update event set to_state = 'lunch', body = '{}', changes = '{}', machine = 'cab@7', type = 'noise'
      where actor_id = ${trip as string}`;
    await run`delete from actor where id = ${trip as string}`;
    await run`update market set checkpoint = 0`;
  });
  await server.start();
  expect(await gauge()).toBe("1");
  const ill = await judged(trip as string);
  expect(ill.found).toBeGreaterThan(0);
  expect(ill.ofTrip).toBeGreaterThan(0);
  expect(ill.findings).toContainEqual(expect.objectContaining({ kind: "trip", id: trip }));
  expect(ill.breaks.I2).toBeGreaterThan(0);

  const path = `/quarantine/trip/${trip}`;
  const why = "row 1: no statechart is called cab@7";
  expect((await call("GET", path, operator)).body).toMatchObject({
    why,
    seq: 4,
    good: null,
    unread: [1, 2, 3, 4].map((seq) => ({ seq, type: "noise", machine: "cab@7", why })),
    listed: { state: "en_route", passenger_id: rider.id, driver_id: driver.id },
    claimed_by: driver.id,
  });
  expect((await call("GET", "/quarantine/trip/none", operator)).status).toBe(404);
  const release = () => call("POST", `${path}/release`, operator, { reason: "its rows are lost" });
  expect(await release()).toMatchObject({ status: 200, body: { seq: 5, state: "cancelled" } });
  expect(await release()).toMatchObject({ status: 404 });
  const passenger = [rider.id, "passenger"] as const;
  expect((await call("GET", `/trips/${trip}`, passenger)).body).toMatchObject({
    status: "cancelled",
    pickup: far,
    fare: { currency: "TJS" },
  });
  const { items } = (await call("GET", `/trips/${trip}/events`, operator)).body;
  expect(items.at(-1)).toMatchObject({
    from: "quarantined",
    body: { unknown: expect.arrayContaining(["policy"]) },
  });

  const again = await connectPassenger(server, rider.id);
  const freed = await connectDriver(server, driver.id, far);
  await ask(again.wire, wish);
  expect(new Set(await serveOffer(freed, await freed.wire.next("new_order")))).toEqual(new Set(["ack"]));
  await server.end("SIGKILL");
  await server.start();
  expect(await gauge()).toBe("0");
  expect(await judged(trip as string)).toEqual({
    found: 0,
    replaced: expect.any(Number),
    ofTrip: 0,
    findings: [],
    breaks: { I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 },
  });
});

/** As `npm run replay` and `npm run doctor` say it. */
const judged = async (trip: string) => {
  const log = await openReadOnly(database.url);
  const { found, replaced } = await verifyMarket(log.history, meaning, marketId(1));
  const [life] = await replay(log.history, meaning, trip, { at: null, market: null, verify: true });
  const { findings, breaks } = await examine(log.history, meaning);
  await log.close();
  return { found, replaced, ofTrip: life!.differences.length, findings, breaks };
};
