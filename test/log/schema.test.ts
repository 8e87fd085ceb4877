import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, type Client } from "../../src/log/connect.ts";
import { openLog } from "../../src/log/open-log.ts";
import { openReadOnly } from "../../src/log/read-only.ts";
import { applySchema } from "../../src/log/schema.ts";
import { freshDatabase, type Database } from "../fixtures/fresh-database.ts";

let database: Database;
let client: Client;
beforeEach(async () => {
  database = await freshDatabase();
  client = connect(database.url, { max: 1 });
});
afterEach(async () => {
  await client.close();
  await database.drop();
});
const tables = async (): Promise<string[]> =>
  (
    await client.run(
      (sql) => sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    )
  ).map((row) => row.name);

test("E20: given an empty database, when the schema is applied, also by two servers at once and again, then it is there once", async () => {
  const other = connect(database.url, { max: 1 });
  await Promise.all([applySchema(client), applySchema(other)]);
  await applySchema(client);
  await other.close();
  expect(await tables()).toEqual([
    "actor",
    "archived",
    "audit",
    "claim",
    "decision",
    "driver",
    "driver_status",
    "event",
    "market",
    "meta",
    "passenger",
    "rating",
    "track",
    "trip",
  ]);
});

test("E20: given a database of an older server, when opened, then it gains what is new and keeps what it has", async () => {
  await applySchema(client);
  await client.run((sql) => sql`update meta set schema_version = 1`);
  await client.run((sql) => sql`drop table decision`);
  await client.run((sql) => sql`insert into passenger (id, email) values ('p1', 'p@example.org')`);
  await applySchema(client);
  expect(await tables()).toContain("decision");
  const kept = await client.run((sql) => sql`select id, schema_version from passenger, meta`);
  expect([...kept]).toEqual([{ id: "p1", schemaVersion: 4 }]);
});

test("E40: given an empty database or that of an older server, when it is only read, then it is refused with one clear line and left alone", async () => {
  await expect(openReadOnly(database.url)).rejects.toThrow(/^cannot read the database: it holds no log$/);
  await applySchema(client);
  await client.run((sql) => sql`update meta set schema_version = 1`);
  await expect(openReadOnly(database.url)).rejects.toThrow(
    /^cannot read the database: it has schema version 1, this needs \d+: start this version's server once$/,
  );
  expect([...(await client.run((sql) => sql`select schema_version from meta`))]).toEqual([
    { schemaVersion: 1 },
  ]);
});

test("E20: given a database of a newer server, when opened, then it is refused with one clear line and left alone", async () => {
  await applySchema(client);
  await client.run((sql) => sql`update meta set schema_version = 999`);
  await expect(openLog({ url: database.url })).rejects.toThrow(
    /^cannot use the database: it has schema version 999, this server knows 4: start a newer server$/,
  );
});

test("E20: given a database that is not there, when opened, then it is refused within the deadline", async () => {
  await expect(openLog({ url: "postgres://nobody:x@localhost:1/none" })).rejects.toThrow(
    /^cannot use the database: .*ECONNREFUSED/,
  );
});
