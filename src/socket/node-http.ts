import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpReply, Route, ServerSpec } from "./port.ts";
import { byPattern, EVERYWHERE, type Method, pathTable, wrongMethod } from "./path-table.ts";
import { EMPTY, headerOf, IncomingRequest, settle } from "./request.ts";
import { readHead, targetOf, write } from "./node-request.ts";

type Spec = Pick<
  ServerSpec<never>,
  "routes" | "notFound" | "wrongMethod" | "trusts" | "tooLarge" | "maxBodyBytes" | "failed"
>;
type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers every request; P24: 404 for unknown paths, 405 with `Allow` for known ones. */
export const serveHttp = (spec: Spec): Serve => {
  const table = byPattern(spec.routes);
  const find = pathTable(table);
  const known = pathTable([...table].filter(([pattern]) => pattern !== EVERYWHERE));

  const routeOf = (method: Method, path: string): { route: Route; params: Record<string, string> } => {
    const found = find(path, (methods) => methods.has(method));
    if (found) return { route: found.entry.get(method)!, params: found.params };
    const other = known(path);
    return { route: other ? wrongMethod(spec.wrongMethod, other.entry) : spec.notFound, params: {} };
  };

  return (request, response) => {
    const method = request.method as Method;
    const { route, params } = routeOf(method, targetOf(request).path);
    const answer = (body: Uint8Array): void => {
      const address = () => (response.destroyed || response.writableEnded ? "" : addressOf(request));
      const incoming = new IncomingRequest(readHead(request, params), body, address, spec.trusts);
      const done = (reply: HttpReply): void => write(response, reply);
      settle(
        () => route(incoming),
        done,
        (error) => done(spec.failed(error)),
      );
    };
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") answer(EMPTY);
    else readBody(spec, request, response, answer);
  };
};

export const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? "";

/** P25: reads at most the limit; over it the answer is sent at once and nothing more is kept. */
const readBody = (
  spec: Spec,
  request: IncomingMessage,
  response: ServerResponse,
  done: (body: Uint8Array) => void,
): void => {
  const header = (name: string): string => headerOf(readHead(request, {}), name);
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > spec.maxBodyBytes) {
    // A body a little too big is let through unread, so that its sender sees the answer.
    return write(response, spec.tooLarge({ header }), { closing: declared > spec.maxBodyBytes * 16 });
  }
  const parts: Buffer[] = [];
  let size = 0;
  request.on("data", (part: Buffer) => {
    if (size > spec.maxBodyBytes) return;
    parts.push(part);
    size += part.length;
    if (size > spec.maxBodyBytes) write(response, spec.tooLarge({ header }), { closing: true });
  });
  request.on("end", () => {
    if (size <= spec.maxBodyBytes) done(Buffer.concat(parts));
  });
};
