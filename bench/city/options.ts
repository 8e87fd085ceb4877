import { parseArgs } from "node:util";

/** What `npm run city -- ...` was asked to do. */
export interface Options {
  /** A recorded file, `.csv` or `.csv.gz`. */
  readonly requests: string;
  /** Start at this moment of the file: a wall clock as in the file, or with an offset. */
  readonly from: string | null;
  readonly drivers: number;
  /** Simulated seconds in one real second. */
  readonly speed: number;
  /** No new request after so many real minutes. */
  readonly minutes: number | null;
  /** The first so many requests only. */
  readonly limit: number | null;
  /** A server that runs already; null: start one. */
  readonly url: string | null;
  /** Real seconds after the first request at which the own server is killed with SIGKILL. */
  readonly killAtS: number | null;
  readonly seed: number;
  /** Where to write the report as JSON. */
  readonly json: string | null;
}

export const usage =
  "npm run city -- --requests FILE.csv[.gz] --drivers N --speed X [--from ISO] [--minutes M] [--limit N] [--url URL] [--kill-at S] [--seed S] [--json OUT]";

/** Throws an error of one clear line on an option that makes no sense. */
export const parseOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({ args: [...args], options: known, strict: true });
  if (values.gps !== undefined)
    throw new Error("--gps is not supported: drivers start at pickups of --requests");
  if (values.requests === undefined) throw new Error(`--requests is missing; ${usage}`);
  if (values.from !== undefined && Number.isNaN(Date.parse(values.from)))
    throw new Error(`--from is not a time: ${values.from}`);
  if (values.url !== undefined && !URL.canParse(values.url))
    throw new Error(`--url is not a URL: ${values.url}`);
  if (values.url !== undefined && values["kill-at"] !== undefined)
    throw new Error("--kill-at kills the server this command starts: leave --url out");
  return {
    requests: values.requests,
    from: values.from ?? null,
    drivers: count("--drivers", values.drivers ?? "100"),
    speed: positive("--speed", values.speed ?? "60"),
    minutes: values.minutes === undefined ? null : positive("--minutes", values.minutes),
    limit: values.limit === undefined ? null : count("--limit", values.limit),
    url: values.url ?? null,
    killAtS: values["kill-at"] === undefined ? null : positive("--kill-at", values["kill-at"]),
    seed: count("--seed", values.seed ?? "1"),
    json: values.json ?? null,
  };
};

const text = { type: "string" } as const;
const known = {
  requests: text,
  gps: text,
  from: text,
  drivers: text,
  speed: text,
  minutes: text,
  limit: text,
  url: text,
  "kill-at": text,
  seed: text,
  json: text,
};

const positive = (name: string, value: string): number => {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`${name} is not a number above 0: ${value}`);
  return number;
};

const count = (name: string, value: string): number => {
  const number = positive(name, value);
  if (!Number.isSafeInteger(number)) throw new Error(`${name} is not a whole number: ${value}`);
  return number;
};
