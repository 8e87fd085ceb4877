import type { ParsedBody } from "../protocol/parse.ts";
import type { HttpRequest } from "../socket/port.ts";
import { isId } from "../domain/ids.ts";
import { refusal } from "../domain/errors.ts";

/** A command's body and the caller's key for it; null: a repeat would be a new command. */
export interface Keyed<Body> {
  readonly key: string | null;
  readonly body: Body;
}

/** P54: `Idempotency-Key` is an id like any other: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const keyed =
  <Body>(read: (bytes: Uint8Array) => ParsedBody<Body>) =>
  (request: HttpRequest): ParsedBody<Keyed<Body>> => {
    const key = request.header("idempotency-key");
    if (key !== "" && !isId(key)) return { is: "refused", refusal: badKey };
    const body = read(request.body);
    return body.is === "ok" ? { is: "ok", value: { key: key || null, body: body.value } } : body;
  };

const badKey = refusal("invalid", "some values are not valid", {
  fields: [{ path: "Idempotency-Key", message: "1 to 64 characters of A-Z a-z 0-9 _ -" }],
});
