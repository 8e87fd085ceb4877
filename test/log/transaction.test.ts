import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Client, connect } from "../../src/log/connect.ts";
import { type Database, freshDatabase } from "../fixtures/fresh-database.ts";

let database: Database;
let client: Client;
let other: Client;
beforeAll(async () => {
  database = await freshDatabase();
  [client, other] = [connect(database.url, { max: 1 }), connect(database.url, { max: 1 })];
  await client.run((sql) => sql`create table noted (what text)`);
});
afterAll(async () => {
  await Promise.all([client.close(), other.close()]);
  await database.drop();
});
const noted = () => client.run((sql) => sql<{ what: string }[]>`select what from noted`);

test("E167: given work of several queries, when it fails midway, then nothing of it is done", async () => {
  await client.transaction((sql) => sql`insert into noted values ('whole')`);
  const failing = client.transaction(async (sql) => {
    await sql`insert into noted values ('half')`;
    throw new Error("midway");
  });
  await expect(failing).rejects.toThrow("midway");
  expect(await noted()).toEqual([{ what: "whole" }]);
});

test("E168: given work of several queries, when its connection is lost between two, then it fails, nothing goes on over another, and the process lives", async () => {
  const uncaught: unknown[] = [];
  const hear = (error: unknown) => void uncaught.push(error);
  process.on("uncaughtException", hear);
  onTestFinished(() => void process.off("uncaughtException", hear));
  for (const waitMs of [0, 5, 50]) {
    const cut = client.transaction(async (sql) => {
      const [mine] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await other.run((elsewhere) => elsewhere`select pg_terminate_backend(${mine!.pid})`);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await sql`insert into noted values ('after it')`.catch(() => undefined);
      await sql`insert into noted values ('long after it')`;
    });
    await expect(cut).rejects.toThrow(/CONNECTION/);
  }
  await new Promise(setImmediate);
  expect(uncaught).toEqual([]);
  expect(await noted()).toEqual([{ what: "whole" }]);
});
