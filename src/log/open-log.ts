import { connect, type Client } from "./connect.ts";
import { openAccounts, type Accounts } from "./accounts.ts";
import { openAppend } from "./append.ts";
import { openAudit, type Audit } from "./audit.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { openDecisions, type Decisions } from "./decisions.ts";
import { openHistory, type History } from "./history.ts";
import { keptOf } from "./kept.ts";
import { openLists, type Lists } from "./lists.ts";
import { openRatings, type Ratings } from "./ratings.ts";
import { openTracks, type Tracks } from "./tracks.ts";
import { openOwnership, type MarketName, type Owned } from "./own.ts";
import { recover, remembered, storedActor, wholeActor } from "./recover.ts";
import { applySchema } from "./schema.ts";
import { ms } from "../domain/time.ts";
import type { MarketLog } from "./log.ts";

const PROBE_MS = ms(1_000);
const APPENDERS = 16;

export interface Log {
  /** True when Postgres answers within a second. Never rejects. */
  ready(): Promise<boolean>;
  /**
   * Makes the markets that are new, owns them all and bumps their epochs; once in a process.
   * Rejects with one clear line when another server holds one for 5 s (E17).
   */
  take(markets: readonly MarketName[]): Promise<readonly MarketLog[]>;
  readonly accounts: Accounts;
  readonly history: History;
  readonly lists: Lists;
  readonly decisions: Decisions;
  readonly tracks: Tracks;
  readonly audit: Audit;
  readonly ratings: Ratings;
  /** Gives the markets back. An append still waiting for Postgres never settles. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly url: string;
  /** An append did not get through and is tried again: for the log and a counter. */
  readonly alarm?: (what: string, detail: Record<string, unknown>) => void;
}

/** Connects and brings the database to our schema. Rejects with one clear line when it is unreachable or newer. */
export const openLog = async ({ url, alarm = () => undefined }: LogOptions): Promise<Log> => {
  const reads = connect(url, { max: 4 });
  // Beside the reads, which would wait for its actors.
  const checkpoints = connect(url, { max: 1 });
  // Commands wait for these: an operator's long search must not be before them.
  const recalls = connect(url, { max: 2 });
  const ownership = openOwnership(url);
  // Nothing rests on these rows, so they wait for no disk either, and nothing waits for them.
  const beside = connect(url, { max: 1, settings: { synchronous_commit: "off" } });
  const decisions = openDecisions(beside);
  const tracks = openTracks(beside);
  const clients: { close(): Promise<void> }[] = [ownership, checkpoints, recalls, beside, reads];
  // A market always appends on the same connection; many markets share them, or Postgres would run out.
  const appenders = Array.from({ length: APPENDERS }, () => connect(url, { max: 1 }));
  clients.push(...appenders);
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all([decisions.close(), tracks.close()]);
    await Promise.all(clients.map((client) => client.close()));
  };

  const openMarket = ({ market, taken }: Owned): MarketLog => {
    const appends = appenders[market % appenders.length]!;
    return {
      market,
      taken,
      recover: () => recover(reads, market),
      remembered: (fromCommandId, limit) => remembered(recalls, market, fromCommandId, limit),
      append: openAppend({
        client: appends,
        market,
        epoch: taken.epoch,
        closed: () => closed,
        retried: (error) => alarm("append is tried again", { market, error: String(error) }),
      }),
      checkpoint: (checkpoint) => writeCheckpoint(checkpoints, market, taken.epoch, checkpoint),
      actor: (kind, id, from) =>
        from === "birth" ? wholeActor(reads, market, kind, id) : storedActor(reads, market, kind, id),
      kept: (kind, id) => keptOf(reads, market, kind, id),
    };
  };

  try {
    await applySchema(reads);
  } catch (error) {
    await close();
    throw new Error(`cannot use the database: ${reasonOf(error)}`, { cause: error });
  }
  return {
    ready: () => probe(reads),
    take: async (markets) => (await ownership.take(markets)).map(openMarket),
    accounts: openAccounts(reads),
    history: openHistory(reads),
    lists: openLists(reads),
    decisions,
    tracks,
    audit: openAudit(reads),
    ratings: openRatings(reads),
    close,
  };
};

const probe = (client: Client): Promise<boolean> =>
  client
    .run((sql) => sql`select 1`, PROBE_MS)
    .then(
      () => true,
      () => false,
    );

/** An error of several tried addresses has no message of its own. */
const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
};
