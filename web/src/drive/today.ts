import type { TripBody } from "../../../src/protocol/http-bodies.ts";

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
