import { type Driver, ask, connectDriver, newDriver, newPassenger, serveOffer } from "./people.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import type { EventRow } from "../../src/domain/row.ts";
import { market } from "./places.ts";
import { setTimeout as sleep } from "node:timers/promises";

// Boxes of a tenth of a degree in a row, west to east.
const MARKETS = 20;
const west = (n: number): number => 60 + n / 10;
const box = (n: number) => [
  [40, west(n)],
  [40, west(n + 1)],
  [40.1, west(n + 1)],
  [40.1, west(n)],
];
const inBox = (n: number) => ({ lat: 40.05, lng: west(n) + 0.05 });
const policy = { leave_ms: 500, leave_m: 500, retry_ms: 200 };
const requestIn = (n: number) => ({
  type: "request_trip",
  pickup: inBox(n),
  dropoff: { lat: 40.06, lng: west(n) + 0.06 },
});

let database: Database;
let sql: Client;
let server: ServerProcess;
beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 1 });
  const markets = Array.from({ length: MARKETS }, (_, n) => market(`m${n}`, policy, box(n)));
  server = await newServer({ DATABASE_URL: database.url }, { markets });
  await server.start();
});
afterAll(async () => {
  await server.remove();
  await sql.close();
  await database.drop();
});

const rowsOf = (id: string) =>
  sql.run(
    (sql) => sql<(EventRow & { key: string })[]>`
      select event.*, key from event join market on market.id = event.market where actor_id = ${id} order by at, seq`,
  );

test("M35: given twenty markets on one server, when people ride in all of them at once, then each trip is in the log of its own", async () => {
  const boxes = Array.from({ length: MARKETS }, (_, n) => n);
  const orders = await Promise.all(
    boxes.map(async (n) => {
      const driver = await newDriver(server, inBox(n));
      const rider = await newPassenger(server);
      const { order_id } = await ask(rider.wire, requestIn(n));
      expect(new Set(await serveOffer(driver, await driver.wire.next("new_order")))).toEqual(
        new Set(["ack"]),
      );
      driver.leave();
      return order_id as string;
    }),
  );
  for (const n of boxes) {
    const rows = await rowsOf(orders[n]!);
    expect(rows.at(-1)!.toState).toBe("completed");
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set([`m${n}`]));
  }
});

test("M35, M22: given an idle driver who drives to another market, then they leave the one, enter the other and are found there", async () => {
  const driver = await newDriver(server, inBox(3));
  // Out of the one and on through the other, 170 m a step.
  for (let step = 0; (await rowsOf(driver.id)).at(-1)!.type !== "driver.entered"; step++) {
    driver.goTo({ lat: 40.05, lng: west(4) + 0.01 + 0.002 * step });
    await sleep(500);
  }
  const moves = (await rowsOf(driver.id)).map(({ key, type }) => `${key} ${type}`);
  expect(moves).toEqual(["m3 create", "m3 go_online", "m3 driver.left", "m4 create", "m4 driver.entered"]);
  const rider = await newPassenger(server);
  const { order_id } = await ask(rider.wire, requestIn(4));
  const offer = await driver.wire.next("new_order");
  expect(offer).toMatchObject({ order_id });
  expect(new Set(await serveOffer(driver, offer))).toEqual(new Set(["ack"]));
  driver.leave();
});

test("M35, M8: given live offers in twenty markets, when the server is killed and stays away for long, then every one of them lapses and is made again", async () => {
  const boxes = Array.from({ length: MARKETS }, (_, n) => n);
  const drivers = await Promise.all(boxes.map((n) => newDriver(server, inBox(n))));
  const riders = await Promise.all(boxes.map(() => newPassenger(server)));
  const orders = await Promise.all(riders.map(({ wire }, n) => ask(wire, requestIn(n))));
  await Promise.all(drivers.map(({ wire }) => wire.next("new_order")));
  await server.end("SIGKILL");
  await sleep(2_000);
  await server.start();
  const back = await Promise.all(
    drivers.map(({ id }, n): Promise<Driver> => connectDriver(server, id, inBox(n))),
  );
  const offers = await Promise.all(back.map(({ wire }) => wire.next("new_order")));
  expect(offers.map(({ order_id }) => order_id)).toEqual(orders.map(({ order_id }) => order_id));
  const served = await Promise.all(back.map((driver, n) => serveOffer(driver, offers[n]!)));
  expect(new Set(served.flat())).toEqual(new Set(["ack"]));
});
