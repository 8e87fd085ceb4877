import postgres from "postgres";
import { ms, type Ms } from "../domain/time.ts";

/** What every query may take in the database, and the deadline on our side, which is a little later. */
const STATEMENT_MS = 2_000;
export const DEADLINE_MS = ms(3_000);

export type Sql = postgres.Sql<{ bigint: number }>;

/** Connections to the database that replace themselves when they hang. */
export interface Client {
  /**
   * One piece of work. Rejects when it fails or its deadline passes; then its connections are given
   * up and the next call gets new ones. Whether rejected work was done is unknown to the caller.
   */
  run<T>(work: (sql: Sql) => Promise<T>, deadlineMs?: Ms): Promise<T>;
  /**
   * Work that is done whole or not at all, on a connection of its own: where one is lost between two queries of
   * the library's own transactions, the library ends the process (postgres.js issues 1066, 1154 and 1208).
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, kind?: Transaction, deadlineMs?: Ms): Promise<T>;
  close(): Promise<void>;
}

/** One moment: every query sees the log as it was at the first one. */
export type Transaction = "read write" | "one moment";

export interface ClientOptions {
  /** Most connections at a time. */
  readonly max: number;
  /** Postgres settings of each session. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A connection went away. */
  readonly lost?: () => void;
}

export const connect = (url: string, options: ClientOptions): Client => {
  let sql = openSql(url, options);
  const replace = (broken: Sql): void => {
    if (sql !== broken) return;
    sql = openSql(url, options);
    // What still runs there may finish; what hangs is cut.
    void broken.end({ timeout: DEADLINE_MS / 1_000 });
  };
  return {
    run: async (work, deadlineMs = DEADLINE_MS) => {
      const mine = sql;
      try {
        return await within(work(mine), deadlineMs);
      } catch (error) {
        if (error instanceof DeadlinePassed) replace(mine);
        throw error;
      }
    },
    transaction: async (work, kind = "read write", deadlineMs = DEADLINE_MS) => {
      // No query may go on over a second connection.
      const lost = (): void => void own.end({ timeout: 0 });
      const own: Sql = openSql(url, { ...options, max: 1, lost });
      const whole = async () => {
        await own.unsafe(`begin ${kinds[kind]}`);
        const result = await work(own);
        await own`commit`;
        return result;
      };
      try {
        return await within(whole(), deadlineMs);
      } finally {
        // What did not commit is undone with its connection.
        await own.end({ timeout: 0 });
      }
    },
    close: () => sql.end({ timeout: 1 }),
  };
};

const kinds: Readonly<Record<Transaction, string>> = {
  "read write": "",
  "one moment": "isolation level repeatable read read only",
};

class DeadlinePassed extends Error {}

/** The client library waits for ever when a host is down or a network drops packets: we do not. */
const within = async <T>(work: Promise<T>, deadlineMs: Ms): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const passed = (): void => reject(new DeadlinePassed(`no answer within ${deadlineMs} ms`));
    timer = setTimeout(passed, deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
};

const openSql = (url: string, { max, settings, lost }: ClientOptions): Sql =>
  postgres(url, {
    max,
    connect_timeout: DEADLINE_MS / 1_000,
    // Retries are ours; the library would wait up to 20 s before it connects again.
    backoff: 0 as unknown as boolean,
    // A session lives as long as the server: it holds locks and prepared statements.
    max_lifetime: null,
    // The library reads array types in a promise that nobody awaits: a cut there would end the process.
    fetch_types: false,
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
    transform: { column: { from: postgres.toCamel } },
    onnotice: () => undefined,
    ...(lost && { onclose: lost }),
    connection: {
      application_name: "dg-do-dispatch",
      statement_timeout: STATEMENT_MS,
      lock_timeout: STATEMENT_MS,
      idle_in_transaction_session_timeout: STATEMENT_MS,
      ...settings,
    },
  });

/**
 * A Postgres array literal. Arrays go to the server as text we wrote, cast there: what the client
 * library makes of them depends on their content (an element with a property `type` is unwrapped).
 */
export const arrayLiteral = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => (typeof value === "string" ? quoted(value) : String(value))).join(",")}}`;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
