import { createHmac } from "node:crypto";

/** What a passenger sees instead of a driver's id: the same for a day, then another (S24). */
export type Aliases = (driverId: string) => string;

const DAY_MS = 86_400_000;
/** Enough for every driver of a market; over it all are made again. */
const REMEMBERED = 200_000;

/** `wallMs`: Unix milliseconds; the day is UTC's. */
export const openAliases = (secret: string, wallMs: () => number): Aliases => {
  const made = new Map<string, string>();
  let madeOn = 0;
  return (driverId) => {
    const day = Math.floor(wallMs() / DAY_MS);
    if (day !== madeOn || made.size >= REMEMBERED) made.clear();
    madeOn = day;
    const known = made.get(driverId);
    if (known !== undefined) return known;
    const alias = createHmac("sha256", secret)
      .update(`driver alias ${day} ${driverId}`)
      .digest("base64url")
      .slice(0, 16);
    made.set(driverId, alias);
    return alias;
  };
};
