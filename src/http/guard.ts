import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import type { HttpPorts } from "./ports.ts";
import type { Desk, Identity } from "../session/desk.ts";
import type { ParsedBody } from "../protocol/parse.ts";
import type { Role } from "../domain/status.ts";
import type { Verified } from "../session/tokens.ts";
import { authenticate } from "../session/bearer.ts";
import { driverId } from "../domain/ids.ts";
import { isLoopback } from "../session/limits.ts";
import { refusal } from "../domain/errors.ts";
import { refused } from "./replies.ts";

/** A request whose sender is known, and whose content is what the route wants. */
export interface Asking<Content> {
  readonly identity: Identity;
  readonly content: Content;
  readonly request: HttpRequest;
}

/**
 * Who (401), how often (429), whether they may (403), what they say (400, 422), in that order (P50); then the handler.
 * Answers in the same turn of the event loop when the token is known and the handler does.
 */
export const guarded = <Content>(
  { tokens, userLimit }: Pick<HttpPorts, "tokens" | "userLimit">,
  roles: readonly Role[],
  read: (request: HttpRequest) => ParsedBody<Content>,
  handle: (asking: Asking<Content>) => HttpReply | Promise<HttpReply>,
): Route => {
  // S46: another server speaks for many, as this machine does.
  const waitS = ({ role, sub }: Identity, { address }: HttpRequest): number =>
    role === "service" || isLoopback(address) ? 0 : userLimit.take(sub);

  const admit = (verified: Verified, request: HttpRequest): HttpReply | Promise<HttpReply> => {
    if (verified.is === "refused") return refused(verified.refusal);
    const { identity } = verified;
    const tooSoonS = waitS(identity, request);
    if (tooSoonS > 0) return refused(tooMany, tooSoonS);
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

const tooMany = refusal("rate_limited", "too many requests");

/** S57: why a driver's token proves nothing: nobody registered for it. Null for everybody else. */
export const unregistered = async (desk: Desk, { role, sub }: Identity): Promise<HttpReply | null> =>
  role === "driver" && (await desk.driverRecord(driverId(sub))) === undefined
    ? forbidden("this driver is not registered")
    : null;

/** For routes that take nothing but their path. */
export const nothing = (): ParsedBody<null> => ({ is: "ok", value: null });

export const forbidden = (message: string): HttpReply => refused(refusal("forbidden", message));
