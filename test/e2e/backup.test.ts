import {
  type Person,
  ask,
  connectDriver,
  connectPassenger,
  newDriver,
  newPassenger,
  serveOffer,
} from "./people.ts";
import { PG15, hasPostgres15, startPostgres15 } from "../fixtures/postgres-15.ts";
import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import type { Message } from "../fixtures/server.ts";
import { dropoff, market, pickup, request } from "./places.ts";
import { expect, onTestFinished, test } from "vitest";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { join } from "node:path";
import { examine } from "../../src/doctor/examine.ts";
import { meaning } from "../../src/meaning.ts";
import { openReadOnly } from "../../src/log/read-only.ts";
import { verifyMarket } from "../../src/replay/verify-market.ts";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { tmpdir } from "node:os";

// A town whose server is lost, and its backup, by the very commands of docs/operations.md.

// However slow a backup is, the offer stands until the server is gone.
const trip = { receipt_ms: 120_000, offer_shown_ms: 120_000, offer_ms: 120_000 };
const markets = { markets: [market("town", { trip })] };
const page = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
const documented = (program: string): string => {
  const [line] =
    new RegExp(`^${program} .*$`, "m").exec(page.slice(page.indexOf("## Backup and restore"))) ?? [];
  if (line === undefined) throw new Error(`docs/operations.md does not say how to ${program}`);
  return line;
};

/** Three pairs of people far from each other, so that nobody gets another's trip. */
const places = [0, 1, 2].map((i) => ({ lat: pickup.lat + i, lng: pickup.lng }));

/** One trip has ended, one is under way, one is offered; each command was said with a key that is kept. */
const liveALittle = async (server: ServerProcess) => {
  const people: { driver: Person; rider: Person; trip: string; requested: object }[] = [];
  for (const place of places) {
    const driver = await newDriver(server, place);
    const rider = await newPassenger(server);
    const requested = await ask(rider.wire, { ...request, pickup: place }, `request-${rider.id}`);
    people.push({ driver, rider, trip: requested["order_id"], requested });
    const offer = await driver.wire.next("new_order");
    if (place === places[0]) await serveOffer(driver, offer);
    if (place !== places[1]) continue;
    const { order_id, offer_id } = offer;
    await ask(driver.wire, { type: "accept_order", order_id, offer_id });
    await ask(driver.wire, { type: "driver_arrived", order_id, reason: "at the gate" });
  }
  const [ended, riding, offered] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  const start = { type: "start_trip", order_id: riding.trip };
  const started = await ask(riding.driver.wire, start, "start-1");
  return { ended, riding, offered, start, started };
};

/** The clients come back, with the tokens and the keys that they had. */
const liveOn = async (server: ServerProcess, before: Awaited<ReturnType<typeof liveALittle>>) => {
  const { ended, riding, offered, start, started } = before;
  const driver = await connectDriver(server, riding.driver.id, places[1]!);
  expect(await driver.wire.next("welcome")).toMatchObject({ resume: { order: { order_id: riding.trip } } });
  const rider = await connectPassenger(server, riding.rider.id);
  const wish = { ...request, pickup: places[1] };
  expect(await ask(rider.wire, wish, `request-${rider.id}`)).toEqual(riding.requested);
  expect(await ask(driver.wire, start, "start-1")).toEqual(started);
  expect(await ask(driver.wire, { ...start, type: "complete_trip" })).toMatchObject({ type: "ack" });
  await rider.wire.next("order_update", ({ status }) => status === "completed");

  // The offer stands; after a gap in which nobody could answer it was closed without a miss, and is made again.
  const asked = await connectDriver(server, offered.driver.id, places[2]!);
  const { resume } = await asked.wire.next("welcome");
  const again = (resume.offers[0] as Message | undefined) ?? (await asked.wire.next("new_order"));
  expect(again).toMatchObject({ order_id: offered.trip });
  expect(new Set(await serveOffer(asked, again))).toEqual(new Set(["ack"]));

  const idle = await connectDriver(server, ended.driver.id, places[0]!);
  const next = await newPassenger(server);
  await ask(next.wire, { ...request, pickup: places[0] });
  expect(new Set(await serveOffer(idle, await idle.wire.next("new_order")))).toEqual(new Set(["ack"]));
};

const statusOf = async (server: ServerProcess, trip: string): Promise<unknown> => {
  const headers = { authorization: `Bearer ${server.token("op", "admin")}` };
  const answer = await fetch(`${server.url}/trips/${trip}`, { headers });
  return answer.ok ? ((await answer.json()) as { status: unknown }).status : answer.status;
};

/** As `npm run replay -- --market town --verify` and `npm run doctor` say it. */
const isSound = async (url: string): Promise<void> => {
  const log = await openReadOnly(url);
  const [town] = await log.history.markets();
  const verdict = await verifyMarket(log.history, meaning, town!.id);
  const { findings, breaks } = await examine(log.history, meaning);
  await log.close();
  expect({ ...verdict, findings, breaks }).toMatchObject({ found: 0, findings: [], breaks: sound });
};
const sound = { I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 };

const title = `on a PostgreSQL of one's own${hasPostgres15 ? "" : " (skipped: apt-get install postgresql-15)"}`;
test.skipIf(!hasPostgres15)(
  `E68, E32: given a town at work ${title}, when it is dumped while the server runs and a server starts on the restored dump, then clients come back to it, trips go on to their end and old keys get their old answers`,
  async () => {
    const postgres = await startPostgres15();
    onTestFinished(() => postgres.stop());
    const database = await freshDatabase(postgres.url);
    const dir = mkdtempSync(join(tmpdir(), "dg-do-backup-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const url = new URL(database.url);
    url.pathname = "dispatch_restored";
    const run = (program: string) =>
      execFileSync("sh", ["-c", documented(program)], {
        cwd: dir,
        env: { PATH: `${PG15}:${process.env["PATH"]}`, DATABASE_URL: database.url, RESTORED_URL: url.href },
      });

    const first = await newServer({ DATABASE_URL: database.url }, markets);
    onTestFinished(() => first.remove());
    await first.start();
    const before = await liveALittle(first);
    run("pg_dump");
    const late = await newPassenger(first);
    const { order_id: lost } = await ask(late.wire, { ...request, pickup: dropoff });
    expect(await statusOf(first, lost as string)).toBe("requested");
    await first.end("SIGKILL");

    run("createdb");
    run("pg_restore");
    const restored = await newServer({ DATABASE_URL: url.href }, markets);
    onTestFinished(() => restored.remove());
    await restored.start();
    expect(await statusOf(restored, lost as string)).toBe(404);
    await liveOn(restored, before);
    expect(await restored.end("SIGTERM")).toMatchObject({ code: 0 });
    await isSound(url.href);
  },
);

test("E68, E32: given a town on the bundled PostgreSQL, when the data folder of the stopped server is copied and a server starts on the copy, then clients come back to it, trips go on to their end and old keys get their old answers", async () => {
  const first = await newServer({}, markets);
  onTestFinished(() => first.remove());
  await first.start();
  const before = await liveALittle(first);
  expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
  const restored = await newServer({}, markets);
  onTestFinished(() => restored.remove());
  execFileSync("sh", ["-c", documented("cp")], {
    env: { PATH: process.env["PATH"], DG_DATA_DIR: first.dataDir, RESTORED_DIR: restored.dataDir },
  });
  await restored.start();
  await liveOn(restored, before);
  expect(await restored.end("SIGTERM")).toMatchObject({ code: 0 });
  const database = await startEmbedded({ dir: restored.dataDir, log: () => undefined });
  onTestFinished(() => database.stop());
  await isSound(database.url);
});
