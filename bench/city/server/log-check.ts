import { connect } from "../../../src/log/connect.ts";
import { countBreaks } from "../../../src/log/invariants.ts";

/** What the log says of a city that has come to rest. */
export interface LogCheck {
  /** Breaks of each invariant: `{I1: 0, …}`. */
  readonly invariants: Readonly<Record<string, number>>;
  /** Acknowledged commands that are not in the log (I8). */
  readonly lost: readonly string[];
  /** Trips that neither ended nor will. */
  readonly unended: number;
}

/** `acknowledged`: each as `role:user:key`. */
export const checkLog = async (url: string, acknowledged: ReadonlySet<string>): Promise<LogCheck> => {
  const client = connect(url, { max: 1 });
  try {
    const missing = new Set(acknowledged);
    for (let [market, position] = [0, 0]; ;) {
      const page = await client.run(
        (sql) => sql<{ market: number; position: number; commandId: string }[]>`
          select market, position, command_id from event
          where (market, position) > (${market}, ${position}) and command_id is not null
          order by market, position limit 10000`,
      );
      // A stored id begins with its day: `20780:driver:ID:KEY`.
      for (const { commandId } of page) missing.delete(commandId.slice(commandId.indexOf(":") + 1));
      const last = page.at(-1);
      if (last === undefined) break;
      ({ market, position } = last);
    }
    const [open] = await client.run(
      (sql) => sql<{ trips: number }[]>`
        select count(*) as trips from trip
        where status not in ('completed', 'cancelled', 'no_driver_found')`,
    );
    return {
      invariants: await countBreaks(client),
      lost: [...missing],
      unended: open?.trips ?? 0,
    };
  } finally {
    await client.close();
  }
};
