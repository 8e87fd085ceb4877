import { build, type Histogram } from "hdr-histogram-js";
import type { Reply, ServerRefusal } from "../../src/client/connection.ts";
import type { TripStatus } from "../../src/domain/status.ts";
import type { OrderUpdate } from "../../src/protocol/server-messages.ts";

/** How a passenger's trip ended. */
export type TripEnd =
  | { readonly is: "completed" }
  | { readonly is: "cancelled"; readonly by: string }
  | { readonly is: "no_driver_found" }
  /** The request itself was refused: there was no trip. */
  | { readonly is: "refused" };

/** What the city counts. */
export interface Tally {
  readonly counts: Counts;
  /** Refusals that a race explains (an offer that ran out), by code. */
  readonly refusals: ReadonlyMap<string, number>;
  /** What must not happen between a correct client and a correct server, by what it was. */
  readonly faults: ReadonlyMap<string, number>;
  readonly firstOfferMs: Histogram;
  readonly acceptanceMs: Histogram;
  readonly pickupEtaS: Histogram;
  readonly pickupDistanceM: Histogram;
  /** What everybody was told; the log is held to it afterwards. */
  readonly history: History;
  /** Notes an answer; `logged`: its acknowledgement promises a row. */
  answered(user: string, reply: Reply, logged: boolean): void;
  /** A passenger's app shows this. */
  shown(update: OrderUpdate): void;
  fault(what: string): void;
  refused(error: ServerRefusal): void;
  /** A driver sees an offer of this order. */
  offered(orderId: string): void;
  ended(orderId: string | null, end: TripEnd, sentAtMs: number, acceptedAtMs: number | null): void;
}

/** Commands are named `role:user:key`. */
export interface History {
  /** They must be in the log, as the row that was promised. */
  readonly acknowledged: ReadonlyMap<
    string,
    { readonly orderId: string | null; readonly seq: number | null }
  >;
  /** Certainly not done. */
  readonly refused: ReadonlySet<string>;
  /** No certain answer came: nobody knows. */
  readonly unknown: ReadonlySet<string>;
  /** By order, the newest that its passenger's app was told. */
  readonly shown: ReadonlyMap<string, { readonly seq: number; readonly status: TripStatus }>;
}

/** `busy` was not done this time, but maybe an earlier time; after `unavailable` nobody knows. */
export const isUnknown = (reply: Reply): boolean =>
  reply.is === "refused" && (reply.error.code === "busy" || reply.error.code === "unavailable");

export interface Counts {
  requests: number;
  matched: number;
  completed: number;
  cancelledByPassenger: number;
  cancelledByDriver: number;
  cancelledBySystem: number;
  refusedRequests: number;
  pings: number;
  offers: number;
  drops: number;
  driverCancels: number;
}

export const openTally = (): Tally => {
  const counts: Counts = {
    requests: 0,
    matched: 0,
    completed: 0,
    cancelledByPassenger: 0,
    cancelledByDriver: 0,
    cancelledBySystem: 0,
    refusedRequests: 0,
    pings: 0,
    offers: 0,
    drops: 0,
    driverCancels: 0,
  };
  const refusals = new Map<string, number>();
  const faults = new Map<string, number>();
  const acknowledged = new Map<string, { orderId: string | null; seq: number | null }>();
  const refusedKeys = new Set<string>();
  const unknown = new Set<string>();
  const shown = new Map<string, { seq: number; status: TripStatus }>();
  const firstOfferAtMs = new Map<string, number>();
  const [firstOfferMs, acceptanceMs] = [histogram(), histogram()];

  const countEnd = (end: TripEnd) => {
    if (end.is === "completed") counts.completed += 1;
    else if (end.is === "refused") counts.refusedRequests += 1;
    else if (end.is === "no_driver_found") counts.cancelledBySystem += 1;
    else if (end.by === "passenger") counts.cancelledByPassenger += 1;
    else if (end.by === "driver") counts.cancelledByDriver += 1;
    else counts.cancelledBySystem += 1;
  };
  const refused = (error: ServerRefusal) => {
    if (neverExpected.has(error.code)) add(faults, `${error.code}: ${error.message}`);
    else add(refusals, error.code);
  };

  return {
    counts,
    refusals,
    faults,
    firstOfferMs,
    acceptanceMs,
    pickupEtaS: histogram(),
    pickupDistanceM: histogram(),
    history: { acknowledged, refused: refusedKeys, unknown, shown },
    answered: (user, reply, logged) => {
      const key = `${user}:${reply.id}`;
      if (reply.is === "closed" || isUnknown(reply)) unknown.add(key);
      else unknown.delete(key);
      if (reply.is === "ack" && logged) acknowledged.set(key, { orderId: reply.orderId, seq: reply.seq });
      if (reply.is !== "refused") return;
      refused(reply.error);
      if (!isUnknown(reply)) refusedKeys.add(key);
    },
    shown: ({ order_id, seq, status }) => void shown.set(order_id, { seq, status }),
    fault: (what) => add(faults, what),
    refused,
    offered: (orderId) => {
      counts.offers += 1;
      if (!firstOfferAtMs.has(orderId)) firstOfferAtMs.set(orderId, performance.now());
    },
    ended: (orderId, end, sentAtMs, acceptedAtMs) => {
      countEnd(end);
      const offeredAtMs = firstOfferAtMs.get(orderId ?? "");
      if (offeredAtMs !== undefined) record(firstOfferMs, offeredAtMs - sentAtMs);
      if (acceptedAtMs === null) return;
      counts.matched += 1;
      record(acceptanceMs, acceptedAtMs - sentAtMs);
    },
  };
};

/** Codes that say that client or server did something wrong, not that somebody was faster. */
const neverExpected: ReadonlySet<string> = new Set([
  "malformed",
  "unauthenticated",
  "token_expired",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "trip_live",
  "key_reused",
  "outside_area",
  "invalid",
  "unknown_type",
  "too_large",
  "rate_limited",
  "internal",
]);

const add = (counter: Map<string, number>, key: string): void => {
  counter.set(key, (counter.get(key) ?? 0) + 1);
};

/** Thousandths of the unit, three significant digits, no upper limit. */
const histogram = (): Histogram =>
  build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
export const record = (into: Histogram, value: number): void =>
  into.recordValue(Math.max(1, Math.round(value * 1000)));
export const percentile = (of: Histogram, percent: number): number | null =>
  of.totalCount === 0 ? null : of.getValueAtPercentile(percent) / 1000;
export const mean = (of: Histogram): number | null => (of.totalCount === 0 ? null : of.mean / 1000);
