import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, connectDriver, connectPassenger, newDriver, newPassenger, serveOffer } from "./people.ts";
import { market, pickup, request } from "./places.ts";

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

test("M60, M65, S30: given a trip with a row that cannot be folded, when the server starts, then it is quarantined and the market runs; an operator releases it, and its driver drives on", async () => {
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
  expect(await call("POST", `${path}/retry`, operator)).toMatchObject({
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
  const audits = await sql.run((run) => run`select actor, what from audit where what like 'actor.%'`);
  expect([...audits]).toEqual([{ actor: "op", what: "actor.released" }]);

  // Its driver was bound to it by a claim of the log, which has ended too.
  const freed = await connectDriver(server, driver.id, pickup);
  await ask(again.wire, request);
  expect(new Set(await serveOffer(freed, await freed.wire.next("new_order")))).toEqual(new Set(["ack"]));
});
