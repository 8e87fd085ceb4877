import { connect, type Client } from "./connect.ts";
import { openHistory, type History } from "./history.ts";
import { demandSchema } from "./schema.ts";
import { ms } from "../domain/time.ts";

/** Nobody waits for a reader, and a reader can wait. */
const PATIENT_MS = ms(300_000);

export interface ReadOnlyLog {
  readonly history: History;
  /** True when nobody else uses this database. */
  alone(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * The log for reading only: no schema is applied, no market is taken, and Postgres itself refuses every
 * write of these connections (E40). Rejects with one clear line where there is no log.
 */
export const openReadOnly = async (url: string): Promise<ReadOnlyLog> => {
  const client = readOnlyClient(url);
  const history = openHistory(client);
  try {
    await demandSchema(client);
  } catch (error) {
    await client.close();
    const { message, code } = error as { message?: string; code?: string };
    const reason = message || code || String(error);
    throw new Error(`cannot read the database: ${reason}`, { cause: error });
  }
  return { history, alone: () => isAlone(client), close: client.close };
};

export const readOnlyClient = (url: string): Client => {
  const client = connect(url, {
    max: 2,
    settings: {
      application_name: `dg-do-dispatch reader ${process.pid}`,
      default_transaction_read_only: "on",
      statement_timeout: String(PATIENT_MS),
      idle_in_transaction_session_timeout: String(PATIENT_MS),
    },
  });
  return { ...client, run: (work, deadlineMs = PATIENT_MS) => client.run(work, deadlineMs) };
};

/** True when nobody else of ours is connected. */
export const isAlone = async (client: Client): Promise<boolean> => {
  const others = await client.run(
    (sql) => sql`
      select from pg_stat_activity
      where application_name like 'dg-do-dispatch%'
        and application_name <> current_setting('application_name')
      limit 1`,
  );
  return others.length === 0;
};
