declare const brand: unique symbol;
/** A text or number that only its own maker in `domain/` can make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type TripId = Brand<string, "TripId">;
export type DriverId = Brand<string, "DriverId">;
export type PassengerId = Brand<string, "PassengerId">;
export type OfferId = Brand<string, "OfferId">;
/** The market's number in the log: 1 to 32767. */
export type MarketId = Brand<number, "MarketId">;

const shape = /^[A-Za-z0-9_-]{1,64}$/;
/** True for a text that may be an id of the outside world: 1-64 characters of `A-Z a-z 0-9 _ -`. */
export const isId = (text: string): boolean => shape.test(text);

// Callers have checked the text (protocol, log rows); these only name what it is.
export const tripId = (text: string): TripId => text as TripId;
export const driverId = (text: string): DriverId => text as DriverId;
export const passengerId = (text: string): PassengerId => text as PassengerId;
export const marketId = (number: number): MarketId => number as MarketId;
/** An offer is named by the position of its row in the market's log, so a replay gives the same name. */
export const offerIdAt = (position: number): OfferId => String(position) as OfferId;
export const offerId = (text: string): OfferId => text as OfferId;
