import { type Tokens, type Verified, unauthenticated } from "./tokens.ts";
import type { HttpRequest } from "../socket/port.ts";

/** Who sends this request: HTTP routes and socket upgrades alike. Known tokens are answered at once. */
export const authenticate = (
  tokens: Tokens,
  request: Pick<HttpRequest, "header">,
): Verified | Promise<Verified> => {
  const token = bearerOf(request);
  return token === null ? unauthenticated("a bearer token is needed") : tokens.verify(token);
};

/** The version of the contract, as a browser names it in the upgrade. */
export const SUBPROTOCOL = "dg.v1";

/** S4: `Authorization: Bearer`, or from a browser, which cannot set it, the subprotocols `dg.v1, bearer.<token>`. */
const bearerOf = (request: Pick<HttpRequest, "header">): string | null => {
  const [scheme, token] = request.header("authorization").split(" ");
  if (scheme?.toLowerCase() === "bearer" && token) return token;
  const offered = subprotocolsOf(request).find((name) => name.startsWith("bearer."));
  return offered?.slice("bearer.".length) || null;
};

/** Which subprotocol to answer with: a browser ends a connection whose offer was ignored. */
export const subprotocolOf = (request: Pick<HttpRequest, "header">): string | undefined =>
  subprotocolsOf(request).find((name) => name === SUBPROTOCOL);

const subprotocolsOf = (request: Pick<HttpRequest, "header">): string[] =>
  request
    .header("sec-websocket-protocol")
    .split(",")
    .map((name) => name.trim());
