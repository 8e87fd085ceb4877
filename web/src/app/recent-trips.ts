import type { TripBody } from "../../../src/protocol/http-bodies.ts";
import type { openHttp } from "../../../src/client/http.ts";

/** A trip of today was requested at most so long ago. */
const BACK_MS = 48 * 3_600_000;

/** A driver's trips, by default the reader's own, as far back as today can reach; null: no answer. */
export const recentTrips = async (
  http: Pick<ReturnType<typeof openHttp>, "trips">,
  nowMs: number,
  of: { readonly driver_id?: string } = {},
): Promise<readonly TripBody[] | null> => {
  const trips: TripBody[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await http.trips({ ...of, limit: 100, ...(cursor !== undefined && { cursor }) });
    if (page.is !== "ok") return null;
    trips.push(...page.body.items);
    const oldest = page.body.items.at(-1);
    if (page.body.next_cursor === null || !oldest || nowMs - Date.parse(oldest.requested_at) > BACK_MS)
      return trips;
    cursor = page.body.next_cursor;
  }
};
