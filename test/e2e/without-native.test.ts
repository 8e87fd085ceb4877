import { type ServerProcess, newServer } from "../fixtures/server-process.ts";
import { afterEach, describe, expect, test } from "vitest";
import { ask, newDriver, newPassenger, serveOffer } from "./people.ts";
import { pickup, request } from "./places.ts";
import { spawnSync } from "node:child_process";
import { transports } from "../fixtures/transports.ts";

// On a Node that does load the native transport, it is hidden.
const loads = transports.some(({ name }) => name === "uws");
const node = [...(loads ? ["--import", "./test/fixtures/without-native.mjs"] : []), "--import", "tsx"];

let server: ServerProcess | undefined;
afterEach(() => server?.remove());

describe("where the native transport cannot be loaded", () => {
  test("P90: the server serves all the same, and says so in its log, in /ready and in a metric", async () => {
    server = await newServer();
    server.launch([process.execPath, ...node, "src/main.ts"]);
    await server.ready();
    const driver = await newDriver(server, pickup);
    const rider = await newPassenger(server);
    await ask(rider.wire, request);
    const answers = await serveOffer(driver, await driver.wire.next("new_order"));
    expect(new Set(answers)).toEqual(new Set(["ack"]));

    const ready = await fetch(`${server.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready", transport: "node" }]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('transport_info{transport="node"} 1');

    const { code, stdout, stderr } = await server.end("SIGTERM");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await driver.wire.closed).toMatchObject({ code: 1001 });
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 40,
      reason: expect.stringMatching(/^uWebSockets\.js cannot be loaded: Error: ./),
    });
  });

  test("P92: a server that is told to use it ends with one clear line", async () => {
    server = await newServer({ DG_TRANSPORT: "uws" });
    server.launch([process.execPath, ...node, "src/main.ts"]);
    const { code, stdout, stderr } = await server.ended();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^dg-do-dispatch: uWebSockets\.js cannot be loaded: .+\n$/);
    expect(server.postgresPid()).toBeUndefined();
  });

  test("P95: benchmarks refuse to run, with one clear line", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, "bench/run.ts", "turn"], {
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^benchmarks are of the native transport: .+\n$/);
  });
});
