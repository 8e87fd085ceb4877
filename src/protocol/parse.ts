import type * as z from "zod";
import { refusal, type Refusal } from "../domain/errors.ts";
import { adminMessages } from "./admin-messages.ts";
import { driverMessages } from "./driver-messages.ts";
import { parseJson } from "./parse-json.ts";
import { passengerMessages } from "./passenger-messages.ts";
import { id, maybe } from "./values.ts";

/** A peer's message, or why it is none. `id` is the peer's own, to answer with. */
export type Parsed<M> =
  | { readonly is: "ok"; readonly message: M; readonly id: string | null }
  | { readonly is: "refused"; readonly id: string | null; readonly refusal: Refusal };

const parserOf =
  <S extends Record<string, z.ZodType<{ readonly id: string | null }>>>(schemas: S) =>
  (value: unknown): Parsed<z.output<S[keyof S]>> => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return refused(value, refusal("malformed", "a message is an object"));
    if (!("type" in value) || typeof value.type !== "string")
      return refused(value, refusal("malformed", "a message has a type"));
    if (!Object.hasOwn(schemas, value.type))
      return refused(value, refusal("unknown_type", `no message type ${value.type.slice(0, 64)}`));
    const parsed = schemas[value.type]!.safeParse(value);
    if (!parsed.success) return refused(value, invalid(parsed.error));
    const message = parsed.data as z.output<S[keyof S]>;
    return { is: "ok", message, id: message.id };
  };

export const parseDriver = parserOf(driverMessages);
export const parsePassenger = parserOf(passengerMessages);
export const parseAdmin = parserOf(adminMessages);

const messageKey = maybe(id);

const refused = (value: unknown, why: Refusal) => {
  const own = messageKey.safeParse((value as { id?: unknown } | null)?.id);
  return { is: "refused" as const, id: own.success ? own.data : null, refusal: why };
};

/** Values from outside that are not a message: a body, a query. */
export type ParsedBody<T> =
  | { readonly is: "ok"; readonly value: T }
  | { readonly is: "refused"; readonly refusal: Refusal };

/** An HTTP body. No body at all is read as `{}`, so that all-optional ones may be left out. */
export const parseBody = <S extends z.ZodType>(schema: S, bytes: Uint8Array): ParsedBody<z.output<S>> => {
  if (bytes.length === 0) return parseValue(schema, {});
  const read = parseJson(bytes);
  if (read.is === "malformed") return { is: "refused", refusal: refusal("malformed", read.message) };
  return parseValue(schema, read.value);
};

export const parseQuery = <S extends z.ZodType>(schema: S, query: URLSearchParams): ParsedBody<z.output<S>> =>
  parseValue(schema, Object.fromEntries(query));

const parseValue = <S extends z.ZodType>(schema: S, value: unknown): ParsedBody<z.output<S>> => {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { is: "ok", value: parsed.data }
    : { is: "refused", refusal: invalid(parsed.error) };
};

/** P13: each wrong field by its path. */
const invalid = (error: z.ZodError): Refusal =>
  refusal("invalid", "some values are not valid", {
    fields: error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
  });
