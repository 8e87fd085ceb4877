import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import {
  type Driver,
  ask,
  connectDriver,
  connectPassenger,
  newDriver,
  newPassenger,
  register,
  serveOffer,
} from "./people.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { market, pickup, request } from "./places.ts";
import type { EventRow } from "../../src/domain/row.ts";
import { setTimeout as sleep } from "node:timers/promises";

// A server that is killed while an offer is live, and what the next one makes of it.

const OFFER_MS = 3_000;
const trip = { receipt_ms: 30_000, offer_shown_ms: OFFER_MS, offer_ms: OFFER_MS };
const markets = { markets: [market("everywhere", { trip })] };
let database: Database;
let sql: Client;
let servers: ServerProcess[];
let server: ServerProcess;
let driver: Driver;
beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 1 });
  server = await newServer({ DATABASE_URL: database.url }, markets);
  servers = [server];
  await server.start();
  driver = await newDriver(server, pickup);
});
afterAll(async () => {
  await Promise.all(servers.map((one) => one.remove()));
  await sql.close();
  await database.drop();
});
const storyOf = (id: string): Promise<readonly EventRow[]> =>
  sql.run((sql) => sql<EventRow[]>`select * from event where actor_id = ${id} order by seq`);
const typesOf = (rows: readonly EventRow[]): string[] => rows.map(({ type }) => type);
/** Servers whose last word to the database was a try to get the market's lock. */
const waiting = (): Promise<readonly unknown[]> =>
  sql.run(
    (sql) => sql`
      select pid from pg_stat_activity
      where datname = current_database() and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()`,
  );

test("E31, M6: given a live offer, when the server is killed and the next one was waiting, then the offer is what it was and runs out at its time", async () => {
  const next = await newServer({ DATABASE_URL: database.url, PORT: String(server.port) }, markets);
  servers.push(next);
  next.launch();
  while ((await waiting()).length === 0) await sleep(10);

  const rider = await newPassenger(server);
  const { order_id } = await ask(rider.wire, request);
  const offer = await driver.wire.next("new_order");
  await server.end("SIGKILL");
  await next.ready();
  server = next;
  driver = await connectDriver(server, driver.id, pickup);
  expect(await driver.wire.next("welcome")).toMatchObject({
    resume: {
      status: "offered",
      offers: [{ order_id, offer_id: offer["offer_id"], expires_at: offer["expires_at"] }],
    },
  });
  const ended = await driver.wire.next("cancel_order");
  expect(ended).toMatchObject({ order_id, offer_id: offer["offer_id"], reason: "expired" });
  const late = await ask(driver.wire, { type: "accept_order", order_id, offer_id: offer["offer_id"] });
  expect(late).toMatchObject({ type: "error", error: { code: "offer_expired" } });
  const rows = await storyOf(order_id as string);
  expect(typesOf(rows)).toEqual(["create", "offer", "offer.due"]);
  expect(rows[2]!.at).toBeGreaterThanOrEqual(rows[1]!.at + OFFER_MS);
  await cancel(server, rider.id, order_id as string);
});

test("E31, M8: given a live offer, when the server stays away past its time, then it lapses, the driver has no miss and is asked again, and the search gets its time back", async () => {
  const rider = await newPassenger(server);
  const { order_id } = await ask(rider.wire, request);
  const offer = await driver.wire.next("new_order");
  const [before] = await storyOf(driver.id).then((rows) => rows.slice(-1));
  await server.end("SIGKILL");
  await sleep(OFFER_MS);
  await server.start();
  driver = await connectDriver(server, driver.id, pickup);
  const again = await driver.wire.next("new_order");
  expect(again).toMatchObject({ order_id });
  expect(again["offer_id"]).not.toBe(offer["offer_id"]);
  expect(new Set(await serveOffer(driver, again))).toEqual(new Set(["ack"]));

  const rows = await storyOf(order_id as string);
  expect(typesOf(rows).slice(0, 6)).toEqual([
    "create",
    "offer",
    "search.extended",
    "offer.lapsed",
    "offer",
    "offer.accepted",
  ]);
  const gapMs = rows[2]!.body["byMs"] as number;
  expect(gapMs).toBeGreaterThan(OFFER_MS);
  const dueAt = (row: EventRow) => (row.changes["search"] as { dueAt: number }).dueAt;
  expect(dueAt(rows[2]!)).toBe(dueAt(rows[0]!) + gapMs);
  const since = (await storyOf(driver.id)).filter(({ seq }) => seq > before!.seq);
  expect(typesOf(since).slice(0, 3)).toEqual(["lapsed", "offer", "taken"]);
  expect(since[0]!.changes).not.toHaveProperty("misses");
});

test("E32, P12: given commands that were acknowledged, when the server is killed and they come again with their keys, then the answers are the same and nothing is done twice", async () => {
  const id = await register(server);
  const on = { type: "driver_status", status: "available" };
  const fresh = await connectDriver(server, id, pickup);
  const rider = await newPassenger(server);
  const first = [await ask(fresh.wire, on, "k1"), await ask(rider.wire, request, "k1")];
  await server.end("SIGKILL");
  await server.start();
  const back = await connectDriver(server, id, pickup);
  const riding = await connectPassenger(server, rider.id);
  const again = [await ask(back.wire, on, "k1"), await ask(riding.wire, request, "k1")];
  expect(first.map(({ type }) => type)).toEqual(["ack", "ack"]);
  expect(again).toEqual(first);
  expect(await ask(riding.wire, { ...request, note: "blue door" }, "k1")).toMatchObject({
    error: { code: "key_reused" },
  });
  expect(await ask(riding.wire, request, "k2")).toMatchObject({ error: { code: "trip_live" } });
});

const cancel = async (server: ServerProcess, passenger: string, id: string): Promise<void> => {
  const authorization = `Bearer ${server.token(passenger, "passenger")}`;
  const reply = await fetch(`${server.url}/trips/${id}/cancel`, {
    method: "POST",
    headers: { authorization },
  });
  expect(reply.status).toBe(200);
};
