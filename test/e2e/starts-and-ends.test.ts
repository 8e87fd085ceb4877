import { type Ended, type ServerProcess, freePort, newServer } from "../fixtures/server-process.ts";
import { afterEach, describe, expect, test } from "vitest";
import { ask, newDriver, newPassenger, serveOffer } from "./people.ts";
import { pickup, request } from "./places.ts";
import { connect } from "../../src/log/connect.ts";
import { createServer } from "node:net";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

let servers: ServerProcess[] = [];
const make = async (...told: Parameters<typeof newServer>): Promise<ServerProcess> => {
  const server = await newServer(...told);
  servers.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(servers.map((server) => server.remove()));
  servers = [];
});

describe("ending", () => {
  test("M30, M33: given two servers with folders of their own, when each runs a trip, then they know nothing of each other, and SIGTERM to one ends it and its database and nothing else", async () => {
    const [one, two] = await Promise.all([make(), make()]);
    await Promise.all([one.start(), two.start()]);
    const rides = await Promise.all(
      [one, two].map(async (server) => {
        const driver = await newDriver(server, pickup);
        const rider = await newPassenger(server);
        const { order_id } = await ask(rider.wire, request);
        const answers = await serveOffer(driver, await driver.wire.next("new_order"));
        expect(new Set(answers)).toEqual(new Set(["ack"]));
        return { order_id: order_id as string, sockets: [driver.wire, rider.wire] };
      }),
    );
    const statusAt = async (server: ServerProcess, id: string): Promise<number> => {
      const authorization = `Bearer ${server.token("boss", "admin")}`;
      return (await fetch(`${server.url}/trips/${id}`, { headers: { authorization } })).status;
    };
    expect(await statusAt(one, rides[0]!.order_id)).toBe(200);
    expect(await statusAt(two, rides[0]!.order_id)).toBe(404);

    expect(one.postgresPid()).toBeDefined();
    expect(await one.end("SIGTERM")).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    for (const socket of rides[0]!.sockets) expect(await socket.closed).toMatchObject({ code: 1001 });
    expect(one.postgresPid()).toBeUndefined();
    expect(await statusAt(two, rides[1]!.order_id)).toBe(200);
    expect(await two.end("SIGTERM")).toMatchObject({ code: 0 });
    expect(two.postgresPid()).toBeUndefined();
  });

  test("M30: given `npm start`, when npm itself gets SIGTERM, then the server behind it ends cleanly and npm says 0", async () => {
    const server = await make();
    server.launch(["npm", "start"]);
    await server.ready();
    const rider = await newPassenger(server);
    expect(await server.end("SIGTERM")).toMatchObject({ code: 0, signal: null });
    expect(await rider.wire.closed).toMatchObject({ code: 1001 });
    expect(server.postgresPid()).toBeUndefined();
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  test("M30: given a server that is still starting, when it gets SIGTERM, then it ends as cleanly", async () => {
    const server = await make();
    server.launch();
    while (server.postgresPid() === undefined) await sleep(5);
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(server.postgresPid()).toBeUndefined();
  });

  test("M32, E11: given a server whose market another has taken, when it is told so by the log, then it ends by itself, non-zero, and wrote nothing", async () => {
    const database = await freshDatabase();
    const sql = connect(database.url, { max: 1 });
    const server = await make({ DATABASE_URL: database.url });
    await server.start();
    const rider = await newPassenger(server);
    await sql.run((sql) => sql`update market set epoch = epoch + 1`);
    rider.wire.send({ ...request, id: "k1" });
    const { code, stdout } = await server.ended();
    expect(code).toBe(1);
    expect(stdout).toMatch(/another server has taken this market/);
    expect(await sql.run((sql) => sql`select count(*) as rows from event`)).toEqual([{ rows: 0 }]);
    await sql.close();
    await server.remove();
    await database.drop();
  });
});

describe("starting", () => {
  /** What a server says that cannot start: on stderr, one line. */
  const refusal = async (server: ServerProcess): Promise<string> => {
    server.launch();
    const { code, stdout, stderr }: Ended = await server.ended();
    expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      code: 1,
      stdout: "",
      lines: 1,
    });
    return stderr.trim();
  };

  test("M31: given a port that is taken, then one clear line, and no database is left running", async () => {
    const taken = createServer().listen(await freePort(), "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const server = await make({ PORT: String(port) });
    expect(await refusal(server)).toBe(`dg-do-dispatch: port ${port} is in use`);
    expect(server.postgresPid()).toBeUndefined();
    await once(taken.close(), "close");
  });

  test("M31: given a database that cannot be reached, then one clear line", async () => {
    const url = `postgres://nobody:secret@127.0.0.1:${await freePort()}/none`;
    const said = await refusal(await make({ DATABASE_URL: url }));
    expect(said).toMatch(/^dg-do-dispatch: cannot use the database: .*ECONNREFUSED/);
    expect(said).not.toContain("secret");
  });

  test("M31: given a misspelt setting, then one clear line that knows better", async () => {
    expect(await refusal(await make({ DG_MARKET: "cities.json" }))).toBe(
      "dg-do-dispatch: DG_MARKET is not a setting; did you mean DG_MARKETS?",
    );
  });

  test("M31: given a markets file that is wrong, then one clear line with the place", async () => {
    const server = await make({}, { markets: [{ id: "a", name: "A", currency: "TJS", time_zone: "Mars" }] });
    expect(await refusal(server)).toBe(
      "dg-do-dispatch: DG_MARKETS: markets.0.time_zone: is not an IANA time zone",
    );
  });

  test("M31, E27: given a data folder that a server uses, then one clear line, and the first serves on", async () => {
    const first = await make();
    await first.start();
    const second = await make({ DG_DATA_DIR: first.dataDir });
    expect(await refusal(second)).toBe("dg-do-dispatch: another server owns market dushanbe");
    await first.ready();
    expect(await first.end("SIGTERM")).toMatchObject({ code: 0 });
    expect(first.postgresPid()).toBeUndefined();
  });
});
