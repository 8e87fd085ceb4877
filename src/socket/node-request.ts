import type { IncomingMessage, ServerResponse } from "node:http";
import type { Head } from "./request.ts";
import type { HttpReply } from "./port.ts";

/** Where a request goes: the path, and what comes after the question mark. */
export const targetOf = ({ url = "/" }: IncomingMessage): { path: string; query: string } => {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
};

export const readHead = (request: IncomingMessage, params: Head["params"]): Head => ({
  method: request.method ?? "",
  ...targetOf(request),
  params,
  // Names are at even places. Not `request.headers`: that joins repeated ones.
  headers: request.rawHeaders.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text)),
});

/** Writes the whole answer. `closing`: the connection is of no more use. */
export const write = (response: ServerResponse, reply: HttpReply, { closing = false } = {}): void => {
  if (response.destroyed) return;
  const body = reply.body ?? "";
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.status !== 204 && { "content-length": Buffer.byteLength(body) }),
    ...(closing && { connection: "close" }),
  });
  response.end(body); // node:http leaves the body of HEAD out
};
