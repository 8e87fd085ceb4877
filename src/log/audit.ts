import type { Client } from "./connect.ts";
import type { JsonObject } from "../domain/row.ts";

/** Something that was done to the server itself; what is done in a market is in its event log. */
export interface AuditEntry {
  /** Who did it: an operator's id, or the signal that came. */
  readonly actor: string;
  /** What happened, as events say it: `policies.reloaded`. */
  readonly what: string;
  readonly detail: JsonObject;
}

/** Resolves once the entry is durable, rejects when that is uncertain. Whatever it tells of is done after it. */
export type Audit = (entry: AuditEntry) => Promise<void>;

export const openAudit =
  (client: Client): Audit =>
  async ({ actor, what, detail }) => {
    await client.run(
      (sql) => sql`
        insert into audit (actor, what, detail)
        values (${actor}, ${what}, ${JSON.stringify(detail)}::text::jsonb)`,
    );
  };
