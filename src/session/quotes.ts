import { type Ms, ms } from "../domain/time.ts";
import { type Quote, quote } from "../pricing/quote.ts";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { PassengerId } from "../domain/ids.ts";
import type { Place } from "./desk.ts";
import type { Position } from "../domain/geo.ts";
import { assert } from "../domain/assert.ts";
import { distanceM } from "../domain/geo.ts";
import { localHour } from "./local-hour.ts";

export interface Ride {
  readonly pickup: Position;
  readonly dropoff: Position;
  readonly vehicleType: string;
}
/** Whose ride. */
export type Wish = Ride & { readonly passenger: PassengerId };

/**
 * Fares that stand for a while. The quote's id says it all and is signed, so nothing is stored, and a quote
 * outlives a restart: 48 bytes, in base64url exactly the 64 characters an id may have.
 */
export interface Quotes {
  give(place: Place, wish: Wish): Quote & { readonly quoteId: string; readonly expiresAt: Ms };
  /** The quoted price; null when the quote is over, not ours, or for another ride or passenger. */
  redeem(place: Place, wish: Wish, quoteId: string): Quote | null;
}

/** What this ride costs now. */
export const priceOf = ({ policy, currency, market, timeZone }: Place, { pickup, dropoff }: Ride): Quote =>
  quote(distanceM(pickup, dropoff), policy.fare, policy.eta, localHour(timeZone, market.now()), currency);

const VALID_MS = 5 * 60_000;
/** A pin set twice is the same pin. */
const SAME_PLACE_M = 10;
const SAID_BYTES = 32;
const DEGREE = 1e7;

/** `secret`: whoever knows it can make quotes. */
export const createQuotes = (secret: string): Quotes => {
  // What the id has no room for is signed with it.
  const seal = (said: Buffer, place: Place, { passenger, vehicleType }: Wish): Buffer =>
    createHmac("sha256", secret)
      .update(JSON.stringify(["quote", passenger, vehicleType, place.name, place.currency]))
      .update(said)
      .digest()
      .subarray(0, 16);

  return {
    give(place, wish) {
      const price = priceOf(place, wish);
      const expiresS = Math.floor((place.market.now() + VALID_MS) / 1_000);
      const said = write(expiresS, price, wish);
      const quoteId = Buffer.concat([said, seal(said, place, wish)]).toString("base64url");
      return { ...price, quoteId, expiresAt: ms(expiresS * 1_000) };
    },
    redeem(place, wish, quoteId) {
      const bytes = Buffer.from(quoteId, "base64url");
      if (bytes.length !== SAID_BYTES + 16) return null;
      const said = bytes.subarray(0, SAID_BYTES);
      if (!timingSafeEqual(bytes.subarray(SAID_BYTES), seal(said, place, wish))) return null;
      const { expiresS, amount, pickup, dropoff, ...price } = read(said);
      if (place.market.now() >= expiresS * 1_000) return null;
      if (distanceM(pickup, wish.pickup) > SAME_PLACE_M) return null;
      if (distanceM(dropoff, wish.dropoff) > SAME_PLACE_M) return null;
      return { fare: { amount, currency: place.currency }, ...price };
    },
  };
};

const write = (expiresS: number, { fare, distanceM, durationS }: Quote, ride: Ride): Buffer => {
  assert(fare.amount < 2 ** 40, "P60: a quoted fare has at most 40 bits");
  const said = Buffer.alloc(SAID_BYTES);
  said.writeUIntBE(expiresS, 0, 4);
  said.writeUIntBE(fare.amount, 4, 5);
  said.writeUIntBE(distanceM, 9, 4);
  said.writeUIntBE(durationS, 13, 3);
  const { pickup, dropoff } = ride;
  for (const [i, degrees] of [pickup.lat, pickup.lng, dropoff.lat, dropoff.lng].entries())
    said.writeInt32BE(Math.round(degrees * DEGREE), 16 + i * 4);
  return said;
};

const read = (said: Buffer) => {
  const degrees = (i: number): number => said.readInt32BE(16 + i * 4) / DEGREE;
  return {
    expiresS: said.readUIntBE(0, 4),
    amount: said.readUIntBE(4, 5),
    distanceM: said.readUIntBE(9, 4),
    durationS: said.readUIntBE(13, 3),
    pickup: { lat: degrees(0), lng: degrees(1) },
    dropoff: { lat: degrees(2), lng: degrees(3) },
  };
};
