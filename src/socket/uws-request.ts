import type { HttpRequest as Native, HttpResponse } from "uWebSockets.js";
import { type Head, decoded } from "./request.ts";
import type { HttpReply } from "./port.ts";
import { STATUS_CODES } from "node:http";

/** P26: `ambiguous` when two Content-Length headers differ; one request could be read as two. */
export interface NativeHead extends Head {
  readonly ambiguous: boolean;
}

export const readHead = (native: Native, names: readonly string[]): NativeHead => {
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

/** `/trips/:id/cancel` -> `["id"]` */
export const paramNames = (pattern: string): readonly string[] =>
  pattern
    .split("/")
    .filter((part) => part.startsWith(":"))
    .map((part) => part.slice(1));

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
