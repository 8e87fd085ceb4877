import { parseArgs } from "node:util";
import { parseMix } from "./mix.ts";
import { usualMix, type Mix } from "./people/behaviour.ts";
import { scenarioArgs } from "./scenario.ts";

/** What `npm run city -- ...` was asked to do. */
export interface Options {
  /** A recorded file, `.csv` or `.csv.gz`. */
  readonly requests: string;
  /** Start at this moment of the file: a wall clock as in the file, or with an offset. */
  readonly from: string | null;
  /** A recording of cabs for the fleet to follow; null: drivers wait at pickups of the requests. */
  readonly gps: string | null;
  /** Null: every cab of the recording, or 100. */
  readonly drivers: number | null;
  readonly mix: Mix;
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
  /** Faster and faster until it is too much, each step so many `minutes`. */
  readonly findLimit: boolean;
  /** Where to write the report as JSON. */
  readonly json: string | null;
}

export const usage =
  "npm run city -- [--scenario NAME] --requests FILE.csv[.gz] [--gps FILE] --drivers N --speed X [--from ISO] [--minutes M] [--limit N] [--mix FILE|NAME=VALUE,…] [--url URL] [--kill-at S] [--find-limit] [--seed S] [--json OUT], or --compare A.json B.json";

/** Throws an error of one clear line on an option that makes no sense. */
export const parseOptions = (args: readonly string[]): Options => {
  const { scenario } = valuesOf(args);
  // What is said here wins over what the scenario says.
  const values = scenario === undefined ? valuesOf(args) : valuesOf([...scenarioArgs(scenario), ...args]);
  if (values.requests === undefined) throw new Error(`--requests is missing; ${usage}`);
  if (values.from !== undefined && Number.isNaN(Date.parse(values.from)))
    throw new Error(`--from is not a time: ${values.from}`);
  if (values.url !== undefined && !URL.canParse(values.url))
    throw new Error(`--url is not a URL: ${values.url}`);
  if (values.url !== undefined && values["kill-at"] !== undefined)
    throw new Error("--kill-at kills the server this command starts: leave --url out");
  const findLimit = values["find-limit"] ?? false;
  if (findLimit && (values.url !== undefined || values["kill-at"] !== undefined))
    throw new Error("--find-limit starts a server for each step: leave --url and --kill-at out");
  return {
    requests: values.requests,
    from: values.from ?? null,
    gps: values.gps ?? null,
    drivers: values.drivers === undefined ? null : count("--drivers", values.drivers),
    mix: values.mix === undefined ? usualMix : parseMix(values.mix),
    speed: positive("--speed", values.speed ?? "60"),
    minutes: values.minutes === undefined ? null : positive("--minutes", values.minutes),
    limit: values.limit === undefined ? null : count("--limit", values.limit),
    url: values.url ?? null,
    killAtS: values["kill-at"] === undefined ? null : positive("--kill-at", values["kill-at"]),
    seed: count("--seed", values.seed ?? "1"),
    findLimit,
    json: values.json ?? null,
  };
};

const valuesOf = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: known, strict: true }).values;
const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
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
  mix: text,
  scenario: text,
  "find-limit": flag,
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
