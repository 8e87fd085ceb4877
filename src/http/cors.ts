import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";

/** Which other sites may call from a browser (S23). Tokens are never cookies, so `*` gives nothing away. */
export interface Cors {
  /** Adds to a reply what lets the page of an allowed origin read it. */
  open(request: Pick<HttpRequest, "header">, reply: HttpReply): HttpReply;
  /** Answers the question a browser asks before a call with a token or a JSON body. */
  preflight(methods: readonly string[]): Route;
}

/** A browser asks again after so long. */
const MAX_AGE_S = 600;

export const openCors = (origins: readonly string[]): Cors => {
  const any = origins.includes("*");
  const allowed = new Set(origins);

  const open: Cors["open"] = (request, reply) => {
    const origin = request.header("origin");
    if (origin === "") return reply;
    // The answer depends on who asks, also when the answer is no: a cache must know.
    const headers: Record<string, string> = { ...reply.headers, vary: "origin" };
    if (any || allowed.has(origin)) {
      headers["access-control-allow-origin"] = origin;
      headers["access-control-expose-headers"] = "retry-after";
    }
    return { ...reply, headers };
  };

  return {
    open,
    preflight: (methods) => (request) =>
      open(request, {
        status: 204,
        headers: {
          "access-control-allow-methods": methods.join(", "),
          "access-control-allow-headers": "authorization, content-type, idempotency-key",
          "access-control-max-age": String(MAX_AGE_S),
        },
      }),
  };
};
