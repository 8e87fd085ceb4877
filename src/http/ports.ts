import type { Actor } from "../market/ports.ts";
import type { Accounts } from "../log/accounts.ts";
import type { Audit } from "../log/audit.ts";
import type { Aliases } from "./aliases.ts";
import type { By } from "../domain/status.ts";
import type { Clock } from "../domain/time.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { Decisions } from "../log/decisions.ts";
import type { Desk } from "../session/desk.ts";
import type { History } from "../log/history.ts";
import type { Limit } from "../session/limits.ts";
import type { Lists } from "../log/lists.ts";
import type { Quotes } from "../session/quotes.ts";
import type { Tracks } from "../log/tracks.ts";
import type { Tokens } from "../session/tokens.ts";
import type { WebConfig } from "../protocol/web-config.ts";
import type { TransportName } from "../socket/pick-transport.ts";

/** What the routes count, and show of all that is counted. */
export interface Counts {
  answered(route: string, status: number): void;
  refused(code: ErrorCode): void;
  /** Time inside for one proposal of drivers. */
  matched(tookMs: number): void;
  /** Prometheus text. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What the routes stand on, handed over by `main.ts`. */
export interface HttpPorts {
  readonly desk: Desk;
  readonly tokens: Tokens;
  readonly accounts: Accounts;
  readonly aliases: Aliases;
  readonly quotes: Quotes;
  readonly lists: Lists;
  readonly history: Pick<History, "find" | "newest" | "ofActor" | "volumesOf">;
  readonly decisions: Pick<Decisions, "ofTrip" | "thatSaw">;
  readonly tracks: Pick<Tracks, "ofTrip">;
  readonly audit: Audit;
  /** The messages that somebody may send an actor now. */
  legalFor(actor: Actor, by: By): readonly string[];
  readonly counts: Counts;
  readonly clock: Clock;
  /** A UUIDv7; chance comes in by this door. */
  newId(): string;
  /** Messages of a user: the same buckets as their sockets'. */
  readonly userLimit: Limit;
  /** Registrations by address. */
  readonly registrations: Limit;
  readonly corsOrigins: readonly string[];
  readonly transport: TransportName;
  readonly webConfig: WebConfig;
  /** Why the server cannot serve now; empty when it can. */
  notReady(): readonly string[] | Promise<readonly string[]>;
  alarm(what: string, detail: Record<string, unknown>): void;
}
