import type { TripBody } from "../../../src/protocol/http-bodies.ts";
import type { openHttp } from "../../../src/client/http.ts";

/** A day's completed rides, newest first, and what they brought. */
export interface Earned {
  readonly rides: readonly TripBody[];
  /** Minor units by currency: who works in two markets earns two. */
  readonly sums: readonly { readonly amount: number; readonly currency: string }[];
}

/** `2026-11-22` by a clock of an IANA zone. */
export const dayIn = (timeZone: string, at: number | string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(new Date(at));

/** B46: the rides that were completed today, where today is the market's. */
export const earnedToday = (trips: readonly TripBody[], timeZone: string, nowMs: number): Earned => {
  const today = dayIn(timeZone, nowMs);
  const rides = trips.filter(
    ({ completed_at }) => completed_at !== null && dayIn(timeZone, completed_at) === today,
  );
  const sums = new Map<string, number>();
  for (const { fare } of rides)
    if (fare !== null) sums.set(fare.currency, (sums.get(fare.currency) ?? 0) + fare.amount);
  return { rides, sums: [...sums].map(([currency, amount]) => ({ currency, amount })) };
};

/** A ride of today was requested at most so long ago. */
const BACK_MS = 48 * 3_600_000;

/** The driver's own trips, as far back as today can reach; null: no answer. */
export const recentTrips = async (
  http: ReturnType<typeof openHttp>,
  nowMs: number,
): Promise<readonly TripBody[] | null> => {
  const trips: TripBody[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await http.trips({ limit: 100, ...(cursor !== undefined && { cursor }) });
    if (page.is !== "ok") return null;
    trips.push(...page.body.items);
    const oldest = page.body.items.at(-1);
    if (page.body.next_cursor === null || !oldest || nowMs - Date.parse(oldest.requested_at) > BACK_MS)
      return trips;
    cursor = page.body.next_cursor;
  }
};
