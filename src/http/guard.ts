import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import type { Tokens, Verified } from "../session/tokens.ts";
import type { Identity } from "../session/desk.ts";
import type { ParsedBody } from "../protocol/parse.ts";
import type { Role } from "../domain/status.ts";
import { authenticate } from "../session/bearer.ts";
import { refusal } from "../domain/errors.ts";
import { refused } from "./replies.ts";

/** A request whose sender is known, and whose content is what the route wants. */
export interface Asking<Content> {
  readonly identity: Identity;
  readonly content: Content;
  readonly request: HttpRequest;
}

/**
 * Who (401), whether they may (403), what they say (400, 422), in that order (P50); then the handler.
 * Answers in the same turn of the event loop when the token is known and the handler does.
 */
export const guarded = <Content>(
  tokens: Tokens,
  roles: readonly Role[],
  read: (request: HttpRequest) => ParsedBody<Content>,
  handle: (asking: Asking<Content>) => HttpReply | Promise<HttpReply>,
): Route => {
  const admit = (verified: Verified, request: HttpRequest): HttpReply | Promise<HttpReply> => {
    if (verified.is === "refused") return refused(verified.refusal);
    const { identity } = verified;
    if (!roles.includes(identity.role)) return forbidden(`this is for ${roles.join(" or ")}`);
    const content = read(request);
    if (content.is === "refused") return refused(content.refusal);
    return handle({ identity, content: content.value, request });
  };
  return (request) => {
    const verified = authenticate(tokens, request);
    return verified instanceof Promise
      ? verified.then((later) => admit(later, request))
      : admit(verified, request);
  };
};

/** For routes that take nothing but their path. */
export const nothing = (): ParsedBody<null> => ({ is: "ok", value: null });

export const forbidden = (message: string): HttpReply => refused(refusal("forbidden", message));
