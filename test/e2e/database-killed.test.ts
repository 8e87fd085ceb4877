import { afterAll, expect, test } from "vitest";
import { ask, newDriver, newPassenger, serveOffer } from "./people.ts";
import { dropoff, market, pickup, request } from "./places.ts";
import { connect } from "../../src/log/connect.ts";
import { createServer } from "node:net";
import { newServer } from "../fixtures/server-process.ts";
import { once } from "node:events";

const server = await newServer({}, { markets: [market("everywhere")] });
afterAll(() => server.remove());

/** Kills PostgreSQL and takes its port, so that it cannot come back before `release`. */
const keepPostgresAway = async (): Promise<{ release(): Promise<unknown> }> => {
  const port = Number(new URL(server.databaseUrl()).port);
  for (;;) {
    const pid = server.postgresPid();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    const blocker = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
    const held = await Promise.race([
      once(blocker, "listening").then(() => true),
      once(blocker, "error").then(() => false),
    ]).catch(() => false);
    if (held) return { release: () => once(blocker.close(), "close") };
  }
};

test("M34, E26: given sockets and a trip asked for, when PostgreSQL is killed, then commands are told unavailable, the sockets stay, and once it is back everything goes on", async () => {
  await server.start();
  const driver = await newDriver(server, pickup);
  const rider = await newPassenger(server);
  const authorization = `Bearer ${server.token("walker", "passenger")}`;
  const post = () =>
    fetch(`${server.url}/trips`, {
      method: "POST",
      headers: { authorization, "idempotency-key": "k1" },
      body: JSON.stringify({ pickup, dropoff }),
    });

  const postgres = await keepPostgresAway();
  const [asked, posted] = await Promise.all([ask(rider.wire, request, "k1"), post()]);
  expect(asked).toMatchObject({ type: "error", error: { code: "unavailable" } });
  expect(posted.status).toBe(503);
  expect(posted.headers.get("retry-after")).not.toBeNull();
  expect(await posted.json()).toMatchObject({ error: { code: "unavailable" } });
  const ready = await fetch(`${server.url}/ready`);
  expect(ready.status).toBe(503);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await postgres.release();
  await server.ready();

  // Unknown meant: repeat with the same key.
  while ((await ask(rider.wire, request, "k1")).type === "error");
  expect((await post()).status).toBe(201);
  for (const _ of ["the rider", "the walker"]) {
    const answers = await serveOffer(driver, await driver.wire.next("new_order"));
    expect(new Set(answers)).toEqual(new Set(["ack"]));
  }
  await rider.wire.next("order_update", ({ status }) => status === "completed");
  const log = connect(server.databaseUrl(), { max: 1 });
  const trips = await log.run((sql) => sql`select passenger_id, status from trip order by 1`);
  await log.close();
  expect(trips).toEqual([
    { passengerId: rider.id, status: "completed" },
    { passengerId: "walker", status: "completed" },
  ]);
});
