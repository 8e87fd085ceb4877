import type { HttpRequest as Native, HttpResponse, TemplatedApp } from "uWebSockets.js";
import type { HttpReply, Route, ServerSpec } from "./port.ts";
import { addressOf, paramNames, readHead, write } from "./uws-request.ts";
import { byPattern, EVERYWHERE, type Method, wrongMethod } from "./path-table.ts";
import { EMPTY, type Head, headerOf, IncomingRequest, settle } from "./request.ts";

const verbs = {
  GET: "get",
  HEAD: "head",
  POST: "post",
  PUT: "put",
  PATCH: "patch",
  DELETE: "del",
  OPTIONS: "options",
} as const satisfies Record<Method, keyof TemplatedApp>;

type Spec = Pick<
  ServerSpec<never>,
  "routes" | "notFound" | "wrongMethod" | "malformed" | "trusts" | "tooLarge" | "maxBodyBytes" | "failed"
>;

/** Puts every route on the app; P24: 404 for unknown paths, 405 with `Allow` for known ones. */
export const serveHttp = (app: TemplatedApp, spec: Spec): void => {
  for (const [pattern, methods] of byPattern(spec.routes)) {
    for (const [method, route] of methods)
      app[verbs[method]](pattern, handler(spec, paramNames(pattern), route));
    if (pattern === EVERYWHERE) continue;
    app.any(pattern, handler(spec, [], wrongMethod(spec.wrongMethod, methods)));
  }
  app.any(EVERYWHERE, handler(spec, [], spec.notFound));
};

const handler =
  (spec: Spec, names: readonly string[], route: Route) =>
  (res: HttpResponse, native: Native): void => {
    const head = readHead(native, names);
    if (head.ambiguous) return refuseAmbiguous(spec, res);
    if (head.method === "GET" || head.method === "HEAD" || head.method === "OPTIONS")
      return answer(spec, route, res, head, EMPTY, { gone: false, watched: false });
    readBody(spec, route, res, head);
  };

/**
 * P26: answered a moment later, on purpose. A request hidden behind this one then finds it pending,
 * and the library drops the connection instead of serving what was hidden.
 */
const refuseAmbiguous = (spec: Spec, res: HttpResponse): void => {
  const peer: Peer = { gone: false, watched: false };
  watch(res, peer);
  setImmediate(() => {
    if (!peer.gone) write(res, spec.malformed, { closing: true });
  });
};

/** Whether the peer went away: after that, any call on the response throws. */
interface Peer {
  gone: boolean;
  /** Somebody listens for it. */
  watched: boolean;
}

const watch = (res: HttpResponse, peer: Peer): void => {
  peer.watched = true;
  res.onAborted(() => {
    peer.gone = true;
  });
};

/** P25: reads at most the limit; over it the answer is sent at once and nothing more is kept. */
const readBody = (spec: Spec, route: Route, res: HttpResponse, head: Head): void => {
  const header = (name: string): string => headerOf(head, name);
  const declared = Number(header("content-length"));
  if (declared > spec.maxBodyBytes) {
    // A body a little too big is let through unread, so that its sender sees the answer.
    return write(res, spec.tooLarge({ header }), { closing: declared > spec.maxBodyBytes * 16 });
  }
  const peer: Peer = { gone: false, watched: false };
  watch(res, peer);
  const parts: Buffer[] = [];
  let size = 0;
  res.onData((chunk, last) => {
    if (size > spec.maxBodyBytes) return;
    // Copied: the bytes are taken back when this call returns, and the route may answer later.
    parts.push(Buffer.from(new Uint8Array(chunk)));
    size += chunk.byteLength;
    if (size > spec.maxBodyBytes) write(res, spec.tooLarge({ header }), { closing: true });
    else if (last)
      answer(spec, route, res, head, parts.length === 1 ? parts[0]! : Buffer.concat(parts), peer);
  });
};

const answer = (
  spec: Spec,
  route: Route,
  res: HttpResponse,
  head: Head,
  body: Uint8Array,
  peer: Peer,
): void => {
  let answered = false;
  const address = (): string => (peer.gone || answered ? "" : addressOf(res));
  const request = new IncomingRequest(head, body, address, spec.trusts);
  const done = (reply: HttpReply): void => {
    if (peer.gone) return;
    answered = true;
    write(res, reply, { head: head.method === "HEAD" });
  };
  settle(
    () => route(request),
    done,
    (error) => done(spec.failed(error)),
  );
  // Without a listener an unanswered request ends the process.
  if (!answered && !peer.watched) watch(res, peer);
};
