import type { EventRow, JsonObject } from "../domain/row.ts";
import type { Ms } from "../domain/time.ts";
import { offerIdAt } from "../domain/ids.ts";

/** What the log says of one offer. */
export interface OfferStory {
  readonly offerId: string;
  /** The `offer` event: driver, wave, distance, age of the fix. */
  readonly body: JsonObject;
  readonly sentAt: Ms;
  readonly deliveredAt: Ms | null;
  /** `accepted declined expired undelivered lapsed withdrawn`; null while it is live. */
  readonly outcome: string | null;
  readonly outcomeAt: Ms | null;
  /** As the driver gave it, declining. */
  readonly reason: string | null;
}

/** Each offer of a trip from its rows, in order. */
export const offersOf = (rows: readonly EventRow[]): readonly OfferStory[] =>
  rows.filter(({ type }) => type === "offer").map((row) => storyOf(row, rows));

const storyOf = (offer: EventRow, rows: readonly EventRow[]): OfferStory => {
  const offerId = offerIdAt(offer.position);
  const closing = rows.find(({ changes }) => closedIn(changes, offerId) !== undefined);
  const delivered = rows.find(({ type, body }) => type === "offer.delivered" && body["offerId"] === offerId);
  const declined = closing?.type === "offer.declined" ? closing.body["reason"] : null;
  return {
    offerId,
    body: offer.body,
    sentAt: offer.at,
    deliveredAt: delivered?.at ?? null,
    outcome: closing ? closedIn(closing.changes, offerId)! : null,
    outcomeAt: closing?.at ?? null,
    reason: typeof declined === "string" ? declined : null,
  };
};

/** Every row that closes an offer says so in the trip's `closed`. */
const closedIn = (changes: JsonObject, offerId: string): string | undefined =>
  (changes["closed"] as Record<string, string> | undefined)?.[offerId];
