import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import * as serverMessages from "../../src/protocol/server-messages.ts";
import { asyncApi } from "../../src/protocol/asyncapi.ts";
import { httpCalls } from "../../src/protocol/http-calls.ts";
import { openApi } from "../../src/protocol/openapi.ts";
import { openPages } from "../../src/http/pages.ts";
import { openWorld } from "./http-world.ts";
import { closeCode } from "../../src/session/peer.ts";
import { compactLocation } from "../../src/protocol/driver-messages.ts";
import { pack } from "msgpackr";
import { readPing } from "../../src/protocol/ping.ts";
import { clientExamples, serverExamples } from "../../src/protocol/socket-examples.ts";
import { sockets } from "../../src/protocol/socket-messages.ts";
import { z } from "zod";

// The validators are independent of the library that made the schemas.

/** Errors and warnings. */
const SERIOUS: ReadonlySet<number> = new Set([0, 1]);

describe("openapi.json", () => {
  test("P66: is OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApi());
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, "3.1"]);
  });

  test("P66: tells every route that is served, and no other", async () => {
    const world = await openWorld();
    const told = Object.keys(httpCalls);
    const pages = openPages({ folder: undefined, tiles: null, roads: null });
    const files = /^GET \/(docs|assets)\//;
    const served = [...world.routes, ...Object.keys(pages.routes)].filter((name) => !files.test(name));
    expect(served.toSorted()).toEqual(told.toSorted());
  });

  test("P66: the example of each answer is read by the schema of that answer", () => {
    for (const [name, { answer, example }] of Object.entries(httpCalls)) {
      if (typeof answer === "string") continue;
      expect(example.answer, name).toBeDefined();
      expect(answer.parse(example.answer), name).toEqual(example.answer); // nothing untold
    }
  });

  test("P198: given a distance, then the documents of calls and messages say whether it is straight or driven", () => {
    const told: (readonly [name: string, description: string | undefined])[] = [];
    JSON.stringify([openApi(), asyncApi("here")], (name, value: unknown) => {
      const { type, anyOf, description } = { ...(value as Record<string, unknown> | null) };
      if (name.endsWith("distance_m") && (type !== undefined || anyOf !== undefined))
        told.push([name, (description ?? (anyOf as { description?: string }[])?.[0]?.description) as string]);
      return value;
    });
    expect(told.length).toBeGreaterThan(8);
    for (const [name, description] of told) expect(description, name).toMatch(/straight|riven/);
  });

  test("P183: parameters are told as the numbers they are, with limits and defaults", () => {
    const { paths } = openApi() as { paths: Record<string, Record<string, { parameters: object[] }>> };
    const parameters = (path: string) => paths[path]!["get"]!.parameters;
    expect(parameters("/drivers/nearby")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: "lat",
          required: true,
          schema: expect.objectContaining({ type: "number", minimum: -90, maximum: 90 }) as object,
        }),
        expect.objectContaining({
          name: "radius",
          required: false,
          schema: { type: "number", exclusiveMinimum: 0, maximum: 50, default: 5 },
        }),
      ]),
    );
    const limit = { type: "integer", minimum: 1, maximum: 1_000, default: 100 };
    expect(parameters("/trips/{id}/events")).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "limit", schema: limit })]),
    );
  });

  test("P183: what many calls tell is told once, by its name, and every reference leads to it", () => {
    const api = openApi() as { components: { schemas: Record<string, object> } };
    const named = Object.keys(api.components.schemas);
    expect(named).toEqual(expect.arrayContaining(["Trip", "Driver", "Money", "Position", "Error"]));
    const used = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name!,
    );
    expect([...new Set(used)].toSorted()).toEqual(named.toSorted());
  });

  test("P181: what is the log's own is told to be so, over HTTP and on sockets", () => {
    const { paths } = openApi() as { paths: Record<string, unknown> };
    expect(JSON.stringify(paths["/trips/{id}/events"]).split("as stored").length - 1).toBe(3);
    expect(JSON.stringify(asyncApi("localhost:8000")).split("as stored").length - 1).toBe(3);
  });
});

describe("asyncapi.json", () => {
  test("P66: is AsyncAPI 3.0 without an error or a warning", async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApi("localhost:8000")));
    const serious = diagnostics.filter(({ severity }) => SERIOUS.has(severity));
    expect(serious.map(({ message, path }) => `${path.join(".")}: ${message}`)).toEqual([]);
    expect(document?.version()).toBe("3.0.0");
    expect(document?.channels().all().length).toBe(3);
  }, 20_000);

  test("P182: tells `?format=json`, and every code a socket is closed with", () => {
    const { channels } = asyncApi("localhost:8000") as {
      channels: Record<string, { description: string; bindings: { ws: { query: object } } }>;
    };
    for (const { description, bindings } of Object.values(channels)) {
      for (const code of [...Object.values(closeCode), 1009]) expect(description).toContain(String(code));
      expect(bindings.ws.query).toMatchObject({ properties: { format: { enum: ["json"] } } });
    }
  });

  test("P182: the compact ping is told as it is read: an array, in MessagePack only", () => {
    const { channels } = asyncApi("localhost:8000") as {
      channels: Record<string, { messages: Record<string, { contentType?: string; payload: object }> }>;
    };
    const told = channels["driver"]!.messages["to_server_driver_location_compact"]!;
    expect(told).toMatchObject({ contentType: "application/vnd.msgpack", payload: { type: "array" } });
    for (const ping of [
      clientExamples["driver"]!["driver_location_compact"] as number[],
      [1, 38.5, 68.7],
      [1, 38.5, 68.7, null, 3, null, null],
      [1, 38.5],
      [2, 38.5, 68.7],
      [1, 38.5, 68.7, 1, 2, 3, 4, 5],
    ])
      expect(compactLocation.safeParse(ping).success, JSON.stringify(ping)).toBe(
        readPing(pack(ping)) !== null,
      );
  });

  test("P66: tells every message there is, each with an example that its schema reads", () => {
    const told = new Set<unknown>();
    for (const [socket, { receives, sends }] of Object.entries(sockets)) {
      for (const [name, schema] of [...Object.entries(receives), ...Object.entries(sends)]) {
        const example = clientExamples[socket]?.[name];
        const said = serverExamples[socket]?.[name];
        const mine = schema === receives[name] ? example : said;
        expect(mine, `an example of ${socket} ${name}`).toBeDefined();
        expect(schema.safeParse(mine), `${socket} ${name}`).toMatchObject({ success: true });
        told.add(schema);
      }
    }
    const typed = Object.entries(serverMessages).filter(
      ([, one]) => one instanceof z.ZodObject && "type" in one.shape,
    );
    expect(typed.filter(([, one]) => !told.has(one)).map(([name]) => name)).toEqual([]);
  });
});
