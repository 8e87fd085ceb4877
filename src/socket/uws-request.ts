import type { HttpRequest as Native, HttpResponse } from "uWebSockets.js";
import type { HttpReply, HttpRequest } from "./port.ts";
import { STATUS_CODES } from "node:http";

/** What must be taken from the native request before its handler returns: it lives on the stack. */
export interface Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly params: Readonly<Record<string, string>>;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  /** P26: two different Content-Length headers; one request could be read as two. */
  readonly ambiguous: boolean;
}

export const readHead = (native: Native, names: readonly string[]): Head => {
  const headers: string[] = [];
  let length: string | undefined;
  let ambiguous = false;
  native.forEach((name, value) => {
    headers.push(name, value);
    if (name !== "content-length") return;
    ambiguous ||= length !== undefined && length !== value;
    length = value;
  });
  return {
    method: native.getCaseSensitiveMethod(),
    path: native.getUrl(),
    query: native.getQuery() ?? "",
    params: names.length === 0 ? noParams : readParams(native, names),
    headers,
    ambiguous,
  };
};

const noParams = Object.freeze({});

const readParams = (native: Native, names: readonly string[]): Record<string, string> => {
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) params[name] = decoded(native.getParameter(index));
  return params;
};

const decoded = (text: string): string => {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no id has a "%": it will be refused where it is judged
  }
};

/** `/trips/:id/cancel` -> `["id"]` */
export const paramNames = (pattern: string): readonly string[] =>
  pattern
    .split("/")
    .filter((part) => part.startsWith(":"))
    .map((part) => part.slice(1));

export const headerOf = (head: Head, name: string): string => {
  for (let i = 0; i < head.headers.length; i += 2) if (head.headers[i] === name) return head.headers[i + 1]!;
  return "";
};

/**
 * The request as routes see it. A class, because getters of an object literal give every object a
 * hidden class of its own: a third of the cost of a small request was collecting those.
 */
export class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly #head: Head;
  readonly #address: () => string;
  #query: URLSearchParams | undefined;

  constructor(head: Head, body: Uint8Array, address: () => string) {
    this.method = head.method;
    this.path = head.path;
    this.params = head.params;
    this.body = body;
    this.#head = head;
    this.#address = address;
  }
  // Query and address cost something, so only when asked.
  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#head.query));
  }
  get address(): string {
    return this.#address();
  }
  header(name: string): string {
    return headerOf(this.#head, name);
  }
}

export const EMPTY = new Uint8Array(0);

/** The peer's address; only while the response is alive. */
export const addressOf = (res: HttpResponse): string =>
  Buffer.from(res.getRemoteAddressAsText()).toString("latin1");

/** Writes the whole answer in one go. `closing`: the connection is of no more use. */
export const write = (res: HttpResponse, reply: HttpReply, { head = false, closing = false } = {}): void => {
  const body = reply.body ?? "";
  res.cork(() => {
    res.writeStatus(statusLines[reply.status] ?? String(reply.status));
    for (const name in reply.headers) res.writeHeader(name, reply.headers[name]!);
    if (reply.status === 204) res.endWithoutBody();
    else if (!head) res.end(body, closing);
    else {
      // Not endWithoutBody(length): that leaves the request unanswered and ends the process.
      res.writeHeader("content-length", String(Buffer.byteLength(body)));
      res.endWithoutBody();
    }
  });
};

const statusLines: Record<number, string> = {};
for (const [code, text] of Object.entries(STATUS_CODES)) statusLines[Number(code)] = `${code} ${text}`;

/** Runs what may answer now or later; a throw or a rejection becomes the failure's answer. */
export const settle = <T>(
  work: () => T | Promise<T>,
  done: (result: T) => void,
  failed: (error: unknown) => void,
): void => {
  let result: T | Promise<T>;
  try {
    result = work();
  } catch (error) {
    return failed(error);
  }
  if (result instanceof Promise) result.then(done, failed);
  else done(result);
};
