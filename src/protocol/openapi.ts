import * as z from "zod";
import { type Call, httpCalls } from "./http-calls.ts";
import { type ErrorCode, errorCodes } from "../domain/errors.ts";
import { type Schema, jsonSchema } from "./json-schema.ts";
import { errorContent } from "./server-messages.ts";
import { httpStatus } from "./error-body.ts";

/** OpenAPI 3.1 of every route, from the schemas that check the traffic. */
export const openApi = (): Schema => {
  const paths: Record<string, Record<string, Schema>> = {};
  const named: Record<string, Schema> = {};
  for (const [name, call] of Object.entries(httpCalls)) {
    const [method = "", route = ""] = name.split(" ");
    const path = route.replaceAll(/:(\w+)/g, "{$1}");
    (paths[path] ??= {})[method.toLowerCase()] = referring(operation(name, route, call), named);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "DG Do Dispatch",
      version: "1.0.0",
      summary: "Real-time ride-hailing dispatch",
      description:
        "Fields and messages may be added; none is renamed or dropped. Times are ISO 8601 UTC, money is in minor units. " +
        "The messages of the WebSockets are in `/asyncapi.json`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: named,
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
};

/** Each schema with a title is told once, under it; where it stood is a reference. */
const referring = (told: Schema, named: Record<string, Schema>): Schema =>
  JSON.parse(JSON.stringify(told), (_, value: unknown) => {
    const { title, ...schema } = { ...(value as Schema | null) };
    if (typeof title !== "string") return value;
    named[title] = schema;
    return { $ref: `#/components/schemas/${title}` };
  }) as Schema;

const operation = (name: string, route: string, call: Call): Schema => {
  const { summary, roles, body, status, answer, example } = call;
  return {
    operationId: name.replaceAll(/[^A-Za-z0-9]+/g, "_"),
    summary,
    tags: [call.tag ?? route.split("/")[1]],
    security: roles === null ? [] : [{ bearer: [] }],
    ...(roles && { description: `For ${roles.join(", ")}.`, "x-roles": roles }),
    parameters: parameters(route, call),
    ...(body && {
      requestBody: {
        required: !z.safeParse(body, {}).success,
        content: content(body, example.body, "input"),
      },
    }),
    responses: {
      [status]: { description: "Done", content: content(answer, example.answer) },
      ...refusals(call, route),
    },
  };
};

/** A body by its media type. */
const content = (body: z.ZodType | string, example?: unknown, io: "input" | "output" = "output"): Schema =>
  typeof body === "string"
    ? { [body]: { schema: { type: body === "application/json" ? "object" : "string" } } }
    : { "application/json": { schema: jsonSchema(body, io), ...(example !== undefined && { example }) } };

const parameters = (route: string, { query, keyed, example }: Call): Schema[] => {
  const found: Schema[] = [...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
  }));
  const { properties = {}, required = [] } = (query ? jsonSchema(query, "input") : {}) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  for (const [name, schema] of Object.entries(properties)) {
    const shown = (example.query as Record<string, unknown> | undefined)?.[name];
    found.push({
      name,
      in: "query",
      required: required.includes(name),
      schema,
      ...(shown !== undefined && { example: shown }),
    });
  }
  if (keyed) {
    found.push({
      name: "Idempotency-Key",
      in: "header",
      description: "A repeat with the same key and content is answered the same; remembered for 24 hours.",
      schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
    });
  }
  return found;
};

/** Every code that this call may be refused with. */
export const refusalsOf = ({ roles, body, query, keyed, refusals }: Call): readonly ErrorCode[] => {
  const codes = new Set<ErrorCode>([...refusals, "unavailable", "internal"]);
  if (roles) for (const code of callerRefusals) codes.add(code);
  if (body) for (const code of ["malformed", "too_large"] as const) codes.add(code);
  if (body || query || keyed) codes.add("invalid");
  return errorCodes.filter((code) => codes.has(code));
};

const anError = z.object({ error: errorContent }).meta({ title: "Error" });
const callerRefusals = ["unauthenticated", "token_expired", "rate_limited", "forbidden"] as const;

const refusals = (call: Call, route: string): Record<string, Schema> => {
  const byStatus: Record<string, ErrorCode[]> = {};
  for (const code of refusalsOf(call)) (byStatus[httpStatus[code]] ??= []).push(code);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        ...(["429", "503"].includes(status) && call.unavailable !== "text/plain" && { headers: retryAfter }),
        content:
          status === "503" && call.unavailable
            ? content(call.unavailable)
            : content(anError, { error: { code: codes[0], message: `what was wrong with ${route}` } }),
      },
    ]),
  );
};
const retryAfter = { "Retry-After": { description: "Seconds", schema: { type: "integer" } } };
