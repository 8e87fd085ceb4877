import { setTimeout as sleep } from "node:timers/promises";
import { arrayLiteral, connect, type Client } from "./connect.ts";
import type { MarketId } from "../domain/ids.ts";
import type { Ms } from "../domain/time.ts";
import type { Taken } from "./log.ts";

/** Class of our advisory locks; the object is the market's number. */
const OWNER_LOCK = 7_461_002;
const TAKE_MS = 5_000;
const RETRY_MS = 200;

/** A market as configured. `key` names it for ever, `name` is for people. */
export interface MarketName {
  readonly key: string;
  readonly name: string;
}
export interface Owned {
  readonly market: MarketId;
  readonly taken: Taken;
}

/**
 * One session holds the locks of all our markets: a killed process loses them with its connection.
 * The lock keeps two servers from fighting; what decides is the epoch (E17). So when only the
 * connection is lost (Postgres restarts), the lock is taken again, and the epoch stays.
 */
export const openOwnership = (url: string) => {
  let ids: readonly MarketId[] = [];
  let closed = false;
  let lost = false;
  let relocking = false;
  const client = connect(url, {
    max: 1,
    // Where a whole machine went away, Postgres notices within seconds instead of hours.
    settings: { tcp_keepalives_idle: "3", tcp_keepalives_interval: "1" },
    lost: () => {
      lost = true;
      void relock();
    },
  });

  const relock = async (): Promise<void> => {
    if (relocking || ids.length === 0) return;
    relocking = true;
    while (lost) {
      if (closed) return;
      lost = false;
      const missing = await tryLock(client, ids).catch(() => ids);
      if (missing.length > 0) lost = true;
      if (lost) await sleep(RETRY_MS);
    }
    relocking = false;
  };

  return {
    /** Rejects with one clear line when another server keeps one of them for 5 s. */
    take: async (markets: readonly MarketName[]): Promise<Owned[]> => {
      const deadline = performance.now() + TAKE_MS;
      const wanted = await ensureMarkets(client, markets);
      for (;;) {
        const missing = await tryLock(client, [...wanted.keys()]);
        if (missing.length === 0) break;
        if (performance.now() > deadline)
          throw new Error(`another server owns market ${wanted.get(missing[0] as MarketId)}`);
        await sleep(RETRY_MS);
      }
      ids = [...wanted.keys()];
      return bumpEpochs(client, ids);
    },
    close: (): Promise<void> => {
      closed = true;
      return client.close();
    },
  };
};

/** Market keys by number, in the order asked for. */
const ensureMarkets = (client: Client, markets: readonly MarketName[]) =>
  client.transaction(async (sql) => {
    // Two servers may meet on an empty database: the second sees what the first made.
    await sql`lock table market in share row exclusive mode`;
    const found = new Map<MarketId, string>();
    for (const { key, name } of markets) {
      const [row] = await sql<{ id: MarketId }[]>`
        insert into market (id, key, name)
        values ((select coalesce(max(id), 0) + 1 from market), ${key}, ${name})
        on conflict (key) do update set name = excluded.name returning id`;
      if (row) found.set(row.id, key);
    }
    return found;
  });

/** The markets whose lock is somebody else's. Locking twice in one session does no harm. */
const tryLock = async (client: Client, ids: readonly MarketId[]): Promise<MarketId[]> => {
  const rows = await client.run(
    (sql) => sql<{ id: MarketId; held: boolean }[]>`
      select id, pg_try_advisory_lock(${OWNER_LOCK}, id) as held
      from unnest(${arrayLiteral(ids)}::integer[]) as id`,
  );
  return rows.filter((row) => !row.held).map((row) => row.id);
};

const bumpEpochs = async (client: Client, ids: readonly MarketId[]): Promise<Owned[]> => {
  const rows = await client.run(
    (sql) => sql<{ id: MarketId; epoch: number; position: number; lastAliveAt: Ms | null }[]>`
      update market set epoch = epoch + 1
      where id = any(${arrayLiteral(ids)}::smallint[])
      returning id, epoch, position, alive_at as last_alive_at`,
  );
  return ids.map((id) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row) throw new Error(`market ${id} has no row`);
    const { epoch, position, lastAliveAt } = row;
    return { market: id, taken: { epoch, position, lastAliveAt } };
  });
};
