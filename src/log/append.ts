import { setTimeout as sleep } from "node:timers/promises";
import { appendParameters, appendStatement } from "./append-statement.ts";
import type { Appended, Batch } from "./log.ts";
import type { Client } from "./connect.ts";
import type { MarketId } from "../domain/ids.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

interface Ports {
  /** One connection, used by nobody else: two would break the order of batches at a reconnect. */
  readonly client: Client;
  readonly market: MarketId;
  readonly epoch: number;
  /** True once the log is closed: an append that is still waiting for Postgres then never settles. */
  readonly closed: () => boolean;
  readonly retried: (error: unknown) => void;
}

/** Appends until the outcome is certain: committed, fenced or refused (E10 to E14). */
export const openAppend = ({ client, market, epoch, closed, retried }: Ports) => {
  return async (batch: Batch): Promise<Appended> => {
    const parameters = appendParameters(market, epoch, batch);
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        // A retry sends the statement first, not the question: so it waits behind an old backend
        // that still holds the market's row, and cannot miss that one's commit (E12).
        const wrote = await client.run((sql) => sql.unsafe(appendStatement, parameters, { prepare: true }));
        if (wrote.length === 1) return { is: "committed" };
        return await inAlready(batch);
      } catch (error) {
        const no = refusedAsData(error);
        if (no) return no;
        if (closed()) return new Promise(() => undefined);
        retried(error);
      }
      await sleep(waitMs);
    }
  };

  async function inAlready(batch: Batch): Promise<Appended> {
    const [row] = await client.run(
      (sql) => sql<{ epoch: number; position: number }[]>`
        select epoch, position from market where id = ${market}`,
    );
    const ours = row?.epoch === epoch && row.position === batch.to;
    return { is: ours ? "committed" : "fenced" };
  }
};

/** Data exception, constraint violation, or a value too large for an index or for jsonb. */
const refusedAsData = (error: unknown): Appended | null => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== "string" || !/^(22|23|54)[0-9A-Z]{3}$/.test(code)) return null;
  return { is: "refused", sqlstate: code, detail: String(message) };
};
