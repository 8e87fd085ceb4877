import type { OwnReply, Route, ServerSpec } from "./port.ts";
import { decoded } from "./request.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
export type Methods = ReadonlyMap<Method, Route>;

/** A route for every path (OPTIONS) makes no path known. */
export const EVERYWHERE = "/*";

/** Each pattern with its methods; HEAD comes with GET. */
export const byPattern = (routes: ServerSpec<never>["routes"]): ReadonlyMap<string, Methods> => {
  const table = new Map<string, Map<Method, Route>>();
  for (const [name, route] of Object.entries(routes)) {
    const [method, pattern] = name.split(" ") as [Method, string];
    const methods = table.get(pattern) ?? new Map<Method, Route>();
    table.set(pattern, methods.set(method, route));
    if (method === "GET") methods.set("HEAD", route);
  }
  return table;
};

/** P24: 405 says what the path has. */
export const wrongMethod = (own: OwnReply, methods: Methods): Route => {
  const allow = [...methods.keys()].join(", ");
  return (request) => {
    const reply = own(request);
    return { ...reply, headers: { ...reply.headers, allow } };
  };
};

export interface Found<Entry> {
  readonly entry: Entry;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the entry of a path, as uWebSockets.js does: a fixed part goes before a parameter, `/*` comes last. */
export const pathTable = <Entry>(entries: Iterable<readonly [pattern: string, entry: Entry]>) => {
  const table = [...entries]
    .map(([pattern, entry]) => ({ parts: pattern.split("/"), entry, rank: rankOf(pattern) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return (path: string, fits: (entry: Entry) => boolean = () => true): Found<Entry> | undefined => {
    const given = path.split("/");
    for (const { parts, entry } of table) {
      const params = fits(entry) ? matched(parts, given) : undefined;
      if (params) return { entry, params };
    }
    return undefined;
  };
};

const rankOf = (pattern: string): string =>
  pattern
    .split("/")
    .map((part) => (part === "*" ? 2 : part.startsWith(":") ? 1 : 0))
    .join("");

const matched = (
  parts: readonly string[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const wild = parts.at(-1) === "*";
  if (!wild && parts.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const text = given[i] ?? "";
    if (part === "*") break;
    else if (part.startsWith(":") && text !== "") params[part.slice(1)] = decoded(text);
    else if (part !== text) return undefined;
  }
  return params;
};
