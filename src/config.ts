import { hostname } from "node:os";
import { type TransportName, transportNames } from "./socket/pick-transport.ts";
import { z } from "zod";

/** What the environment says, checked. The only reader of `process.env` is the caller of `readConfig`. */
export interface Config {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Null: `GET /metrics` is served on `port`. */
  readonly metricsPort: number | null;
  /** Null: the embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** HS256 secret. Null: made at the first start and kept in `dataDir` (`secret.ts`). */
  readonly jwtSecret: string | null;
  /** The public keys of foreign tokens: path of a JWKS file, or where to fetch one. */
  readonly jwks: string | URL | null;
  /** Exact origins, or `*`. Empty: no other site may call. */
  readonly corsOrigins: readonly string[];
  readonly marketsFile: string | null;
  /** What maps are drawn on: raster tiles `https://host/{z}/{x}/{y}.png`, with what they ask to be said. */
  readonly mapTiles: { readonly url: string; readonly attribution: string } | null;
  /** A GeoJSON file of road lines, where there are no tiles. */
  readonly mapRoadsFile: string | null;
  readonly logLevel: (typeof logLevels)[number];
  readonly nodeId: string;
  /** `auto`: the native one where it can be loaded. */
  readonly transport: "auto" | TransportName;
}

/** A configuration nobody should run with. The message is one line, for the terminal. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Reads the environment. Throws `ConfigError` with the first thing that is wrong. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const unknown = Object.keys(env).find((name) => name.startsWith("DG_") && !known.includes(name));
  if (unknown !== undefined) {
    throw new ConfigError(`${unknown} is not a setting; did you mean ${closest(unknown)}?`);
  }
  // An empty variable is an unset one: compose files and shells leave them behind.
  const given = Object.fromEntries(
    known.flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])),
  );
  const read = schema.safeParse(given);
  if (read.success) return configOf(read.data);
  const issue = read.error.issues[0];
  throw new ConfigError(`${String(issue?.path[0])} ${issue?.message}`);
};

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const port = z
  .string()
  .regex(/^\d+$/, "must be a port number from 0 to 65535")
  .transform(Number)
  .refine((value) => value <= 65_535, "must be a port number from 0 to 65535");
/** M48: several hosts stand between commas. What it cannot tell, the database's client would, password included. */
const isDatabaseUrl = (text: string): boolean =>
  /^postgres(ql)?:\/\//.test(text) &&
  URL.canParse(text.replace(/,[^@/?]*(?=[/?]|$)/, "")) &&
  !/%(?![\dA-Fa-f]{2})/.test(text);
const isUrl = (text: string): boolean => /^https?:/i.test(text);
/** `fetch` takes no URL with a user or password. */
const isFetchable = (text: string): boolean =>
  URL.canParse(text) && !new URL(text).username && !new URL(text).password;
const origin = z
  .string()
  .refine(
    (text) => text === "*" || (URL.canParse(text) && new URL(text).origin === text),
    "must be * or origins like https://app.example, comma-separated",
  );

const schema = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: port.default(8000),
  METRICS_PORT: port.optional(),
  DATABASE_URL: z
    .string()
    .refine(
      isDatabaseUrl,
      "must be like postgres://user:password@host:5432/name, with / # ? % in a password as %2F %23 %3F %25",
    )
    .optional(),
  REDIS_URL: z.undefined("is not supported yet: this version runs as one node; unset it").optional(),
  DG_DATA_DIR: z.string().default("./data"),
  DG_JWT_SECRET: z.string().min(32, "must have at least 32 characters: shorter ones are guessed").optional(),
  DG_JWKS: z
    .string()
    .refine(
      (text) => !isUrl(text) || isFetchable(text),
      "must be the path of a JWKS file, or a URL like https://id.example/jwks.json, without a user",
    )
    .transform((text) => (isUrl(text) ? new URL(text) : text))
    .optional(),
  DG_CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim().replace(/\/$/, "")))
    .pipe(z.array(origin))
    .default([]),
  DG_MARKETS: z.string().optional(),
  DG_MAP_TILES: z
    .string()
    .regex(/^https?:\/\/[^/\s;,'"]+\/\S*\{z\}\S*$/, "must be like https://host/{z}/{x}/{y}.png")
    .optional(),
  DG_MAP_ATTRIBUTION: z.string().default("© OpenStreetMap contributors"),
  DG_MAP_ROADS: z.string().optional(),
  DG_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("info"),
  DG_NODE_ID: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1 to 64 characters of A-Z a-z 0-9 _ . -")
    .default(hostname),
  DG_TRANSPORT: z.enum(["auto", ...transportNames], "must be auto, uws or node").default("auto"),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.undefined("is not supported yet: unset it").optional(),
});
const known = Object.keys(schema.shape);

const configOf = (env: z.output<typeof schema>): Config => ({
  host: env.HOST,
  port: env.PORT,
  metricsPort: env.METRICS_PORT ?? null,
  databaseUrl: env.DATABASE_URL ?? null,
  dataDir: env.DG_DATA_DIR,
  jwtSecret: env.DG_JWT_SECRET ?? null,
  jwks: env.DG_JWKS ?? null,
  corsOrigins: env.DG_CORS_ORIGINS,
  marketsFile: env.DG_MARKETS ?? null,
  mapTiles:
    env.DG_MAP_TILES === undefined ? null : { url: env.DG_MAP_TILES, attribution: env.DG_MAP_ATTRIBUTION },
  mapRoadsFile: env.DG_MAP_ROADS ?? null,
  logLevel: env.DG_LOG_LEVEL,
  nodeId: env.DG_NODE_ID,
  transport: env.DG_TRANSPORT,
});

/** Names without `DG_` are among the settings too: `DG_PORT` means `PORT`. */
const closest = (name: string): string => {
  const distance = (other: string) => Math.min(edits(name, other), edits(name.slice("DG_".length), other));
  return known.reduce((best, other) => (distance(other) < distance(best) ? other : best));
};

/** Levenshtein distance: letters to add, drop or change. */
const edits = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};
