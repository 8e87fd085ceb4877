import * as z from "zod";
import { driverId, isId, offerId, passengerId, tripId } from "../domain/ids.ts";
import { isPosition } from "../domain/geo.ts";
import type { Position } from "../domain/geo.ts";

// The values every message is made of. Unknown fields are ignored everywhere: clients may add theirs.

const idWords = "1 to 64 characters of A-Z a-z 0-9 _ -";
/** P5: a number is read as text; afterwards it is 1-64 characters of `A-Z a-z 0-9 _ -`. */
export const id = z
  .union(
    [
      z.string().refine(isId, { error: idWords }).meta({ pattern: "^[A-Za-z0-9_-]{1,64}$" }),
      z.int().transform(String),
    ],
    { error: idWords },
  )
  .meta({ description: "An id; a number is read as text", examples: ["b7Qx-41"] });

export const tripIdText = id.transform(tripId);
export const driverIdText = id.transform(driverId);
export const passengerIdText = id.transform(passengerId);
export const offerIdText = id.transform(offerId);

/** P7: what a database or another client could not store or show. Lone surrogates, NUL. */
const unstorable = /[\0\p{Surrogate}]/u;
const wellFormed = (text: string): boolean => !unstorable.test(text);

/** Text of `min` to `max` UTF-16 units, without NUL or lone surrogates. */
export const text = (max: number, min = 0) =>
  z.string().min(min).max(max).refine(wellFormed, { error: "contains NUL or a lone surrogate" });

/** Left out, null or a value; inside always the value or null. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** P180: forms send the empty text where nothing was typed. */
export const maybeText = <T extends z.ZodType<string>>(schema: T) =>
  maybe(schema).transform((value) => value || null);

/** P8. */
export const note = text(500).meta({ description: "Free text", examples: ["gate 3"] });
const why = { description: "Why", examples: ["passenger no-show"] };
export const reason = text(500, 1).meta(why);
export const maybeReason = maybeText(text(500).meta(why));

/** Of a ride, as driven. */
export const drivenM = z.number().min(0).max(10_000_000).meta({ description: "Driven, metres" });
/** What dispatch compares: no road is that short. */
export const straightM = z.number().meta({ description: "In a straight line, metres" });

export const vehicleType = id.meta({ description: "Vehicle type", examples: ["standard"] });
/** In lower case, so that one mailbox is one person. */
export const email = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ description: "E-mail address", examples: ["ali@example.com"] });
const phoneWords = "6 to 24 digits, spaces, brackets and hyphens; it may begin with + and ends with a digit";
/** E.164, with the spaces, brackets and hyphens people type. */
export const phone = z
  .string()
  .regex(/^\+?[0-9][0-9 ()-]{4,22}[0-9]$/, { error: phoneWords })
  .meta({ description: "Phone number", examples: ["+992 900 00 00 00"] });
export const maybePhone = maybeText(z.union([phone, z.literal("")], { error: phoneWords }));

export const lat = z
  .number()
  .min(-90)
  .max(90)
  .meta({ description: "Degrees north", examples: [38.5598] });
export const lng = z
  .number()
  .min(-180)
  .max(180)
  .meta({ description: "Degrees east", examples: [68.787] });

/** The fields of a position as they come in: `lon` is accepted for `lng`. To be followed by `located`. */
export const coordinates = {
  lat,
  lng: lng.optional(),
  lon: lng.optional().meta({ description: "The same as lng" }),
};

type Coordinates = { lat: number; lng?: number | undefined; lon?: number | undefined };

/**
 * P4: gives an object with `coordinates` its one `lng`; refuses (0,0) and a `lon` that says
 * otherwise. The object is zod's own fresh copy, so it is changed in place.
 */
export const located = <T extends Coordinates>(
  value: T,
  context: z.RefinementCtx,
): Omit<T, "lng" | "lon"> & Position => {
  const { lng, lon } = value;
  const east = lng ?? lon;
  if (east === undefined) refuse(context, "lng", "is missing");
  else if (lng !== undefined && lon !== undefined && lng !== lon) refuse(context, "lon", "differs from lng");
  else if (!isPosition(value.lat, east)) refuse(context, "lat", "(0,0) is no position");
  if (lon !== undefined) delete value.lon;
  return Object.assign(value, { lng: east ?? Number.NaN });
};

const refuse = (context: z.RefinementCtx, path: string, message: string): void => {
  context.addIssue({ code: "custom", path: [path], message });
};

export const position = z
  .object(coordinates)
  .transform(located)
  .meta({
    title: "PositionInput",
    description: "WGS84 decimal degrees",
    examples: [{ lat: 38.5598, lng: 68.787 }],
  });

/** A position as the server writes it. */
export const point = z.object({ lat, lng }).meta({ title: "Position" });

export const money = z.object({ amount: z.int(), currency: z.string().length(3) }).meta({
  title: "Money",
  description: "Minor units, ISO 4217",
  examples: [{ amount: 1850, currency: "TJS" }],
});

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A query parameter is text: the number in it, which is what the documents tell. */
export const numberIn = <T extends z.ZodType>(number: T) =>
  z.preprocess((text, context) => {
    if (typeof text === "string" && decimal.test(text)) return Number(text);
    context.addIssue("is not a number");
    return z.NEVER;
  }, number);
/** Where it may be left out. */
export const numberOr = (number: z.ZodNumber, usual: number) =>
  numberIn(number.meta({ default: usual })).default(usual);

/** WebSocket: Unix milliseconds. */
export const unixMs = z.number().meta({ description: "Unix ms", examples: [1790000000000] });
/** HTTP: ISO 8601 UTC with milliseconds. */
export const isoTime = z.iso
  .datetime({ precision: 3 })
  .meta({ description: "UTC", examples: ["2026-07-01T08:30:00.000Z"] });

export const tripStatus = z.enum([
  "requested",
  "accepted",
  "en_route",
  "arrived",
  "in_progress",
  "completed",
  "cancelled",
  "no_driver_found",
]);
/** By which trips are listed: also by the names the contract reserves, which no trip has yet (P124). */
export const listedStatus = z.enum([...tripStatus.options, "scheduled", "no_show", "expired"]);
export const driverStatus = z.enum([
  "offline",
  "available",
  "offered",
  "en_route",
  "at_pickup",
  "on_trip",
  "paused",
]);
