import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "./config.ts";
import { defaultPolicy, dushanbeFare } from "./default-policy.ts";
import type { MarketPolicy } from "./domain/policy.ts";
import { isId } from "./domain/ids.ts";
import { type Area, isCell } from "./location/area.ts";
import { type Limits, defaultLimits } from "./limits.ts";
import { limitsSchema } from "./limits-policy.ts";
import { policySchema } from "./market-policy.ts";
import { readJson } from "./read-json.ts";

/** A market as configured. In the order of the list: the first whose area holds a position serves it. */
export interface MarketSpec {
  readonly id: string;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA. */
  readonly timeZone: string;
  readonly area: Area;
  readonly policy: MarketPolicy;
}

/** All that a markets file says. */
export interface MarketsFile {
  readonly markets: readonly MarketSpec[];
  readonly limits: Limits;
}

/** What the file says, or without one the defaults. Throws `ConfigError` with the place that is wrong. */
export const readMarkets = (file: string | null): MarketsFile => {
  if (file === null) return { markets: defaultMarkets, limits: defaultLimits };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`DG_MARKETS: ${(error as Error).message}`);
  }
  return parseMarkets(text);
};

/** The content of a markets file: `{"markets": [{id, name, currency, time_zone, area, policy}], "limits": {}}`. */
export const parseMarkets = (text: string): MarketsFile => {
  let json: unknown;
  try {
    json = readJson(text);
  } catch (error) {
    throw new ConfigError(`DG_MARKETS: ${(error as Error).message}`);
  }
  const read = fileSchema.safeParse(json);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new ConfigError(`DG_MARKETS: ${issue?.path.join(".") || "file"}: ${issue?.message}`);
};

/** Dushanbe within 40 km of (38.56, 68.78), and the rest of the world, so that any position works. */
const defaultMarkets: readonly MarketSpec[] = [
  {
    id: "dushanbe",
    name: "Dushanbe",
    currency: "TJS",
    timeZone: "Asia/Dushanbe",
    area: {
      polygon: [
        { lat: 38.2, lng: 68.32 },
        { lat: 38.2, lng: 69.24 },
        { lat: 38.92, lng: 69.24 },
        { lat: 38.92, lng: 68.32 },
      ],
    },
    policy: { ...defaultPolicy, fare: dushanbeFare },
  },
  {
    id: "world",
    name: "World",
    currency: "USD",
    timeZone: "UTC",
    area: null,
    policy: defaultPolicy,
  },
];

const corner = z
  .tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)])
  .transform(([lat, lng]) => ({ lat, lng }));
const area = z
  .strictObject({
    polygon: z.array(corner).min(3).optional(),
    cells: z.array(z.string().refine(isCell, "is not an H3 cell")).min(1).optional(),
  })
  .transform(({ polygon, cells }, context): Area => {
    if (polygon && !cells) return { polygon };
    if (cells && !polygon) return { cells };
    context.addIssue("has either a polygon or cells");
    return z.NEVER;
  })
  .nullable()
  .default(null);

const knownZone = (timeZone: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
};
const currencies = new Set(Intl.supportedValuesOf("currency"));

const market = z
  .strictObject({
    id: z.string().refine(isId, "must be 1 to 64 characters of A-Z a-z 0-9 _ -"),
    name: z.string().min(1).max(100),
    currency: z.string().refine((code) => currencies.has(code), "is not an ISO 4217 currency"),
    time_zone: z.string().refine(knownZone, "is not an IANA time zone"),
    area,
    policy: policySchema.default(defaultPolicy),
  })
  .transform(({ time_zone, ...rest }): MarketSpec => ({ ...rest, timeZone: time_zone }));

const fileSchema = z.strictObject({
  markets: z
    .array(market)
    .min(1)
    .superRefine((markets, context) => {
      const refuse = (index: number, field: string, message: string) =>
        context.addIssue({ code: "custom", path: [index, field], message });
      markets.forEach((one, index) => {
        if (markets.findIndex(({ id }) => id === one.id) < index) refuse(index, "id", "is used twice");
        // M21: whatever stands after it would never be reached.
        if (one.area === null && index < markets.length - 1) {
          refuse(index, "area", "only the last market may be without an area");
        }
      });
    })
    .default([...defaultMarkets]),
  limits: limitsSchema.default(defaultLimits),
});
