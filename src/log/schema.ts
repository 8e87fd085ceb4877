import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ms } from "../domain/time.ts";
import type { Client, Sql } from "./connect.ts";

/** The version that `schema.sql` makes. */
export const VERSION = 4;
/** Two servers may start at once; the second waits for the first. */
const APPLY_LOCK = 7_461_001;
const APPLY_MS = ms(30_000);

/** Brings an empty database to our schema. Rejects when the database is newer (E20). */
export const applySchema = async (client: Client): Promise<void> => {
  const text = await readFile(findSchema(import.meta.dirname), "utf8");
  const apply = async (sql: Sql): Promise<void> => {
    await sql.unsafe(`set local statement_timeout = ${APPLY_MS}; set local lock_timeout = ${APPLY_MS}`);
    await sql`select pg_advisory_xact_lock(${APPLY_LOCK})`;
    const found = await versionOf(sql);
    // An older one gains what is new: the text says `if not exists` throughout.
    if (found === null || found < VERSION) await sql.unsafe(text);
    else if (found > VERSION) throw new Error(tooNew(found));
  };
  await client.transaction(apply, "read write", APPLY_MS);
};

/** For whoever only uses the database, and must not change it: rejects unless it is of our version (E40). */
export const demandSchema = async (client: Client): Promise<void> => {
  const found = await client.run(versionOf);
  if (found === null) throw new Error("it holds no log");
  if (found > VERSION) throw new Error(tooNew(found));
  if (found < VERSION)
    throw new Error(
      `it has schema version ${found}, this needs ${VERSION}: start this version's server once`,
    );
};

const tooNew = (found: number): string =>
  `it has schema version ${found}, this server knows ${VERSION}: start a newer server`;

const versionOf = async (sql: Sql): Promise<number | null> => {
  const [meta] = await sql<{ present: boolean }[]>`select to_regclass('meta') is not null as present`;
  if (!meta?.present) return null;
  const [row] = await sql<{ schemaVersion: number }[]>`select schema_version from meta`;
  return row?.schemaVersion ?? null;
};

/** The nearest `schema.sql` above: the same file from `src/log` and from `dist/src/log`. */
const findSchema = (from: string): string => {
  const path = join(from, "schema.sql");
  if (existsSync(path)) return path;
  if (dirname(from) === from) throw new Error("schema.sql is missing beside package.json");
  return findSchema(dirname(from));
};
