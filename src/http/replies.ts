import type { HttpReply, OwnReply, ServerSpec } from "../socket/port.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import { errorReply } from "../protocol/error-body.ts";
import { openCors } from "./cors.ts";

/** What we say is of this moment and for this caller only. */
const headers = { "content-type": "application/json", "cache-control": "no-store" };

export const json = (status: number, body: unknown): HttpReply => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** `retryAfterS`: where it is known better than "a second". */
export const refused = (why: Refusal, retryAfterS?: number): HttpReply => {
  const reply = errorReply(why);
  const retry = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
  return { ...reply, headers: { ...reply.headers, ...headers, ...retry } };
};

export const notFound = (what: string): HttpReply => refused(refusal("not_found", `no such ${what}`));

export const outsideArea = refused(refusal("outside_area", "this is outside every service area"));

/** P58: what is missing, in the one shape of errors and as a list. */
export const notReady = (reasons: readonly string[]): HttpReply => {
  const why = refusal("unavailable", reasons.join("; "));
  return { ...refused(why), body: JSON.stringify({ error: why, reasons }) };
};

export const unavailable = refused(
  refusal("unavailable", "it is not known whether this was done; repeat it with the same key"),
);

/** What the transport answers by itself, in the shape of every other error, and to the same origins (S56). */
export const transportReplies = (
  alarm: (what: string, detail: Record<string, unknown>) => void,
  corsOrigins: readonly string[],
): Pick<ServerSpec<unknown>, "notFound" | "wrongMethod" | "malformed" | "tooLarge" | "failed"> => {
  const cors = corsOrigins.length === 0 ? null : openCors(corsOrigins);
  const opened =
    (reply: HttpReply): OwnReply =>
    (request) =>
      cors ? cors.open(request, reply) : reply;
  return {
    notFound: opened(notFound("path")),
    wrongMethod: opened(refused(refusal("method_not_allowed", "this path has other methods"))),
    malformed: refused(refusal("malformed", "the request can be read in two ways")),
    tooLarge: opened(refused(refusal("too_large", "the body is over 64 KiB"))),
    failed: (error) => {
      alarm("a route failed", { error: String(error), stack: (error as Error).stack });
      return refused(refusal("internal", "this is our mistake"));
    },
  };
};
